import type { ZodError } from 'zod'
import type { Request, RequestItem } from '../../shared/request.ts'
import { isFileTitle } from '../../shared/names.ts'
import { parseLayoutReference, parseReference } from '../oci/reference.ts'
import { Failure } from '../platform/failure.ts'
import { isLoopback } from '../platform/hop.ts'
import { limits } from '../platform/limits.ts'
import { parseYaml, YamlError, type Position, type YamlDocument } from '../platform/yaml.ts'
import { zWrittenRequest, type WrittenItem } from './schema.ts'

function wrong(at: Position, expected: string, found: string): never {
  throw new Failure('request-form', { line: at.line, column: at.column, expected, found })
}

function documentOf(bytes: Uint8Array): YamlDocument {
  if (bytes.byteLength > limits.requestBytes) {
    const found = `${bytes.byteLength} bytes`
    wrong({ line: 1, column: 1 }, `at most ${limits.requestBytes} bytes`, found)
  }
  try {
    return parseYaml(bytes)
  } catch (error) {
    if (error instanceof YamlError) return wrong(error.position, error.expected, error.found)
    throw error
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  )
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  return (typeof value === 'string' ? `“${value}”` : JSON.stringify(value)).slice(0, 200)
}

/** The first thing that is wrong, with its place. */
function refuse(document: YamlDocument, error: ZodError): never {
  const [issue] = error.issues
  const path = (issue?.path ?? []).filter((step) => typeof step !== 'symbol')
  if (issue?.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? ''
    wrong(document.positionOf([...path, name], 'name'), 'a field that a request has', `the field “${name}”`)
  }
  const field = path.length === 0 ? 'the request' : path.join('.')
  const found = shown(valueAt(document.value, path))
  const words = (issue?.message ?? 'valid').replace(/^Invalid (input|option): (expected )?/, '')
  return wrong(document.positionOf(path), `${field}: ${words}`, found)
}

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

function fileItem(reference: string, at: Position): RequestItem {
  checkPath(reference, at)
  const title = reference.slice(reference.lastIndexOf('/') + 1)
  if (!isFileTitle(title)) {
    wrong(at, 'a file name of letters, digits and . _ -, as every system takes it', `“${title}”`)
  }
  return { kind: 'file', reference, at }
}

function contentItem(written: WrittenItem, reference: string, at: Position): RequestItem {
  const plainHttp = written.allow !== undefined && written.allow.length > 0
  withPlace(at, () => {
    if (reference.startsWith('oci:')) {
      checkPath(parseLayoutReference(reference).path, at)
      if (plainHttp) wrong(at, 'plain-http only with a registry', `“${reference}”`)
      return
    }
    const { host } = parseReference(reference)
    if (plainHttp && !isLoopback(host))
      wrong(at, 'plain-http only for a registry on this computer', `“${host}”`)
  })
  const kind = written.image === undefined ? 'artifact' : 'image'
  return { kind, reference, platforms: written.platforms ?? null, plainHttp, at }
}

/** References that `index.json` would name alike count as one (bundle.md: a leading `oci:` or `./` is cut). */
function checkTwice(items: readonly RequestItem[]): void {
  const seen = new Set<string>()
  for (const { reference, at } of items) {
    const key = reference.replace(/^oci:/, '').replace(/^(\.\/)+/, '')
    if (seen.has(key)) wrong(at, 'each reference once', `“${reference}” again`)
    seen.add(key)
  }
}

/**
 * Parses a request: YAML 1.2 without aliases, anchors, tags or duplicate keys, at most 1 MiB.
 *
 * @throws Failure `request-form`, `path-outside`, both with line and column, `algorithm-refused`
 */
export function parseRequest(bytes: Uint8Array): Request {
  const document = documentOf(bytes)
  const parsed = zWrittenRequest.safeParse(document.value)
  if (!parsed.success) return refuse(document, parsed.error)
  const { name, reason, requester, destinations, channel, marking = null, expires = null } = parsed.data
  const items = parsed.data.items.map((item, index) => {
    const field = item.image !== undefined ? 'image' : item.artifact !== undefined ? 'artifact' : 'file'
    const at = document.positionOf(['items', index, field])
    const reference = item[field] ?? ''
    return field === 'file' ? fileItem(reference, at) : contentItem(item, reference, at)
  })
  checkTwice(items)
  return { name, reason, requester, destinations, channel, marking, expires, items }
}

/** The hosts for which a request allows plain http, for the rules of the gate. */
export function plainHosts(request: Request): string[] {
  const hosts = request.items.flatMap((item) =>
    item.kind !== 'file' && item.plainHttp && !item.reference.startsWith('oci:')
      ? [parseReference(item.reference).host]
      : [],
  )
  return [...new Set(hosts)]
}
