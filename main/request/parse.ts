import type { ZodError } from 'zod'
import type { AskedContent, Request, RequestItem } from '../../shared/request.ts'
import { isLayout, isWeb } from '../../shared/names.ts'
import { askedOnce, isPath, refNameOf } from '../oci/normal-form.ts'
import { parseReference, type RegistryPlace } from '../oci/reference.ts'
import { parseWeb } from '../oci/web-reference.ts'
import { Failure } from '../platform/failure.ts'
import { isLoopback } from '../platform/hop.ts'
import { limits } from '../platform/limits.ts'
import { parseYaml, YamlError, type YamlDocument } from '../platform/yaml.ts'
import { itemFrom } from './items.ts'
import { formFailure, withPath, wrong, type Problem } from './problem.ts'
import { zWrittenRequest } from './schema.ts'

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

/** What is wrong with the form, in the order of the schema, each with its place. */
function formProblems(document: YamlDocument, error: ZodError): Problem[] {
  return error.issues.map((issue) => {
    const path = issue.path.filter((step) => typeof step !== 'symbol')
    if (issue.code === 'unrecognized_keys') {
      const name = issue.keys[0] ?? ''
      const at = document.positionOf([...path, name], 'name')
      return withPath([...path, name], formFailure(at, 'a field that a request has', `the field “${name}”`))
    }
    const field = path.length === 0 ? 'the request' : path.join('.')
    const found = shown(valueAt(document.value, path))
    const words = issue.message
      .replace(/^Invalid (input|option): (expected )?/, '')
      .replace(/, received \w+$/, '')
    return withPath(path, formFailure(document.positionOf(path), `${field}: ${words}`, found))
  })
}

/** References that ask for one thing count as one, and those that `index.json` would name alike (bundle.md). */
function twice(items: readonly RequestItem[]): Problem[] {
  const seen = new Set<string>()
  return items.flatMap(({ kind, reference, at }, index) => {
    const as = kind === 'inside' || kind === 'url' ? 'file' : kind
    const keys = [askedOnce(as, reference), `listed ${refNameOf(reference)}`]
    const known = keys.some((key) => seen.has(key))
    for (const key of keys) seen.add(key)
    const failure = formFailure(at, 'each reference once', `“${reference}” again`)
    return known ? [withPath(['items', index, kind], failure)] : []
  })
}

/**
 * Reads a request: YAML 1.2 without aliases, anchors, tags or duplicate keys, at most 1 MiB. All that is wrong with it,
 * in the order in which it is looked at; `request` only when nothing is. A document that is no YAML has one problem.
 */
export function readRequest(bytes: Uint8Array): {
  readonly request: Request | null
  readonly problems: readonly Problem[]
} {
  let document: YamlDocument
  try {
    document = documentOf(bytes)
  } catch (error) {
    if (error instanceof Failure) return { request: null, problems: [withPath([], error)] }
    throw error
  }
  const parsed = zWrittenRequest.safeParse(document.value)
  if (!parsed.success) return { request: null, problems: formProblems(document, parsed.error) }
  const { name, reason, requester, destinations, channel, marking = null, expires = null } = parsed.data
  const usual = parsed.data.evidence?.most ?? limits.evidencePerItem
  const all = parsed.data.items.map((item, index) => itemFrom(item, document, index, usual))
  const items = all.filter((one): one is RequestItem => !('failure' in one))
  const problems = [...all.filter((one): one is Problem => 'failure' in one), ...twice(items)]
  const request = { name, reason, requester, destinations, channel, marking, expires, items }
  return { request: problems.length === 0 ? request : null, problems }
}

/**
 * Parses a request.
 *
 * @throws Failure `request-form`, `path-outside`, both with line and column, `algorithm-refused`: the first of what
 * `readRequest` finds
 */
export function parseRequest(bytes: Uint8Array): Request {
  const { request, problems } = readRequest(bytes)
  if (request !== null) return request
  throw problems[0]?.failure ?? new Failure('internal', { found: 'a request without a problem' })
}

const isContent = (item: RequestItem): item is AskedContent =>
  item.kind === 'image' || item.kind === 'artifact'

/** The first of what a request names in its own folder; `undefined` where everything comes from elsewhere. */
export function localItem({ items }: Request): RequestItem | undefined {
  return items.find((item) => {
    const { kind, reference } = item
    if (kind === 'inside' || isLayout(reference)) return true
    if ('values' in item && item.values.length > 0) return true
    if (kind === 'url') return item.signed !== null
    if (kind === 'git' && 'key' in item.revision) return true
    return !isContent(item) && isPath(kind, reference)
  })
}

const placeOf = ({ host, pathname }: URL): RegistryPlace => ({ host, repository: pathname.slice(1) })

/** Addresses of the web that an item is fetched from: its own, and that of its signature. */
function webPlaces(item: RequestItem): RegistryPlace[] {
  if (isContent(item)) return []
  const { reference } = item
  const own = item.kind === 'git' ? (item.url ?? reference) : reference
  const signature = item.kind === 'url' ? (item.signed?.signature ?? '') : ''
  return [own, signature].filter(isWeb).map((address) => placeOf(parseWeb(address).url))
}

/** The repositories, and the addresses of the web, that a request asks for, each as often as it does. */
export function repositoriesOf(request: Request): RegistryPlace[] {
  return request.items.flatMap((item) => {
    if (!isContent(item)) return webPlaces(item)
    const { reference, signatures } = item
    const own = isLayout(reference) ? [] : [parseReference(reference)]
    return signatures === null ? own : [...own, signatures]
  })
}

function plainHostsOf(item: RequestItem): string[] {
  if (!('plainHttp' in item) || !item.plainHttp || isLayout(item.reference)) return []
  if (!isContent(item)) return isWeb(item.reference) ? [parseWeb(item.reference).url.host] : []
  const { reference, signatures } = item
  const beside = signatures !== null && isLoopback(signatures.host) ? [signatures.host] : []
  return [parseReference(reference).host, ...beside]
}

/** The hosts for which a request allows plain http, for the rules of the gate. */
export function plainHosts(request: Request): string[] {
  return [...new Set(request.items.flatMap(plainHostsOf))]
}
