import { describe, expect, it } from 'vitest'
import { hexOf } from '../../../shared/digest.ts'
import { assessed, subject } from '../../support/attacks/evidence.ts'
import { statement } from '../../support/authority/bundle.ts'

/* What a bill of materials says, in one shape: of each format, with everything and with as little as may be. */

const spdx = 'https://spdx.dev/Document'
const cyclonedx = 'https://cyclonedx.org/bom'
const own = hexOf(subject)
const other = 'b'.repeat(64)

async function read(predicateType: string, predicate: object): Promise<unknown> {
  const payload = statement({ predicateType, predicate })
  const [one] = await assessed([{ content: 'envelope', payload }])
  expect(one?.view.result).toBe('proven')
  return one?.view.sbom ?? one?.view.unreadable?.code ?? null
}
const about = async (predicateType: string, predicate: object): Promise<unknown> =>
  ((await read(predicateType, predicate)) as { describes?: unknown } | null)?.describes

describe('the type of a statement', () => {
  const document = { bomFormat: 'CycloneDX', specVersion: '1.6' }
  it.each([cyclonedx, `${cyclonedx}/v1.6`])('%s is a bill of materials', async (type) => {
    expect(await read(type, document)).toMatchObject({ predicateType: type, format: 'CycloneDX 1.6' })
  })
  it.each([`${cyclonedx}s`, `${cyclonedx}/1.6`, `x${cyclonedx}`, `${spdx}/`, 'https://spdx.dev/document'])(
    '%s is none',
    async (type) => expect(await read(type, document)).toBeNull(),
  )
})

describe('CycloneDX', () => {
  it('with everything', async () => {
    const document = {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: {
        timestamp: '2026-01-01T00:00:00Z',
        component: { name: 'app', version: '1', purl: 'pkg:oci/app', hashes: [] },
        tools: { components: [{ name: 'syft' }, { name: 5 }, null, 'text', { title: 'x' }] },
      },
      components: [{ name: 'a' }, { name: 'b' }],
    }
    expect(await read(cyclonedx, document)).toEqual({
      predicateType: cyclonedx,
      format: 'CycloneDX 1.6',
      name: 'app',
      created: '2026-01-01T00:00:00Z',
      tools: ['syft'],
      components: 2,
      describes: 'not-said',
    })
  })

  it('with nothing, and with nothing in everything', async () => {
    const bare = { bomFormat: 'CycloneDX', specVersion: '1.4' }
    const empty = {
      predicateType: cyclonedx,
      format: 'CycloneDX 1.4',
      name: null,
      created: null,
      tools: [],
      components: 0,
      describes: 'not-said',
    }
    expect(await read(cyclonedx, bare)).toEqual(empty)
    expect(await read(cyclonedx, { ...bare, metadata: null, components: null })).toEqual(empty)
    const component = { name: '', purl: null, version: null, hashes: null }
    const hollow = { ...bare, metadata: { component, tools: 5, timestamp: null }, components: [] }
    expect(await read(cyclonedx, hollow)).toEqual(empty)
    expect(await read(cyclonedx, { ...bare, metadata: { tools: null } })).toEqual(empty)
  })

  it('takes tools of the old form, at most 20 of them', async () => {
    const tools = Array.from({ length: 25 }, (_, i) => ({ vendor: 'v', name: `tool ${i}` }))
    const document = { bomFormat: 'CycloneDX', specVersion: '1.4', metadata: { tools } }
    expect(await read(cyclonedx, document)).toMatchObject({
      tools: Array.from({ length: 20 }, (_, i) => `tool ${i}`),
    })
  })

  const named = (component: object): object => ({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { name: 'app', ...component } },
  })
  it.each([
    ['its hash', { hashes: [{ alg: 'SHA-256', content: own }] }, 'subject'],
    ['its hash in capitals', { hashes: [{ alg: 'SHA-256', content: own.toUpperCase() }] }, 'subject'],
    ['its purl, escaped as purls are', { purl: `pkg:oci/app@sha256%3A${own}?arch=amd64` }, 'subject'],
    ['its version', { version: `sha256:${own}` }, 'subject'],
    ['its name', { name: `app@sha256:${own}` }, 'subject'],
    ['one of two digests', { version: other, name: own }, 'subject'],
    ['the hash of another', { hashes: [{ alg: 'SHA-256', content: other }] }, 'another'],
    ['the digest of another in its purl', { purl: `pkg:oci/app@sha256:${other}` }, 'another'],
    ['a hash of another kind', { hashes: [{ alg: 'SHA3-256', content: own }] }, 'not-said'],
    ['digits that go on', { version: `${own}0` }, 'not-said'],
    ['digits that begin before', { version: `a${own}` }, 'not-said'],
    ['half a digest', { version: own.slice(0, 32) }, 'not-said'],
  ] as const)('is about what it says: %s', async (_, component, answer) => {
    expect(await about(cyclonedx, named(component))).toBe(answer)
  })

  it.each([
    ['another format', { bomFormat: 'SPDX', specVersion: '1' }],
    ['no version', { bomFormat: 'CycloneDX' }],
    ['components that are no list', { bomFormat: 'CycloneDX', specVersion: '1.6', components: {} }],
  ])('cannot be read: %s', async (_, document) => {
    expect(await read(cyclonedx, document)).toBe('statement.form')
  })
})

describe('SPDX 2', () => {
  it('with everything', async () => {
    const document = {
      spdxVersion: 'SPDX-2.3',
      name: 'app',
      creationInfo: {
        created: '2026-01-01T00:00:00Z',
        creators: ['Organization: o', 'Tool: syft-1', 'Not a Tool: x', 'Tool: trivy'],
      },
      packages: [{ SPDXID: 'a' }, { SPDXID: 'b' }, { SPDXID: 'c' }],
    }
    expect(await read(spdx, document)).toEqual({
      predicateType: spdx,
      format: 'SPDX 2.3',
      name: 'app',
      created: '2026-01-01T00:00:00Z',
      tools: ['syft-1', 'trivy'],
      components: 3,
      describes: 'not-said',
    })
  })

  it('with nothing, and with nothing in everything', async () => {
    const empty = { format: 'SPDX 2.2', name: null, created: null, tools: [], components: 0 }
    expect(await read(spdx, { spdxVersion: 'SPDX-2.2' })).toMatchObject(empty)
    const hollow = {
      spdxVersion: 'SPDX-2.2',
      name: null,
      creationInfo: { created: null, creators: null },
      documentDescribes: null,
      packages: null,
      relationships: null,
    }
    expect(await read(spdx, hollow)).toMatchObject({ ...empty, describes: 'not-said' })
  })

  it('names its tools, from the first 20 of its creators', async () => {
    const creators = Array.from({ length: 25 }, (_, i) => `Tool: ${i}`)
    expect(await read(spdx, { spdxVersion: 'SPDX-2.3', creationInfo: { creators } })).toMatchObject({
      tools: Array.from({ length: 20 }, (_, i) => String(i)),
    })
  })

  const root = (more: object): object => ({ SPDXID: 'root', name: 'app', ...more })
  const bound = (packages: readonly object[], relation: object = {}): object => ({
    spdxVersion: 'SPDX-2.3',
    packages,
    relationships: [
      {
        spdxElementId: 'SPDXRef-DOCUMENT',
        relationshipType: 'DESCRIBES',
        relatedSpdxElement: 'root',
        ...relation,
      },
    ],
  })
  const sum = (algorithm: string, checksumValue: string): object => ({
    checksums: [{ algorithm, checksumValue }],
  })
  it.each([
    ['its checksum', [root(sum('SHA256', own))], 'subject'],
    ['its version', [root({ versionInfo: `sha256:${own}` })], 'subject'],
    ['its name', [root({ name: own })], 'subject'],
    ['its reference', [root({ externalRefs: [{ referenceLocator: `pkg:oci/a@sha256:${own}` }] })], 'subject'],
    ['the checksum of another', [root(sum('SHA256', other))], 'another'],
    ['a checksum of another kind', [root(sum('SHA3-256', own))], 'not-said'],
    ['another package with it', [root({}), { SPDXID: 'part', ...sum('SHA256', own) }], 'not-said'],
    ['nothing of itself', [root({ checksums: null, externalRefs: [{}], versionInfo: null })], 'not-said'],
    ['a package without an id', [{ ...sum('SHA256', own) }], 'not-said'],
  ] as const)('is about what it describes: %s', async (_, packages, answer) => {
    expect(await about(spdx, bound(packages))).toBe(answer)
  })

  it.each([
    ['another relation', { relationshipType: 'CONTAINS' }],
    ['a relation of something else', { spdxElementId: 'SPDXRef-other' }],
    ['a relation to something else', { relatedSpdxElement: 'elsewhere' }],
  ])('does not describe by %s', async (_, relation) => {
    expect(await about(spdx, bound([root(sum('SHA256', own))], relation))).toBe('not-said')
  })

  it('describes what its own list names', async () => {
    const document = { ...bound([root(sum('SHA256', own))]), relationships: [] }
    expect(await about(spdx, { ...document, documentDescribes: ['root'] })).toBe('subject')
    expect(await about(spdx, { ...document, documentDescribes: ['roo'] })).toBe('not-said')
  })

  it.each([
    ['another version', { spdxVersion: 'SPDX-3.0' }],
    ['no version', { name: 'x' }],
    ['packages that are no list', { spdxVersion: 'SPDX-2.3', packages: {} }],
  ])('cannot be read: %s', async (_, document) => {
    expect(await read(spdx, document)).toBe('statement.form')
  })
})

describe('SPDX 3', () => {
  const info = { type: 'CreationInfo', specVersion: '3.0.1', created: '2026-01-01T00:00:00Z' }
  const document = { type: 'SpdxDocument', name: 'app', rootElement: ['r'] }
  const graph = (...more: readonly object[]): object => ({ '@context': 'x', '@graph': more })
  const part = (id: string, more: object = {}): object => ({ type: 'software_Package', spdxId: id, ...more })

  it('with everything', async () => {
    const tools = Array.from({ length: 25 }, (_, i) => ({ type: 'Tool', name: `tool ${i}` }))
    const found = await read(
      spdx,
      graph(info, document, part('r'), part('s'), { type: 'software_File' }, { type: 'Tool' }, ...tools),
    )
    expect(found).toEqual({
      predicateType: spdx,
      format: 'SPDX 3.0.1',
      name: 'app',
      created: '2026-01-01T00:00:00Z',
      tools: Array.from({ length: 19 }, (_, i) => `tool ${i}`),
      components: 2,
      describes: 'not-said',
    })
  })

  it('in the names of JSON-LD, with one root, and with nothing said', async () => {
    const found = await read(
      spdx,
      graph(
        { '@type': 'CreationInfo', specVersion: 3 },
        { '@type': 'SpdxDocument', rootElement: 'r' },
        { '@type': 'software_Package', '@id': 'r', packageUrl: `pkg:oci/x@sha256:${own}` },
      ),
    )
    expect(found).toMatchObject({
      format: 'SPDX 3',
      name: null,
      created: null,
      tools: [],
      components: 1,
      describes: 'subject',
    })
  })

  it.each([
    ['its root', [part('r', { hash: own }), part('s', { hash: other })], 'subject'],
    ['another root', [part('r', { hash: other }), part('s', { hash: own })], 'another'],
    ['no root that is there', [part('s', { hash: own })], 'not-said'],
  ] as const)('is about %s', async (_, parts, answer) => {
    expect(await about(spdx, graph(info, document, ...parts))).toBe(answer)
  })

  it('without a root is about nothing, not about what has no id', async () => {
    const bare = { type: 'SpdxDocument', name: 'app' }
    expect(await about(spdx, graph(info, bare, { type: 'software_Package', hash: own }))).toBe('not-said')
  })

  it.each([
    ['no creation', graph(document)],
    ['no document', graph(info)],
    ['an empty graph', graph()],
    ['a graph that is none', { '@graph': 'x' }],
  ])('cannot be read: %s', async (_, bad) => {
    expect(await read(spdx, bad)).toBe('statement.form')
  })
})
