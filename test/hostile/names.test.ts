import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Item, Waybill } from '../../shared/waybill.ts'
import { printed, sallyport } from '../support/command-line.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { forge, honestContent, honestWaybill } from '../support/forge.ts'
import { expectRefused } from '../support/refusal.ts'

/*
 * What a waybill says of the names that rules meet, and what people are called: everything else that is asked is asked
 * of these (bundle.md, "Reader rules").
 */

const digest = `sha256:${'5'.repeat(64)}`
const finding = { code: 'tag-not-resolved', subject: 'r.example/app:1', detail: 'It names another there.' }

let crossing: Crossing
let base: Waybill
let folder: string
let content: Awaited<ReturnType<typeof honestContent>>
let count = 0
beforeAll(async () => {
  crossing = await makeCrossing()
  folder = (await makeBundle(crossing, 'medium')).folder
  base = await honestWaybill(folder)
  content = await honestContent(folder)
})
afterAll(() => crossing.dispose())

function stated(more: Partial<Item>): Item[] {
  const [file] = base.items
  if (file === undefined) throw new Error('no item')
  return [{ ...file, kind: 'image', ...more }]
}

async function refused(items: readonly Item[], found: RegExp): Promise<void> {
  const path = await forge(crossing, base, { content, items }, `names-${++count}`)
  const said = await expectRefused(crossing, path, 3, 'waybill.form')
  expect(said.checks.filter((check) => check.result === 'fail').map((check) => check.found)).toEqual([
    expect.stringMatching(found) as string,
  ])
}

const reference = 'registry.example/team/app:1.2.3'
const name = 'registry.example/team/app'
const lies: readonly (readonly [string, Partial<Item>, RegExp])[] = [
  ['another name', { name: 'free/public', reference, version: '1.2.3' }, /^the name free\/public for/],
  ['the name with its tag', { name: reference, reference, version: '1.2.3' }, /^the name .*:1\.2\.3 for/],
  ['a name in capitals', { name: 'REGISTRY.example/team/app', reference, version: '1.2.3' }, /^the name REG/],
  [
    'the host in capitals, kept in the name',
    { name: 'REGISTRY.example/team/app', reference: 'REGISTRY.example/team/app:1', version: '1' },
    /not registry\.example\/team\/app$/,
  ],
  [
    'a short name',
    { name: 'alpine', reference: 'alpine:3', version: '3' },
    /not docker\.io\/library\/alpine$/,
  ],
  [
    'a default port in the name',
    { name: 'r.example:443/a', reference: 'r.example:443/a:1', version: '1' },
    /not r\.example\/a$/,
  ],
  ['another version', { name, reference, version: '9.9.9' }, /^the version 9\.9\.9 for/],
  ['no version', { name, reference, version: null }, /^the version null for .* not 1\.2\.3$/],
  [
    'a version of a digest',
    { name, reference: `${name}@${digest}`, version: '1' },
    /^the version 1 for .* not null$/,
  ],
  [
    'a version by a tag that was not resolved',
    { name, reference: `${name}:1@${digest}`, version: '1', findings: [finding] },
    /^the version 1 for .* not null$/,
  ],
  [
    'a layout under the name of a registry',
    { name, reference: 'oci:./app:1', version: '1' },
    /^the name .* for oci:\.\/app:1, not app$/,
  ],
  [
    'a folder with steps that lead nowhere',
    { name: './app', reference: 'oci:./app:1', version: '1' },
    /not app$/,
  ],
  [
    'a reference that is none',
    { name: 'r.example/a', reference: 'r.example/a', version: null },
    /^a reference that is none/,
  ],
  [
    'a port that is none',
    { name: 'r.example:99999/a', reference: 'r.example:99999/a:1', version: '1' },
    /^a reference that is none/,
  ],
  [
    'a file under another title',
    { kind: 'file', name: 'other.txt', reference: './notes.txt', version: null },
    /not notes\.txt$/,
  ],
  [
    'a file with a version',
    { kind: 'file', name: 'notes.txt', reference: './notes.txt', version: '1' },
    /^the version 1/,
  ],
  [
    'a reference that is too long',
    { name, reference: `r.example/${'a'.repeat(291)}:1`, version: '1' },
    /at most 300/,
  ],
]

describe('a waybill that states another name than its reference has', () => {
  it.each(lies)('%s', (_, more, found) => refused(stated(more), found))

  it('two spellings of one reference', () =>
    refused(
      [
        ...stated({ name: 'docker.io/library/alpine', reference: 'alpine:3', version: '3' }),
        ...stated({ name: 'docker.io/library/alpine', reference: 'Index.docker.io/alpine:3', version: '3' }),
      ],
      /^an item in another spelling repeated$/,
    ))
})

describe('people whose names nobody can tell apart', () => {
  it('are refused where a name cannot be seen: blank, a filler, a tag, an accent alone', async () => {
    const { key, fingerprint } = crossing.people.bob
    for (const bad of [' ', '\u3164', 'Bob\u{e0041}', '\u2800', 'Bob\ue000', '\u0301']) {
      const adding = ['trust', 'add', '--desk', crossing.high, '--key', `${key}.pub`, '--name', bad]
      const ended = await sallyport(
        [...adding, '--role', 'prepare', '--fingerprint', fingerprint],
        crossing.clock,
      )
      expect([bad, ended.code, ended.json.failure.code]).toEqual([bad, 1, 'bad-input'])
    }
  })

  it('are told apart loudly where they look alike: at adding, in every list, in the verdict', async () => {
    const forger = crossing.people.dave
    const name = 'Воb Lind'
    const added = await printed(
      [
        ...['trust', 'add', '--desk', crossing.high, '--key', `${forger.key}.pub`, '--name', name],
        ...['--role', 'witness', '--fingerprint', forger.fingerprint],
      ],
      crossing.clock,
    )
    const { fingerprint } = crossing.people.bob
    expect(added).toMatch(/LOOKS LIKE “Bob Lind”, whose key is another/)
    for (const command of [
      ['trust', 'list'],
      ['desk', 'show'],
    ]) {
      const listed = await printed([...command, '--desk', crossing.high], crossing.clock)
      expect(listed).toContain('LOOKS LIKE “Bob Lind”, whose key is another')
      expect(listed).toContain(`LOOKS LIKE “${name}”, whose key is another`)
    }
    const { json } = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
    const told = json.checks.filter((check) => check.id === 'signers.alike')
    expect(told.map((check) => [check.result, check.subject])).toEqual([['warn', 'Bob Lind']])
    expect(told[0]?.found).toContain(fingerprint)
    expect(told[0]?.found).toContain(forger.fingerprint)
  })
})
