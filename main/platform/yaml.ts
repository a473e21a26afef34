import { isAlias, isMap, isNode, isScalar, isSeq, Lexer, LineCounter, parseDocument, visit } from 'yaml'
import type { Node, Pair, YAMLMap } from 'yaml'
import { limits } from './limits.ts'

/** Where in a document something stands, from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Why bytes are not the YAML we take. */
export class YamlError extends Error {
  readonly position: Position
  readonly expected: string
  readonly found: string

  constructor(position: Position, expected: string, found: string) {
    super(`line ${position.line}, column ${position.column}: expected ${expected}, found ${found}`)
    this.name = 'YamlError'
    this.position = position
    this.expected = expected
    this.found = found
  }
}

export interface YamlDocument {
  readonly value: unknown
  /** Where a value stands, or its name; of a missing one, where the thing stands that should have it. */
  positionOf(path: readonly (string | number)[], part?: 'value' | 'name'): Position
}

const start: Position = { line: 1, column: 1 }

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new YamlError(start, 'UTF-8', 'other bytes')
  }
}

// Deep nesting is refused before a recursive parser sees it: by flow brackets here, by indentation through their size.
function checkDepth(text: string): void {
  let depth = 0
  let deepest = 0
  for (const sign of text) {
    if (sign === '[' || sign === '{') depth += 1
    else if (sign === ']' || sign === '}') depth -= 1
    deepest = Math.max(deepest, depth)
  }
  const nested = /^(?:[ \t]*(?:[-?] ){32}|[ ]{400})/m.test(text)
  if (deepest > 32 || nested) throw new YamlError(start, 'at most 32 levels', 'more')
}

// The lexer gives its marks one by one, so that a document of nothing but marks costs little before it is refused.
function checkMarks(text: string): void {
  const marks = new Lexer().lex(text)
  for (let left: number = limits.yamlMarks; marks.next().done !== true; left -= 1) {
    if (left === 0) throw new YamlError(start, `at most ${limits.yamlMarks} words and signs`, 'more')
  }
}

/**
 * The text of YAML that is not too much for a parser: not too deep, and of no more words and signs than are gone through.
 *
 * @throws YamlError
 */
export function boundedText(bytes: Uint8Array): string {
  const text = textOf(bytes)
  checkDepth(text)
  checkMarks(text)
  return text
}

/** Demands names, each once. The library compares each name with each; a set does not. */
function checkNames(map: YAMLMap, place: (node: unknown) => Position): void {
  const seen = new Set<string>()
  for (const { key } of map.items) {
    if (!isScalar(key) || typeof key.value !== 'string' || key.value === '<<') {
      throw new YamlError(place(key), 'a name', 'another kind of key')
    }
    if (seen.has(key.value)) throw new YamlError(place(key), 'each name once', 'a name again')
    seen.add(key.value)
    if (seen.size > limits.yamlNames) {
      throw new YamlError(place(key), `at most ${limits.yamlNames} names in one place`, 'more')
    }
  }
}

/**
 * Parses one YAML 1.2 document (core schema), without aliases, anchors, tags, merge keys, directives or duplicate keys,
 * in time that grows as its text does.
 *
 * @throws YamlError
 */
export function parseYaml(bytes: Uint8Array): YamlDocument {
  const text = boundedText(bytes)
  const lines = new LineCounter()
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return line === 0 ? start : { line, column: col }
  }
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    lineCounter: lines,
  })
  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined) {
    throw new YamlError(at(problem.pos[0]), 'one plain YAML document', problem.message.slice(0, 200))
  }
  if (/^%/m.test(text.slice(0, document.range[0]))) {
    throw new YamlError(start, 'a document without directives', 'a directive')
  }
  const place = (node: unknown): Position => at(isNode(node) ? (node.range?.[0] ?? 0) : 0)
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) throw new YamlError(place(node), 'a plain value', 'an alias')
      if (node.anchor !== undefined) throw new YamlError(place(node), 'a plain value', 'an anchor')
      if (node.tag !== undefined) throw new YamlError(place(node), 'a plain value', `the tag ${node.tag}`)
    },
    Map: (_, map) => checkNames(map, place),
  })
  const value: unknown = document.toJS({ maxAliasCount: 0 })
  return { value, positionOf: (path, part) => place(nodeAt(document.contents, path, part === 'name')) }
}

function nodeAt(root: unknown, path: readonly (string | number)[], name: boolean): Node | null {
  let node = isNode(root) ? root : null
  for (const [depth, step] of path.entries()) {
    const below = name && depth === path.length - 1 ? pairAt(node, step)?.key : valueAt(node, step)
    if (!isNode(below)) return node
    node = below
  }
  return node
}

function pairAt(node: unknown, step: string | number): Pair | undefined {
  if (!isMap(node)) return undefined
  return node.items.find((pair) => isScalar(pair.key) && pair.key.value === step)
}

function valueAt(node: unknown, step: string | number): unknown {
  return isSeq(node) && typeof step === 'number' ? node.items[step] : pairAt(node, step)?.value
}
