import { isFileTitle, isLayout, isWeb } from '../../shared/names.ts'
import type { AskedContent, AskedFile, AskedInside, RequestItem } from '../../shared/request.ts'
import { parseLayoutReference, parseReference, parseRepository } from '../oci/reference.ts'
import { Failure } from '../platform/failure.ts'
import { isLoopback } from '../platform/hop.ts'
import type { Position, YamlDocument } from '../platform/yaml.ts'
import { checkPath, checkTitled, withPlace } from './place.ts'
import { withPath, wrong, type Problem } from './problem.ts'
import {
  allowsPlain,
  gitItem,
  imagesOf,
  modelFolder,
  packedChart,
  urlItem,
  valuesOf,
  type Reading,
} from './release-items.ts'
import { asked, isFile, isModelFolder, type AskedAs } from './schema.ts'
import type { WrittenItem } from './schema.ts'

/** Something in the request's folder that travels bit for bit. */
function fileItem(
  reference: string,
  archive: AskedFile['archive'],
  reading: Reading,
  at: Position,
): AskedFile {
  checkPath(reference, at)
  const title = reference.slice(reference.lastIndexOf('/') + 1)
  if (!isFileTitle(title)) wrong(at, 'a file name as every system takes it', `“${title}”`)
  return { kind: 'file', reference, archive, evidence: reading.evidence, at }
}

function contentItem(named: AskedAs, reference: string, reading: Reading): AskedContent {
  const { written, evidence, positionOf } = reading
  const at = positionOf(named)
  const plainHttp = allowsPlain(written)
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
  const beside = written.signatures
  const signatures =
    beside === undefined ? null : withPlace(positionOf('signatures'), () => parseRepository(beside))
  const kind = named === 'image' ? 'image' : 'artifact'
  const must = named === 'package' || named === 'chart' || named === 'model' ? named : null
  const platforms = written.platforms ?? null
  const images = imagesOf(written)
  const values = valuesOf(reading)
  return { kind, reference, platforms, plainHttp, evidence, signatures, must, images, values, at }
}

/** A chart of a registry or a layout has a colon in its reference, and no path and no address of the web is one. */
function chartItem(reference: string, reading: Reading): RequestItem {
  const { written, positionOf } = reading
  const packed = isWeb(reference) || !reference.includes(':')
  if (packed) return packedChart(reference, reading)
  for (const field of ['name', 'version', 'sha256'] as const)
    if (written[field] !== undefined)
      wrong(positionOf(field), 'what its reference does not say already', `“${field}” beside “${reference}”`)
  return contentItem('chart', reference, reading)
}

/** A folder, or what a registry or a layout has; signatures of that lie where it does. */
function modelItem(reference: string, reading: Reading): RequestItem {
  if (isModelFolder(reference)) return modelFolder(reference, reading)
  const { written, positionOf } = reading
  if (written.signature !== undefined)
    wrong(positionOf('signature'), 'a signature beside a folder of the request', `“${reference}”`)
  return contentItem('model', reference, reading)
}

function readItem(named: AskedAs, reference: string, reading: Reading): RequestItem {
  const { written, evidence, positionOf } = reading
  const at = positionOf(named)
  if (named === 'file') return fileItem(reference, null, reading, at)
  if (named === 'archive' && written.as === 'items') {
    checkPath(reference, at)
    const inside: AskedInside = { kind: 'inside', reference, evidence, at }
    return inside
  }
  if (named === 'archive') return fileItem(reference, 'any', reading, at)
  if (named === 'package' && isFile(reference)) return fileItem(reference, 'zarf', reading, at)
  if (named === 'url') return urlItem(reference, reading)
  if (named === 'git') return gitItem(reference, reading)
  if (named === 'chart') return chartItem(reference, reading)
  if (named === 'model') return modelItem(reference, reading)
  if (named === 'manifests') {
    checkTitled(reference, at)
    return { kind: named, reference, images: imagesOf(written), evidence, at }
  }
  if (named === 'folder') {
    const { key = null } = written
    checkTitled(reference, at)
    if (key !== null) checkPath(key, positionOf('key'))
    return { kind: named, reference, key, evidence, at }
  }
  return contentItem(named, reference, reading)
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
  // The last place that was asked for is what is spoken of.
  let field: string = named
  const positionOf = (name: string): Position => {
    field = name
    return document.positionOf(['items', index, name])
  }
  try {
    return readItem(named, written[named] ?? '', {
      written,
      evidence: written.evidence?.most ?? usual,
      positionOf,
    })
  } catch (error) {
    if (error instanceof Failure) return withPath(['items', index, field], error)
    throw error
  }
}
