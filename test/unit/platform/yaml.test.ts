import { describe, expect, it } from 'vitest'
import { limits } from '../../../main/platform/limits.ts'
import { parseYaml, YamlError } from '../../../main/platform/yaml.ts'
import { parsePolicy } from '../../../main/policy/parse.ts'
import { parseRequest } from '../../../main/request/parse.ts'

const names = (count: number): string => Array.from({ length: count }, (_, i) => `n${i}: 1\n`).join('')
const read = (text: string): unknown => parseYaml(Buffer.from(text)).value

function refusal(text: string): string {
  try {
    read(text)
    return 'nothing'
  } catch (error) {
    if (error instanceof YamlError) return `${error.position.line}: ${error.expected}, ${error.found}`
    throw error
  }
}

describe('a YAML document of somebody', () => {
  it('takes so many names in one map, and not one more', () => {
    expect(Object.keys(read(names(limits.yamlNames)) as object)).toHaveLength(limits.yamlNames)
    const more = `at most ${limits.yamlNames} names in one place, more`
    expect(refusal(names(limits.yamlNames + 1))).toBe(`${limits.yamlNames + 1}: ${more}`)
    expect(refusal(`a:\n  - {${names(limits.yamlNames + 1).replaceAll('\n', ', ')}}\n`)).toBe(`2: ${more}`)
  })

  it('with a name twice is refused at the second, in a map of any form and depth', () => {
    expect(refusal('a: 1\nb: 2\na: 3\n')).toBe('3: each name once, a name again')
    expect(refusal('a:\n  - b: {c: 1, d: 2, c: 3}\n')).toBe('2: each name once, a name again')
    expect(refusal('a: 1\n"a": 2\n')).toBe('2: each name once, a name again')
    expect(read('a: {a: {a: 1}}\n')).toEqual({ a: { a: { a: 1 } } })
  })

  it('of more words and signs than any request has is refused before it is read', () => {
    const most = `1: at most ${limits.yamlMarks} words and signs, more`
    for (const text of [
      names(100_000),
      `[${'a,'.repeat(250_000)}`,
      '\n'.repeat(500_000),
      '- a\n'.repeat(200_000),
    ])
      expect(refusal(text)).toBe(most)
  })

  it('of nothing has a place for everything, its beginning', () => {
    const nothing = parseYaml(Buffer.from(''))
    expect([nothing.value, nothing.positionOf(['a']), nothing.positionOf([])]).toEqual([
      null,
      { line: 1, column: 1 },
      { line: 1, column: 1 },
    ])
  })

  it('nested by question marks is refused before a parser sees it', () => {
    expect(refusal(`${'? '.repeat(40)}a`)).toBe('1: at most 32 levels, more')
  })

  it('a request of 10,000 items with all their fields is no document of too many words', () => {
    const item =
      '  - image: a.example/b:1\n    platforms: [linux/amd64, linux/arm64]\n    allow: [plain-http]\n'
    const items = (read(`items:\n${item.repeat(10_000)}`) as { items: unknown[] }).items
    expect(items).toHaveLength(10_000)
  })

  it('is refused as a request and as a policy', () => {
    const text = Buffer.from(names(100_000))
    const refused = (code: string): unknown => expect.objectContaining({ code })
    expect(() => parseRequest(text)).toThrow(refused('request-form'))
    expect(() => parsePolicy(text)).toThrow(refused('policy-form'))
  })
})
