import { describe, expect, it } from 'vitest'
import type { BundlePlan } from '../../support/authority/bundle.ts'
import { statement } from '../../support/authority/bundle.ts'
import { byBob, judged, said } from '../../support/item-policy.ts'
import { subject } from '../../support/attacks/evidence.ts'

/* What no item may hold: found whoever names it, and shown not to be there only by somebody named. */

const cdx = (components: readonly unknown[], more: BundlePlan = {}): BundlePlan =>
  said('https://cyclonedx.org/bom', { bomFormat: 'CycloneDX', specVersion: '1.6', components }, more)
const why = 'reason: known bad, since: 2026-01-01'
const ban = (what: string): string => `forbidden:\n  - {${what}, ${why}}\n`
const free = 'free: {signedBy: [alice]}'
const lodash = (version: string): object => ({ name: 'lodash', version, purl: `pkg:npm/lodash@${version}` })

async function outcome(
  plans: readonly BundlePlan[],
  more: string,
  asks?: string,
  knows?: Parameters<typeof judged>[2]['knows'],
): Promise<string> {
  const found = await judged(plans, 'policy.forbidden', {
    more,
    ...(asks === undefined ? {} : { asks }),
    ...(knows === undefined ? {} : { knows }),
  })
  return (
    found.map(([result, text]) => (result.startsWith('pass') ? 'pass' : `${result}: ${text}`)).join(' | ') ||
    'not asked'
  )
}
const below = ban("purl: 'pkg:npm/lodash', versions: '<4.17.21'")

describe('a package', () => {
  it.each([
    [
      '4.17.20',
      'fail forbidden: pkg:npm/lodash@4.17.20: pkg:npm/lodash <4.17.21 (known bad, since 2026-01-01)',
    ],
    ['4.17.21', 'pass'],
    [
      'latest',
      'not-checked cannot-compare: pkg:npm/lodash@latest: pkg:npm/lodash <4.17.21 (known bad, since 2026-01-01)',
    ],
  ])('in version %s: %s', async (version, answer) => {
    expect(await outcome([cdx([lodash(version)])], below, free)).toBe(answer)
  })

  it('in any version, in any spelling, within another one', async () => {
    const all = ban("purl: 'pkg:npm/Lodash'")
    expect(
      await outcome([cdx([{ name: 'x', components: [{ name: 'y', purl: 'pkg:npm/LODASH' }] }])], all),
    ).toMatch(/^fail forbidden/)
    expect(await outcome([cdx([{ name: 'x', purl: 'pkg:npm/lodash2@1' }])], all, free)).toBe('pass')
  })

  it('by its name alone, of an unknown type, without a version: not checked, also where nobody must show it', async () => {
    for (const component of [
      { name: 'Lodash' },
      { name: 'lodash', purl: 'nonsense' },
      { name: 'lodash', purl: 'pkg:npm/lodash' },
    ])
      for (const asks of [free, 'nothing: true', undefined])
        expect(await outcome([cdx([component])], below, asks)).toMatch(/^not-checked cannot-compare/)
    const swift = ban("purl: 'pkg:swift/x', versions: '<2.0.0'")
    expect(await outcome([cdx([{ name: 'x', purl: 'pkg:swift/x@1.0.0' }])], swift, free)).toMatch(
      /^not-checked cannot-compare/,
    )
    const any = ban("purl: 'pkg:swift/x'")
    expect(await outcome([cdx([{ name: 'x', purl: 'pkg:swift/x@1.0.0' }])], any, free)).toMatch(
      /^fail forbidden/,
    )
  })

  it('is held against each of several bans on it', async () => {
    const both = `forbidden:\n  - {purl: 'pkg:npm/lodash', versions: '<4.0.0', ${why}}\n  - {purl: 'pkg:npm/lodash', versions: '=4.17.20', ${why}}\n`
    expect(await outcome([cdx([lodash('3.0.0')])], both)).toMatch(/^fail forbidden/)
    expect(await outcome([cdx([lodash('4.17.20')])], both)).toMatch(/^fail forbidden/)
    expect(await outcome([cdx([lodash('4.17.21')])], both, free)).toBe('pass')
  })

  it('that is called so by a type that nobody here knows may be it', async () => {
    for (const purl of ['pkg:bower/lodash@4.17.21', 'pkg:x/y/lodash'])
      expect(await outcome([cdx([{ name: 'x', purl }])], below, free)).toMatch(/^not-checked cannot-compare/)
    expect(await outcome([cdx([{ name: 'lodash', purl: 'pkg:pypi/lodash@1.0' }])], below, free)).toBe('pass')
  })

  it('whose two versions differ is forbidden by either', async () => {
    const of = (inside: string, beside: string): BundlePlan =>
      cdx([{ name: 'lodash', purl: `pkg:npm/lodash@${inside}`, version: beside }])
    expect(await outcome([of('4.17.21', '4.17.20')], below, free)).toMatch(/^fail forbidden/)
    expect(await outcome([of('4.17.20', '4.17.21')], below, free)).toMatch(/^fail forbidden/)
    expect(await outcome([of('4.17.21', 'odd')], below, free)).toBe('pass')
    expect(await outcome([of('odd', '4.17.21')], below, free)).toMatch(/^not-checked cannot-compare/)
  })

  it('whose version stands beside its purl is compared by that', async () => {
    expect(
      await outcome([cdx([{ name: 'lodash', purl: 'pkg:npm/lodash', version: '4.17.20' }])], below),
    ).toMatch(/^fail forbidden/)
    expect(
      await outcome([cdx([{ name: 'lodash', purl: 'pkg:npm/lodash', version: '4.17.21' }])], below, free),
    ).toBe('pass')
  })
})

describe('a digest and a licence', () => {
  it('of a file in it, or of the item itself', async () => {
    const hex = 'a'.repeat(64)
    const file = cdx([{ name: 'x', hashes: [{ alg: 'SHA-256', content: hex.toUpperCase() }] }])
    expect(await outcome([file], ban(`digest: 'sha256:${hex}'`))).toMatch(
      /^fail forbidden: x without version: sha256:a/,
    )
    expect(await outcome([], ban(`digest: '${subject}'`))).toBe(
      `fail forbidden: the item itself: ${subject} (known bad, since 2026-01-01)`,
    )
    expect(await outcome([file], ban(`digest: 'sha256:${'b'.repeat(64)}'`), free)).toBe('pass')
  })

  it('of a file beside the components, in every form', async () => {
    const hex = 'a'.repeat(64)
    const banned = ban(`digest: 'sha256:${hex}'`)
    const spdx = said('https://spdx.dev/Document', {
      spdxVersion: 'SPDX-2.3',
      files: [
        'odd',
        { fileName: 'x', checksums: [{ algorithm: 'SHA256', checksumValue: hex.toUpperCase() }] },
      ],
    })
    const three = said('https://spdx.dev/Document', {
      '@graph': [
        { type: 'CreationInfo' },
        { type: 'SpdxDocument' },
        { type: 'software_File', verifiedUsing: [{ algorithm: 'sha256', hashValue: hex }] },
      ],
    })
    const syft = said('https://syft.dev/bom', {
      artifacts: [],
      schema: { version: '16' },
      files: [{ digests: [{ algorithm: 'sha256', value: hex }] }],
    })
    for (const plan of [spdx, three, syft])
      expect(await outcome([plan], banned)).toMatch(/^fail forbidden: a file, sha256:a/)
    for (const plan of [spdx, three, syft])
      expect(await outcome([plan], ban(`digest: 'sha256:${'b'.repeat(64)}'`))).toBe('not asked')
  })

  it('of the thing itself that a document is about, and of what that holds', async () => {
    const about = (component: object): BundlePlan =>
      said('https://cyclonedx.org/bom', {
        bomFormat: 'CycloneDX',
        specVersion: '1.6',
        metadata: { component },
      })
    expect(await outcome([about(lodash('4.0.0'))], below)).toMatch(/^fail forbidden/)
    expect(await outcome([about({ name: 'app', components: [lodash('4.0.0')] })], below)).toMatch(
      /^fail forbidden/,
    )
    expect(
      await outcome(
        [about({ name: 'app', hashes: [{ alg: 'SHA-256', content: 'a'.repeat(64) }] })],
        ban(`digest: 'sha256:${'a'.repeat(64)}'`),
      ),
    ).toMatch(/^fail forbidden/)
  })

  it('of a licence of the thing itself', async () => {
    const component = { name: 'app', licenses: [{ license: { id: 'AGPL-3.0-only' } }] }
    const plan = said('https://cyclonedx.org/bom', {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component },
    })
    expect(await outcome([plan], ban('licence: AGPL-3.0-only'))).toMatch(/^fail forbidden/)
  })

  it('whatever a tool calls the reference that names it', async () => {
    const spdx = said('https://spdx.dev/Document', {
      spdxVersion: 'SPDX-2.3',
      packages: [
        {
          name: 'x',
          externalRefs: [
            {
              referenceType: 'http://spdx.org/rdf/references/purl',
              referenceLocator: 'pkg:npm/lodash@4.0.0',
            },
          ],
        },
      ],
    })
    expect(await outcome([spdx], below)).toMatch(/^fail forbidden/)
  })

  it('that must be taken; not one of a choice', async () => {
    const agpl = ban('licence: AGPL-3.0-only')
    const of = (...licenses: readonly object[]): readonly BundlePlan[] => [cdx([{ name: 'x', licenses }])]
    expect(await outcome(of({ license: { id: 'AGPL-3.0-only' } }), agpl)).toBe(
      'fail forbidden: x without version, AGPL-3.0-only: AGPL-3.0-only (known bad, since 2026-01-01)',
    )
    expect(await outcome(of({ expression: 'MIT AND AGPL-3.0-or-later' }), agpl)).toMatch(/^fail forbidden/)
    expect(await outcome(of({ expression: 'MIT OR AGPL-3.0-only' }), agpl, free)).toBe('pass')
    expect(await outcome(of({ license: { name: 'GNU Affero' } }), agpl, free)).toMatch(
      /^not-checked licence-not-said: 1 components/,
    )
    expect(await outcome(of(), agpl, free)).toMatch(/^not-checked licence-not-said/)
    const half = of({ license: { id: 'MIT' } }, { license: { name: 'Own words' } })
    expect(await outcome(half, agpl, free)).toMatch(/^not-checked licence-not-said/)
    expect(await outcome(of(), agpl, 'nothing: true')).toBe('not asked')
  })
})

describe('that nothing forbidden is there', () => {
  it('is shown by somebody named, about this item, in a document that is read', async () => {
    const other = [cdx([lodash('4.17.21')], byBob)]
    expect(await outcome([], below, free)).toBe('fail none: none')
    expect(await outcome(other, below, free)).toMatch(/^fail differs: signed by bob/)
    expect(await outcome([cdx([lodash('4.17.21'), null])], below, free)).toMatch(/^not-checked unread/)
    const another = said('https://cyclonedx.org/bom', {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { name: 'x', version: `sha256:${'b'.repeat(64)}` } },
    })
    expect(await outcome([another], below, free)).toBe('fail differs: it names another item')
    expect(await outcome([said('https://cyclonedx.org/bom', {})], below, free)).toBe(
      'fail differs: a document that cannot be read',
    )
    expect(await outcome([cdx([lodash('4.17.21')])], below, 'nothing: true')).toBe('not asked')
  })

  it('is not shown by one beside another that names it, whoever signed that', async () => {
    const clean = cdx([lodash('4.17.21')])
    expect(await outcome([clean, cdx([lodash('4.0.0')], byBob)], below, free)).toMatch(/^fail forbidden/)
    expect(await outcome([clean, cdx([lodash('4.0.0')])], below, free)).toMatch(/^fail forbidden/)
    expect(await outcome([cdx([lodash('4.0.0')])], below, free, { roots: [], keys: [] })).toMatch(
      /^fail forbidden/,
    )
    expect(await outcome([clean], below, free, { roots: [], keys: [] })).toMatch(/^not-checked nobody-known/)
  })

  it('of another item says nothing here', async () => {
    const elsewhere: BundlePlan = {
      content: 'envelope',
      payload: statement({
        predicateType: 'https://cyclonedx.org/bom',
        predicate: { bomFormat: 'CycloneDX', specVersion: '1.6', components: [lodash('4.0.0')] },
        subject: [{ name: 'x', digest: { sha256: 'b'.repeat(64) } }],
      }),
    }
    expect(await outcome([elsewhere], below, free)).toMatch(/^fail none/)
  })

  it('says how much more there is', async () => {
    const many = Array.from({ length: 5 }, (_, i) => lodash(`4.0.${i}`))
    expect(await outcome([cdx(many)], below)).toMatch(/; 2 more$/)
  })
})
