import { describe, expect, it } from 'vitest'
import { listAt, parseForeignYaml, textAt, under } from '../../../main/platform/foreign-yaml.ts'
import { limits } from '../../../main/platform/limits.ts'
import { YamlError } from '../../../main/platform/yaml.ts'

const parse = (text: string, aliases?: number) => parseForeignYaml(Buffer.from(text), aliases)
const refused = (text: string, aliases?: number): string => {
  try {
    parse(text, aliases)
    return 'taken'
  } catch (error) {
    if (error instanceof YamlError) return error.expected
    throw error
  }
}

describe('YAML that others wrote', () => {
  it('has every scalar as it stands there', () =>
    expect(parse('a: 1.10\nb: yes\nc: 0x10\nd: "q"\ne: 2026-01-01\n')).toEqual([
      { a: '1.10', b: 'yes', c: '0x10', d: 'q', e: '2026-01-01' },
    ]))

  it('has all its documents, without empty ones', () =>
    expect(parse('---\na: 1\n---\n---\nb: 2\n...\nc: 3\n')).toEqual([{ a: '1' }, { b: '2' }, { c: '3' }]))

  it('has names each once, and none that stands for something of the language', () => {
    expect(refused('a: 1\na: 2\n')).toBe('each name once')
    expect(refused('? [a]\n: 1\n')).toBe('a name')
    const [value] = parse('__proto__: {polluted: x}\n')
    expect(Object.hasOwn(value as object, '__proto__')).toBe(true)
    expect(textAt(value, 'polluted')).toBe('')
  })

  it('has aliases only where there is room for them, and none that grow by each other', () => {
    const text = 'a: &a {x: y}\nb:\n  <<: *a\nc: *a\n'
    expect(refused('a: &a x\nb: *a\n')).toBe('at most 0 aliases')
    expect(refused('a: {<<: {x: y}}\n')).toBe('a name')
    expect(parse(text, limits.yamlAliases)).toEqual([{ a: { x: 'y' }, b: { x: 'y' }, c: { x: 'y' } }])
    expect(refused(`a: &a x\nb: [${'*a,'.repeat(101)}]\n`, limits.yamlAliases)).toContain('at most 100')
    const bomb = Array.from({ length: 9 }, (_, at) =>
      at === 0 ? 'a0: &a0 [x,x,x,x,x,x,x,x,x]' : `a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`,
    )
    expect(refused(bomb.join('\n'), limits.yamlAliases)).toContain('at most 100')
    expect(refused('a: *nobody\n', limits.yamlAliases)).not.toBe('taken')
  })

  it('has no more names and documents than are gone through', () => {
    const names = (count: number): string => Array.from({ length: count }, (_, at) => `n${at}: 1\n`).join('')
    expect(refused(names(limits.foreignYamlNames))).toBe('taken')
    expect(refused(names(limits.foreignYamlNames + 1))).toContain('names in one place')
    expect(refused('--- a\n'.repeat(limits.yamlDocuments))).toBe('taken')
    expect(refused('--- a\n'.repeat(limits.yamlDocuments + 1))).toContain('documents')
  })

  it('has no other bytes than text, and no depth that a parser falls into', () => {
    expect(refused('[['.repeat(40))).toBe('at most 32 levels')
    expect(() => parseForeignYaml(Buffer.from([0xff, 0xfe]))).toThrow(YamlError)
    expect(refused('{{ template }}')).not.toBe('taken')
  })

  it('is asked for by names, and gives nothing where it has something else', () => {
    const [value] = parse('a: {b: [x], c: null, d: ~, e: t}\n')
    expect([
      textAt(value, 'a', 'e'),
      textAt(value, 'a', 'c'),
      textAt(value, 'a', 'd'),
      textAt(value, 'a'),
    ]).toEqual([...['t', '', '', '']])
    expect([listAt(value, 'a', 'b'), listAt(value, 'a', 'e'), under(value, 'toString')]).toEqual([
      ['x'],
      [],
      undefined,
    ])
  })
})
