import { isFileTitle, isLayout } from '../../shared/names.ts'
import type { RequestItem } from '../../shared/request.ts'
import {
  parseLayoutReference,
  parseReference,
  parseRepository,
  type RegistryPlace,
} from '../oci/reference.ts'
import { Failure } from '../platform/failure.ts'
import { isLoopback } from '../platform/hop.ts'
import type { Position, YamlDocument } from '../platform/yaml.ts'
import { withPath, wrong, type Problem } from './problem.ts'
import { asked, isFile, type WrittenItem } from './schema.ts'

/** A relative path that does not climb. Links are resolved when the file is opened. */
function checkPath(path: string, at: Position): void {
  const steps = path.split('/')
  if (path.startsWith('/') || steps.includes('..') || /^[A-Za-z]:/.test(path)) {
    throw new Failure('path-outside', { path, line: at.line, column: at.column })
  }
}

function withPlace<Value>(at: Position, act: () => Value): Value {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'reference-form') throw error
    const { expected = '', found = '' } = error.facts
    return wrong(at, String(expected), String(found))
  }
}

/** Something in the request's folder that travels bit for bit, or of which what is inside travels. */
function localItem(
  reference: string,
  kind: 'file' | 'inside',
  { archive, evidence }: { readonly archive: 'any' | 'zarf' | null; readonly evidence: number },
  at: Position,
): RequestItem {
  checkPath(reference, at)
  if (kind === 'inside') return { kind, reference, evidence, at }
  const title = reference.slice(reference.lastIndexOf('/') + 1)
  if (!isFileTitle(title)) {
    wrong(at, 'a file name as every system takes it', `“${title}”`)
  }
  return { kind, reference, archive, evidence, at }
}

function contentItem(
  written: WrittenItem,
  reference: string,
  { signatures, evidence }: { readonly signatures: RegistryPlace | null; readonly evidence: number },
  at: Position,
): RequestItem {
  const plainHttp = written.allow !== undefined && written.allow.length > 0
  withPlace(at, () => {
    if (isLayout(reference)) {
      checkPath(parseLayoutReference(reference).path, at)
      if (plainHttp) wrong(at, 'plain-http only with a registry', `“${reference}”`)
      return
    }
    const { host } = parseReference(reference)
    if (plainHttp && !isLoopback(host))
      wrong(at, 'plain-http only for a registry on this computer', `“${host}”`)
  })
  const kind = written.image === undefined ? 'artifact' : 'image'
  const platforms = written.platforms ?? null
  const isPackage = written.package !== undefined
  return { kind, reference, platforms, plainHttp, evidence, signatures, package: isPackage, at }
}

/**
 * The item, or what is wrong with it.
 *
 * @param index its place in the list, from 0
 * @param usual pieces of evidence where it says no number
 */
export function itemFrom(
  written: WrittenItem,
  document: YamlDocument,
  index: number,
  usual: number,
): RequestItem | Problem {
  const named = asked.find((one) => written[one] !== undefined) ?? 'file'
  const positionOf = (field: string): Position => document.positionOf(['items', index, field])
  let field: string = named
  try {
    const at = positionOf(named)
    const reference = written[named] ?? ''
    const evidence = written.evidence?.most ?? usual
    if (named === 'file') return localItem(reference, 'file', { archive: null, evidence }, at)
    if (named === 'archive') {
      const kind = written.as === 'items' ? 'inside' : 'file'
      return localItem(reference, kind, { archive: 'any', evidence }, at)
    }
    if (named === 'package' && isFile(reference)) {
      return localItem(reference, 'file', { archive: 'zarf', evidence }, at)
    }
    const { signatures } = written
    field = 'signatures'
    const beside =
      signatures === undefined ? null : withPlace(positionOf(field), () => parseRepository(signatures))
    field = named
    return contentItem(written, reference, { signatures: beside, evidence }, at)
  } catch (error) {
    if (error instanceof Failure) return withPath(['items', index, field], error)
    throw error
  }
}
