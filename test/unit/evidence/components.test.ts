import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Bill } from '../../../main/evidence/sbom/component.ts'
import { assessed, subject } from '../../support/attacks/evidence.ts'
import { statement } from '../../support/authority/bundle.ts'
import { hexOf } from '../../../shared/digest.ts'

/* What bills of materials of every form list, as rules read it; and what odd ones come to. */

const types = {
  spdx: 'https://spdx.dev/Document',
  cyclonedx: 'https://cyclonedx.org/bom',
  syft: 'https://syft.dev/bom',
} as const

async function bill(form: keyof typeof types, predicate: object): Promise<Bill> {
  const payload = statement({ predicateType: types[form], predicate })
  const [one] = await assessed([{ content: 'envelope', payload }])
  expect(one?.view.unreadable?.code ?? null).toBeNull()
  if (one?.bill == null) throw new Error('no bill of materials')
  return one.bill
}

const own = hexOf(subject)
const curl = {
  name: 'curl',
  version: '8.0.0',
  purls: ['pkg:deb/debian/curl@8.0.0'],
  licences: ['curl'],
  supplier: 'Debian',
}

describe('components', () => {
  it('of CycloneDX, also those within others', async () => {
    const found = await bill('cyclonedx', {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { timestamp: '2026-01-01T00:00:00Z', authors: [{ name: 'x' }] },
      components: [
        {
          'bom-ref': 'a',
          name: 'curl',
          version: '8.0.0',
          purl: 'pkg:deb/debian/curl@8.0.0',
          supplier: { name: 'Debian' },
          licenses: [{ license: { id: 'curl' } }],
          hashes: [
            { alg: 'SHA-256', content: own.toUpperCase() },
            { alg: 'SHA-1', content: 'x' },
          ],
          components: [
            {
              name: 'inner',
              licenses: [{ expression: 'MIT OR X' }, { license: { name: 'Own words' } }],
              components: [{ name: 'innermost' }],
            },
          ],
        },
      ],
      dependencies: [{ ref: 'a' }],
    })
    expect(found).toMatchObject({
      unread: 0,
      repeatedIds: 0,
      hasAuthor: true,
      hasRelations: true,
      created: '2026-01-01T00:00:00Z',
    })
    expect(found.components).toEqual([
      { ...curl, hashes: [own] },
      {
        name: 'inner',
        version: null,
        purls: [],
        licences: ['MIT OR X', 'Own words'],
        hashes: [],
        supplier: null,
      },
      { name: 'innermost', version: null, purls: [], licences: [], hashes: [], supplier: null },
    ])
  })

  it('of SPDX 2; what is not asserted is not said', async () => {
    const found = await bill('spdx', {
      spdxVersion: 'SPDX-2.3',
      creationInfo: { created: '2026-01-01T00:00:00Z', creators: ['Organization: x'] },
      packages: [
        {
          SPDXID: 'a',
          name: 'curl',
          versionInfo: '8.0.0',
          supplier: 'Debian',
          licenseConcluded: 'NOASSERTION',
          licenseDeclared: 'curl',
          checksums: [{ algorithm: 'SHA256', checksumValue: own }],
          externalRefs: [
            { referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:a:x' },
            { referenceType: 'purl', referenceLocator: 'pkg:deb/debian/curl@8.0.0' },
          ],
        },
        {
          SPDXID: 'a',
          name: 'b',
          versionInfo: 'NOASSERTION',
          supplier: 'NOASSERTION',
          licenseConcluded: 'MIT',
          licenseDeclared: 'NONE',
        },
      ],
      relationships: [{ spdxElementId: 'a', relationshipType: 'DEPENDS_ON', relatedSpdxElement: 'b' }],
    })
    expect(found).toMatchObject({ repeatedIds: 1, hasAuthor: true, hasRelations: true })
    expect(found.components).toEqual([
      { ...curl, hashes: [own] },
      { name: 'b', version: null, purls: [], licences: ['MIT'], hashes: [], supplier: null },
    ])
  })

  it('of SPDX 3, whose licences are elements of their own', async () => {
    const found = await bill('spdx', {
      '@context': 'x',
      '@graph': [
        { type: 'CreationInfo', specVersion: '3.0.1', created: '2026-01-01T00:00:00Z', createdBy: ['x'] },
        { type: 'SpdxDocument', name: 'app', rootElement: ['r'] },
        {
          type: 'software_Package',
          spdxId: 'c',
          name: 'curl',
          software_packageVersion: '8.0.0',
          software_packageUrl: 'pkg:deb/debian/curl@8.0.0',
          suppliedBy: 'Debian',
          externalIdentifier: [
            { externalIdentifierType: 'packageUrl', identifier: 'pkg:deb/debian/curl@8.0.0' },
          ],
          verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue: own }],
        },
        { type: 'simplelicensing_LicenseExpression', spdxId: 'l', simplelicensing_licenseExpression: 'curl' },
        {
          type: 'Relationship',
          spdxId: 'q',
          from: 'c',
          to: ['l', 'gone'],
          relationshipType: 'hasDeclaredLicense',
        },
        { type: 'Relationship', spdxId: 's', from: 'c', to: ['l'], relationshipType: 'hasConcludedLicense' },
        { type: 'Relationship', spdxId: 't', from: 'c', to: ['c'], relationshipType: 'dependsOn' },
      ],
    })
    expect(found).toMatchObject({ repeatedIds: 0, hasAuthor: true, hasRelations: true })
    expect(found.components).toEqual([{ ...curl, hashes: [own] }])
  })

  it('of Syft', async () => {
    const found = await bill('syft', {
      artifacts: [
        {
          id: 'a',
          name: 'curl',
          version: '8.0.0',
          purl: 'pkg:deb/debian/curl@8.0.0',
          licenses: [{ value: 'x', spdxExpression: 'curl' }, { value: 'own' }, 'MIT', null],
        },
      ],
      artifactRelationships: [{}],
      source: { name: 'app', version: `sha256:${own}`, metadata: { manifestDigest: 5 } },
      descriptor: { name: 'syft', version: '1.20.0' },
      schema: { version: '16.0.0' },
    })
    expect(found).toMatchObject({ hasAuthor: true, hasRelations: true, created: null })
    expect(found.components).toEqual([
      { ...curl, licences: ['curl', 'own', 'MIT'], hashes: [], supplier: null },
    ])
  })
})

describe('odd documents', () => {
  it('whose relations run in a circle end, and are counted once', async () => {
    const relation = (from: string, to: string): object => ({
      spdxElementId: from,
      relationshipType: 'CONTAINS',
      relatedSpdxElement: to,
    })
    const found = await bill('spdx', {
      spdxVersion: 'SPDX-2.3',
      packages: [
        { SPDXID: 'a', name: 'a' },
        { SPDXID: 'b', name: 'b' },
      ],
      relationships: [relation('a', 'b'), relation('b', 'a'), relation('a', 'a')],
    })
    expect(found.components.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  it('say how much of them was not read, and which ids stand twice', async () => {
    const found = await bill('cyclonedx', {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { 'bom-ref': 'r', name: 'x' } },
      components: [null, 'x', { name: 5 }, { name: 'good', 'bom-ref': 'r', components: [{ purl: {} }] }],
    })
    expect(found).toMatchObject({ unread: 4, repeatedIds: 1 })
    expect(found.components.map(({ name }) => name)).toEqual(['good'])
  })

  it.each([
    ['two names for one member', '{"spdxVersion":"SPDX-2.3","name":"a","name":"b"}'],
    [
      'a version twice in a package',
      '{"spdxVersion":"SPDX-2.3","packages":[{"versionInfo":"1","versionInfo":"2"}]}',
    ],
  ])('are not read: %s', async (_, predicate) => {
    const text = statement({ predicateType: types.spdx, predicate: 0 })
      .toString()
      .replace('"predicate":0', `"predicate":${predicate}`)
    const [one] = await assessed([{ content: 'envelope', payload: Buffer.from(text) }])
    expect([one?.view.result, one?.view.reason?.code]).toEqual(['unknown', 'statement.form'])
  })

  it('in another encoding are not read', async () => {
    const text = statement({ predicateType: types.spdx, predicate: { spdxVersion: 'SPDX-2.3' } }).toString()
    const [one] = await assessed([{ content: 'envelope', payload: Buffer.from(text, 'utf16le') }])
    expect(one?.bill ?? null).toBeNull()
    expect(one?.view.result).toBe('unknown')
  })

  it('of nobody known are read for what they name, and prove nothing', async () => {
    const payload = statement({
      predicateType: types.spdx,
      predicate: { spdxVersion: 'SPDX-2.3', packages: [{ name: 'x' }] },
    })
    const unknown = await assessed([{ content: 'envelope', payload }], { roots: [], keys: [] })
    expect([unknown[0]?.view.result, unknown[0]?.bill, unknown[0]?.saidBill?.components.length]).toEqual([
      'unknown',
      null,
      1,
    ])
    const elsewhere = statement({
      predicateType: types.spdx,
      predicate: { spdxVersion: 'SPDX-2.3' },
      subject: [{ name: 'x', digest: { sha256: 'c'.repeat(64) } }],
    })
    const other = await assessed([{ content: 'envelope', payload: elsewhere }], { roots: [], keys: [] })
    expect(other[0]?.saidBill).toBeNull()
  })
})

const field = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'fixtures', 'field', 'sbom')
describe.skipIf(!existsSync(field))('bills of materials of real tools (needs ../shared/fixtures)', () => {
  const document = (name: string): object => JSON.parse(readFileSync(join(field, name), 'utf8')) as object
  const withPurl = ({ components }: Bill): number => components.filter(({ purls }) => purls.length > 0).length

  it('name their packages by purl, version and licence', async () => {
    const syft = await bill('spdx', document('syftbom.spdx.json'))
    const counts = ({ components }: Bill): number[] => [
      components.length,
      components.filter(({ version }) => version !== null).length,
      components.filter(({ licences }) => licences.length > 0).length,
    ]
    expect([...counts(syft), withPurl(syft)]).toEqual([16, 16, 15, 15])
    expect(counts(await bill('cyclonedx', document('cdx14.json')))).toEqual([1, 1, 0])
    expect(counts(await bill('cyclonedx', document('cdx16.json')))).toEqual([1, 1, 0])
    expect(counts(await bill('spdx', document('spdx3.json')))).toEqual([1, 0, 0])
    // As cosign 1 wrapped it.
    expect(counts(await bill('spdx', document('wrapped.json')))).toEqual([0, 0, 0])
  })
})
