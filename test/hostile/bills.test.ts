import { describe, expect, it } from 'vitest'
import { differenceOf } from '../../main/inspect/difference.ts'
import { listedIn } from '../../main/inspect/packages.ts'
import { assessed } from '../support/attacks/evidence.ts'
import { judged, said } from '../support/item-policy.ts'

/* Bills of materials, scans and statements that are made to cost: they end, and what is not read is said. */

const cyclonedx = 'https://cyclonedx.org/bom'
const bill = (components: readonly unknown[]) =>
  said(cyclonedx, { bomFormat: 'CycloneDX', specVersion: '1.6', components })
const many = (count: number, more: object = {}): object[] =>
  Array.from({ length: count }, () => ({ name: 'a', ...more }))
const why = 'reason: x, since: 2026-01-01'
const free = `free: {signedBy: [alice]}`
const ban = `forbidden: [{purl: 'pkg:npm/bad', versions: '<2.0.0', ${why}}]\n`

describe('a bill of materials', () => {
  it('of 300,000 components is read, and held against what is forbidden', async () => {
    const plans = [bill([...many(300_000), { name: 'bad', purl: 'pkg:npm/bad@1.0.0' }])]
    expect(await judged(plans, 'policy.forbidden', { asks: free, more: ban })).toEqual([
      ['fail forbidden', 'pkg:npm/bad@1.0.0: pkg:npm/bad <2.0.0 (x, since 2026-01-01)'],
    ])
  })

  it('of a million components is too large: nobody says that nothing forbidden is in it', async () => {
    const plans = [bill(many(1_000_000))]
    expect((await judged(plans, 'policy.forbidden', { asks: free, more: ban }))[0]?.[0]).toBe(
      'not-checked too-large',
    )
    expect(
      (await judged(plans, 'policy.sbom', { asks: 'sbom: {signedBy: [alice], unversioned: 0}' }))[0]?.[0],
    ).toBe('not-checked too-large')
  })

  it('of many doubts still shows what is forbidden behind them', async () => {
    const plans = [bill([...many(50_000, { name: 'bad' }), { name: 'x', purl: 'pkg:npm/bad@1.0.0' }])]
    const [[result, found] = ['', '']] = await judged(plans, 'policy.forbidden', { asks: free, more: ban })
    expect(result).toBe('fail forbidden')
    expect(found).toMatch(/^pkg:npm\/bad@1\.0\.0/)
  })

  it('of components deep in components is refused as JSON', async () => {
    let component: object = { name: 'x' }
    for (let i = 0; i < 200; i += 1) component = { name: 'a', components: [component] }
    const [one] = await assessed([bill([component])])
    expect([one?.view.result, one?.bill ?? null]).toEqual(['unknown', null])
  })

  it('of SPDX 3 with hundreds of thousands of ends of one relationship is read', async () => {
    const to = Array.from({ length: 300_000 }, (_, i) => `l${i}`)
    const graph = [
      { type: 'CreationInfo', specVersion: '3.0.1' },
      { type: 'SpdxDocument', rootElement: to },
      { type: 'Relationship', from: 'a', to, relationshipType: 'hasDeclaredLicense' },
    ]
    const [one] = await assessed([said('https://spdx.dev/Document', { '@graph': graph })])
    expect(one?.bill?.components).toEqual([])
  })
})

describe('two bills of materials that are compared', () => {
  const component = (purl: string) => ({
    ...{ name: 'a', version: null, purls: [purl], licences: [], hashes: [], supplier: null },
  })
  const counts = (before: readonly string[], now: readonly string[]) =>
    differenceOf(
      listedIn([{ components: before.map(component) }]),
      listedIn([{ components: now.map(component) }]),
    ).counts

  it('of 200,000 packages each are compared whole', () => {
    const list = (version: number): string[] =>
      Array.from({ length: 200_000 }, (_, i) => `pkg:npm/p${i}@${i === 7 ? version : 1}`)
    expect(counts(list(1), list(2))).toMatchObject({ added: 0, removed: 0, changed: 1 })
  })

  it('of one package in as many versions, of names that are all slashes, and of names of objects end', () => {
    const versions = Array.from({ length: 200_000 }, (_, i) => `pkg:npm/a@${i}`)
    expect(counts(versions, versions.slice(1))).toMatchObject({ changed: 1 })
    const slashes = Array.from({ length: 2000 }, (_, i) => `pkg:npm/a${'/'.repeat(8000)}b@${i}`)
    expect(counts(slashes, [])).toMatchObject({ removed: 1 })
    expect(counts(['pkg:npm/__proto__@1'], ['pkg:npm/__proto__@2', 'pkg:npm/constructor@1'])).toMatchObject({
      ...{ changed: 1, added: 1 },
    })
  })
})

describe('statements about findings', () => {
  it('of 50,000 lines over 50,000 findings end', async () => {
    const ids = Array.from({ length: 50_000 }, (_, i) => `CVE-${i}`)
    const scan = said('https://in-toto.io/attestation/vulns/v0.2', {
      scanner: { uri: 'x', result: ids.map((id) => ({ id, severity: [{ score: 'high' }] })) },
    })
    const vex = said('https://openvex.dev/ns', {
      '@context': 'https://openvex.dev/ns',
      author: 'a',
      timestamp: '2026-01-10T11:00:00Z',
      statements: ids.map((name) => ({ vulnerability: { name }, status: 'fixed' })),
    })
    const asks = 'scan: {signedBy: [alice], highest: low, vex: [alice]}'
    expect((await judged([scan, vex], 'policy.scan', { asks }))[0]?.[0]).toBe('pass as-expected')
  })
})
