import { describe, expect, it } from 'vitest'
import { Failure } from '../../../main/platform/failure.ts'
import { parseRequest, plainHosts } from '../../../main/request/parse.ts'

const desk = '5f0c'.repeat(16)
const whole = `sallyport: request/v1
name: payments-2026-11
reason: Patch for the payments cluster, ticket 4711
requester: alice                      # a person of this desk
destinations: [${desk}]
channel: payments
marking: OFFICIAL
expires: 2026-12-31T00:00:00Z
items:
  - image: localhost:5000/team/app:1.2.3
    platforms: [linux/amd64]
    allow: [plain-http]
  - image: oci:./layouts/app:1.2.3
  - artifact: registry.example/charts/payments:7.1.0
  - file: ./release/notes.pdf
`

function refused(text: string | Uint8Array): Failure {
  try {
    parseRequest(Buffer.from(text as string))
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error(`it went through: ${String(text)}`)
}
const changed = (from: string, to: string): Failure => refused(whole.replace(from, to))

describe('a request', () => {
  it('is read whole', () => {
    const request = parseRequest(Buffer.from(whole))
    expect(request).toMatchObject({
      name: 'payments-2026-11',
      destinations: [desk],
      marking: 'OFFICIAL',
      expires: '2026-12-31T00:00:00Z',
    })
    expect(request.items).toEqual([
      {
        kind: 'image',
        reference: 'localhost:5000/team/app:1.2.3',
        platforms: ['linux/amd64'],
        plainHttp: true,
        evidence: 64,
        signatures: null,
        values: [],
        must: null,
        images: 'list',
        at: { line: 10, column: 12 },
      },
      {
        kind: 'image',
        reference: 'oci:./layouts/app:1.2.3',
        platforms: null,
        plainHttp: false,
        evidence: 64,
        signatures: null,
        values: [],
        must: null,
        images: 'list',
        at: { line: 13, column: 12 },
      },
      {
        kind: 'artifact',
        reference: 'registry.example/charts/payments:7.1.0',
        platforms: null,
        plainHttp: false,
        evidence: 64,
        signatures: null,
        values: [],
        must: null,
        images: 'list',
        at: { line: 14, column: 15 },
      },
      {
        kind: 'file',
        reference: './release/notes.pdf',
        archive: null,
        evidence: 64,
        at: { line: 15, column: 11 },
      },
    ])
    expect(plainHosts(request)).toEqual(['localhost:5000'])
  })

  it('may be silent about marking and expiry', () => {
    const text = whole.replace(/^(marking|expires): .*\n/gm, '')
    expect(parseRequest(Buffer.from(text))).toMatchObject({ marking: null, expires: null })
  })

  it('may say how much evidence is carried, for all and for one', () => {
    const most = (text: string): number[] =>
      parseRequest(Buffer.from(text)).items.map((item) => item.evidence)
    expect(most(`${whole}evidence: {most: 1000}\n`)).toEqual([1000, 1000, 1000, 1000])
    const one = whole.replace('notes.pdf', 'notes.pdf\n    evidence: {most: 1}')
    expect(most(one)).toEqual([64, 64, 64, 1])
    expect(most(`${one}evidence: {most: 70}\n`)).toEqual([70, 70, 70, 1])
  })

  it('with an unknown field, a wrong type or a missing field is refused with its place', () => {
    const extra = changed('channel:', 'extra: 1\nchannel:')
    expect(extra.facts).toMatchObject({ line: 6, column: 1, found: 'the field “extra”' })
    expect(changed('channel: payments', 'channel: 5').facts).toMatchObject({
      line: 6,
      column: 10,
      found: '5',
    })
    expect(changed('    allow', '    alow').facts).toMatchObject({ line: 12, column: 5 })
    expect(changed('channel: payments\n', '').code).toBe('request-form')
    expect(changed('request/v1', 'request/v2').facts).toMatchObject({ line: 1, found: '“request/v2”' })
  })

  it.each([
    ['an anchor', 'name: pay', 'name: &a pay'],
    ['an alias', 'reason: Patch', 'reason: &a x\nmarking: *a\nrequester: Patch'],
    ['a tag', 'name: pay', 'name: !!str pay'],
    ['a merge key', 'channel: payments', 'channel: payments\n<<: {a: 1}'],
    ['a repeated key', 'channel: payments', 'channel: payments\nchannel: payments'],
    ['a second document', 'channel: payments', 'channel: payments\n---\na: 1'],
    ['a directive', 'sallyport:', '%YAML 1.2\n---\nsallyport:'],
    ['a bad name', 'name: payments', 'name: pay ments'],
    ['a hidden character', 'reason: Patch', 'reason: "\\u202ePatch"'],
    ['a bad time', '2026-12-31T00', '2026-13-31T00'],
    ['a bad desk', desk, 'abc'],
    ['a desk twice', `[${desk}]`, `[${desk}, ${desk}]`],
    ['no items', /items:[\s\S]*/.exec(whole)?.[0] ?? '', 'items: []'],
    ['two kinds in one item', '  - artifact:', '  - file: x\n    artifact:'],
    ['no kind in an item', '  - artifact: registry.example/charts/payments:7.1.0', '  - allow: [plain-http]'],
    ['platforms of a file', 'notes.pdf', 'notes.pdf\n    platforms: [linux/amd64]'],
    ['a bad platform', 'linux/amd64', 'linux'],
    ['no evidence', 'notes.pdf', 'notes.pdf\n    evidence: {most: 0}'],
    ['too much evidence', 'notes.pdf', 'notes.pdf\n    evidence: {most: 1001}'],
    ['half a piece of evidence', 'notes.pdf', 'notes.pdf\n    evidence: {most: 1.5}'],
    ['evidence without a number', 'channel: payments', 'channel: payments\nevidence: {}'],
    ['evidence as a number', 'channel: payments', 'channel: payments\nevidence: 7'],
    ['plain http elsewhere', 'localhost:5000', 'registry.example'],
    ['plain http of a layout', 'app:1.2.3\n  - artifact', 'app:1.2.3\n    allow: [plain-http]\n  - artifact'],
    ['a reference without tag', 'payments:7.1.0', 'payments'],
    ['a reference twice', 'oci:./layouts/app:1.2.3', 'registry.example/charts/payments:7.1.0'],
    ['a reference twice in other words', 'oci:./layouts/app:1.2.3', 'oci:a\n  - image: oci:./a'],
    ['a device name', 'notes.pdf', 'con'],
    ['a hidden file', 'notes.pdf', '.notes'],
  ])('with %s is refused', (_, from, to) => {
    expect(whole).toContain(from)
    const { code, facts } = changed(from, to)
    expect(code).toBe('request-form')
    expect(Number(facts.line)).toBeGreaterThan(0)
    expect(Number(facts.column)).toBeGreaterThan(0)
  })

  it('with a path outside is refused with its place', () => {
    for (const path of ['../notes.pdf', '/etc/passwd', 'a/../../b']) {
      expect(changed('./release/notes.pdf', path)).toMatchObject({
        code: 'path-outside',
        facts: { line: 15 },
      })
    }
    expect(changed('oci:./layouts', 'oci:../layouts').code).toBe('path-outside')
    expect(changed('oci:./layouts', 'oci:/layouts').code).toBe('path-outside')
  })

  it('that is too large, too deep or not text is refused', () => {
    expect(refused(Buffer.alloc(1024 * 1024 + 1, 35)).code).toBe('request-form')
    expect(refused(Buffer.from([0xff, 0xfe])).code).toBe('request-form')
    expect(refused('['.repeat(100_000)).code).toBe('request-form')
    expect(refused('- '.repeat(100_000)).code).toBe('request-form')
    expect(refused(Array.from({ length: 900 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')).code).toBe(
      'request-form',
    )
    expect(refused('').code).toBe('request-form')
  })
})

describe('a model in a request', () => {
  const only = (item: string): string => whole.replace(/items:[^]*$/, `items:\n  - ${item}\n`)

  it('is a folder where its reference is a path, and content of a registry or layout where it has a colon', () => {
    const read = (item: string) => parseRequest(Buffer.from(only(item))).items[0]
    expect(read('model: ./models/assistant')).toMatchObject({
      ...{ kind: 'model', reference: './models/assistant', signature: null, evidence: 64 },
    })
    expect(read('{model: models/assistant, signature: ./m.sig, evidence: {most: 2}}')).toMatchObject({
      ...{ signature: './m.sig', evidence: 2 },
    })
    for (const reference of ['registry.example/m:1', 'oci:./layout:1'])
      expect(read(`{model: "${reference}"}`)).toMatchObject({ kind: 'artifact', must: 'model' })
  })

  it.each([
    ['model: /srv/model', 'path-outside'],
    ['model: ../model', 'path-outside'],
    ['{model: m, signature: ../m.sig}', 'path-outside'],
    ['{model: m, signature: /m.sig}', 'path-outside'],
    ['{model: m, signature: "https://x.example/m.sig"}', 'request-form'],
    ['{model: "registry.example/m:1", signature: m.sig}', 'request-form'],
    ['{model: m, allow: [plain-http]}', 'request-form'],
    ['{model: m, platforms: [linux/amd64]}', 'request-form'],
    ['{model: m, signatures: registry.example/sec}', 'request-form'],
    ['{model: m, key: k.pub}', 'request-form'],
    ['{folder: m, signature: m.sig}', 'request-form'],
    ['model: .', 'request-form'],
    ['model: https://x.example/m', 'request-form'],
  ])('%s is refused: %s', (item, code) => {
    expect(refused(only(item)).code).toBe(code)
  })

  it('is asked for once, however its path is written', () => {
    expect(refused(`${only('model: m')}  - model: ./m/\n`).code).toBe('request-form')
  })
})
