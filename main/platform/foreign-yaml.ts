import { isAlias, isScalar, parseAllDocuments, visit } from 'yaml'
import type { Document, YAMLMap } from 'yaml'
import { limits } from './limits.ts'
import { boundedText, YamlError } from './yaml.ts'

/** YAML of somebody else, every scalar as the text that stands there: nobody's rules for numbers change a version. */
export type YamlText = string | readonly YamlText[] | { readonly [name: string]: YamlText }

const start = { line: 1, column: 1 }

/** Demands names, each once: which of two counts depends on the program. */
function checkNames(map: YAMLMap, merges: boolean): void {
  const seen = new Set<string>()
  for (const { key } of map.items) {
    // The library has a sign of its own for the key that merges another map in.
    if (isScalar(key) && typeof key.value === 'symbol' && merges) continue
    if (!isScalar(key) || typeof key.value !== 'string') {
      throw new YamlError(start, 'a name', 'another kind of key')
    }
    if (seen.has(key.value)) throw new YamlError(start, 'each name once', `${key.value.slice(0, 100)} again`)
    seen.add(key.value)
    if (seen.size > limits.foreignYamlNames) {
      throw new YamlError(start, `at most ${limits.foreignYamlNames} names in one place`, 'more')
    }
  }
}

function valueOf(document: Document, aliases: number): YamlText {
  const [problem] = document.errors
  if (problem !== undefined) throw new YamlError(start, 'YAML', problem.message.slice(0, 200))
  let count = 0
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) count += 1
      if (count > aliases) throw new YamlError(start, `at most ${aliases} aliases`, 'more')
    },
    Map: (_, map) => checkNames(map, aliases > 0),
  })
  try {
    return (document.toJS({ maxAliasCount: aliases }) ?? '') as YamlText
  } catch (error) {
    // Aliases that lead nowhere, or that grow by each other.
    if (!(error instanceof ReferenceError)) throw error
    throw new YamlError(start, `aliases that make at most ${aliases} of one`, error.message.slice(0, 200))
  }
}

/**
 * The documents in YAML that others wrote, without empty ones: within the same bounds as ours, but with more names, and
 * with as many aliases as the caller has room for.
 *
 * @throws YamlError
 */
export function parseForeignYaml(bytes: Uint8Array, aliases = 0): YamlText[] {
  const options = { version: '1.2', schema: 'failsafe', merge: true, uniqueKeys: false } as const
  const parsed = parseAllDocuments(boundedText(bytes), {
    ...options,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const documents = Array.isArray(parsed) ? parsed : []
  if (documents.length > limits.yamlDocuments) {
    throw new YamlError(start, `at most ${limits.yamlDocuments} documents`, 'more')
  }
  return documents.map((one) => valueOf(one as Document, aliases)).filter((value) => value !== '')
}

/** What stands under a name; `undefined` where nothing does, or the value is no map. */
export function under(value: YamlText | undefined, name: string): YamlText | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  return Object.hasOwn(value, name) ? (value as { readonly [name: string]: YamlText })[name] : undefined
}

/** The text at a path of names; empty where there is none. */
export function textAt(value: YamlText | undefined, ...names: readonly string[]): string {
  const found = names.reduce(under, value)
  return typeof found === 'string' && !/^(~|null)$/i.test(found) ? found : ''
}

/** The list under a name; empty where there is none. */
export function listAt(value: YamlText | undefined, ...names: readonly string[]): readonly YamlText[] {
  const found = names.reduce(under, value)
  return Array.isArray(found) ? (found as readonly YamlText[]) : []
}
