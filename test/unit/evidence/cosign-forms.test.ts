import { describe, expect, it } from 'vitest'
import type { Assessed } from '../../../main/evidence/assess.ts'
import { assessed } from '../../support/attacks/evidence.ts'
import { statement } from '../../support/authority/bundle.ts'

/* Statements as cosign made them, and what scans, summaries and words about findings say in a line. */

async function read(predicateType: string, predicate: object): Promise<Assessed> {
  const [one] = await assessed([{ content: 'envelope', payload: statement({ predicateType, predicate }) }])
  if (one?.view.result !== 'proven') throw new Error(one?.view.reason?.found)
  return one
}
const says = async (type: string, predicate: object): Promise<unknown> =>
  (await read(type, predicate)).view.says
const wrong = async (type: string, predicate: object): Promise<unknown> =>
  (await read(type, predicate)).view.unreadable?.code

describe('a scan in cosign’s own form', () => {
  const type = 'https://cosign.sigstore.dev/attestation/vuln/v1'
  const raw = (result: unknown): object => ({
    scanner: { uri: 'pkg:x/s', version: '1', db: { uri: '', version: '' }, result },
    metadata: { scanStartedOn: '2026-01-02T00:00:00Z', scanFinishedOn: '2026-01-02T01:00:00Z' },
  })
  const found = async (result: unknown): Promise<unknown> => (await read(type, raw(result))).scan?.findings
  const trivy = (...Vulnerabilities: readonly object[]): object => ({
    SchemaVersion: 2,
    ArtifactName: 'app',
    Results: [
      { Target: 'app', Class: 'os-pkgs' },
      { Target: 'lock', Vulnerabilities },
    ],
  })
  const grype = (more: object): object => ({
    matches: [],
    descriptor: { name: 'grype', version: '0.90' },
    ...more,
  })
  const match = (id: string, severity?: string): object => ({
    vulnerability: { id, severity },
    artifact: { name: 'a', purl: 'pkg:npm/a@1' },
  })

  it('is read of Trivy, with what it was told to leave out', async () => {
    const one = { VulnerabilityID: 'CVE-1', Severity: 'CRITICAL', PkgIdentifier: { PURL: 'pkg:npm/a@1' } }
    const modified = {
      Type: 'vulnerability',
      Status: 'ignored',
      Finding: { ...one, VulnerabilityID: 'CVE-2' },
    }
    const result = {
      SchemaVersion: 2,
      Results: [{ Vulnerabilities: [one], ExperimentalModifiedFindings: [modified] }],
    }
    const finding = { id: 'CVE-1', severity: 'critical', parts: ['pkg:npm/a@1'] }
    expect(await found(result)).toEqual([finding, { ...finding, id: 'CVE-2' }])
    expect(await found(trivy({ VulnerabilityID: 'CVE-1', Severity: 'UNKNOWN' }))).toEqual([
      { id: 'CVE-1', severity: null, parts: [] },
    ])
    expect(await found(trivy())).toEqual([])
  })

  it('is read of Grype, with what it was told to leave out', async () => {
    const more = {
      matches: [match('CVE-1', 'High'), match('CVE-2', 'Negligible')],
      ignoredMatches: [match('CVE-3')],
    }
    expect(await found(grype(more))).toEqual([
      { id: 'CVE-1', severity: 'high', parts: ['pkg:npm/a@1'] },
      { id: 'CVE-2', severity: 'low', parts: ['pkg:npm/a@1'] },
      { id: 'CVE-3', severity: null, parts: ['pkg:npm/a@1'] },
    ])
  })

  it('says when, and not by what knowledge', async () => {
    const { scan } = await read(type, raw(trivy()))
    expect(scan).toMatchObject({ scanner: 'pkg:x/s', at: '2026-01-02T01:00:00Z', database: null })
  })

  it.each([
    ['no output', null],
    ['another scanner', { vulnerabilities: [] }],
    ['a list', []],
    ['text', '{"SchemaVersion":2,"Results":[]}'],
    ['an older Trivy', { SchemaVersion: 1, Results: [] }],
    ['Trivy without results', { SchemaVersion: 2 }],
    ['matches of nobody', { matches: [] }],
  ])('is no scan: %s', async (_, result) => {
    expect((await read(type, raw(result))).scan).toBeNull()
  })

  it.each([
    ['Trivy with results that are none', { SchemaVersion: 2, Results: null }],
    ['a finding without a name', trivy({ Severity: 'LOW' })],
    [
      'something left out that is not understood',
      { SchemaVersion: 2, Results: [{ ExperimentalModifiedFindings: [{}] }] },
    ],
    ['Grype with matches that are none', grype({ matches: null })],
    ['a match without a name', grype({ matches: [{ vulnerability: {} }] })],
  ])('is not read: %s', async (_, result) => {
    expect(await wrong(type, raw(result))).toBe('statement.form')
  })
})

describe('a predicate as cosign before version 2 wrapped it', () => {
  const type = 'https://spdx.dev/Document'
  const document = {
    spdxVersion: 'SPDX-2.2',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: 'app',
    creationInfo: { created: '2022-08-04T00:00:00Z', creators: ['Tool: syft'] },
    packages: [{ name: 'bad', SPDXID: 'SPDXRef-1', versionInfo: '1' }],
  }
  const Timestamp = '2026-08-04T10:00:00Z'
  const names = async (predicate: object): Promise<unknown> =>
    (await read(type, predicate)).bill?.components.map(({ name }) => name)

  it('is the document in it, or its text; what is said of a time outside proves none', async () => {
    expect(await names({ Data: document, Timestamp })).toEqual(['bad'])
    expect(await names({ Data: JSON.stringify(document), Timestamp })).toEqual(['bad'])
    const { bill } = await read(type, { Data: document, Timestamp })
    expect(bill?.created).toBe('2022-08-04T00:00:00Z')
  })

  it('is a scan, too', async () => {
    const Data = { scanner: { uri: 'x', result: [{ id: 'CVE-1', severity: [{ score: 'high' }] }] } }
    const { scan } = await read('https://in-toto.io/attestation/vulns/v0.2', { Data, Timestamp })
    expect(scan?.findings).toHaveLength(1)
  })

  it.each([
    ['with anything beside it', { Data: document, Timestamp, more: 1 }],
    ['without a time', { Data: document }],
    ['with a time that is no text', { Data: document, Timestamp: 1 }],
    ['of text that is no JSON', { Data: 'SPDXVersion: SPDX-2.2', Timestamp }],
    ['of JSON that says a thing twice', { Data: '{"spdxVersion":"SPDX-2.2","spdxVersion":"x"}', Timestamp }],
    ['of one that is wrapped again', { Data: { Data: document, Timestamp }, Timestamp }],
    ['of nothing', { Data: null, Timestamp }],
  ])('is not read %s', async (_, predicate) => {
    expect(await wrong(type, predicate)).toBe('statement.form')
  })

  it('by nobody known still names what is in it', async () => {
    const payload = statement({ predicateType: type, predicate: { Data: document, Timestamp } })
    const [one] = await assessed([{ content: 'envelope', payload }], { roots: [], keys: [] })
    expect(one?.saidBill?.components.map(({ name }) => name)).toEqual(['bad'])
  })
})

describe('what such a statement says, in a line', () => {
  const scanType = 'https://in-toto.io/attestation/vulns/v0.2'
  const vexType = 'https://openvex.dev/ns/v0.2.0'
  const found = (...scores: readonly unknown[]): object => ({
    scanner: {
      uri: 'x\u202e',
      result: scores.map((score, i) => ({ id: `CVE-${i}`, severity: [{ score }] })),
    },
    metadata: { scanFinishedOn: '2026-01-02T00:00:00Z' },
  })
  const vex = (statements: readonly object[]): object => ({ '@context': vexType, author: 'a', statements })
  const line = (name: string, more: object = {}): object => ({
    vulnerability: { name },
    status: 'fixed',
    ...more,
  })

  it.each([
    [scanType, found(), '0 findings; scanned by x\\u{202e} at 2026-01-02T00:00:00Z'],
    [
      scanType,
      found('low', 'odd', 'high'),
      '3 findings, the worst high, 1 not rated; scanned by x\\u{202e} at 2026-01-02T00:00:00Z',
    ],
    [scanType, { scanner: { uri: 'x' } }, '0 findings; scanned by x'],
    [
      'https://slsa.dev/verification_summary/v1',
      {
        verifier: { id: 'v' },
        resourceUri: 'r',
        verificationResult: 'PASSED',
        verifiedLevels: ['SLSA_BUILD_LEVEL_3'],
      },
      'PASSED with SLSA_BUILD_LEVEL_3, verified by v as r',
    ],
    [
      'https://slsa.dev/verification_summary/v1',
      { verifier: { id: 'v' }, resourceUri: 'r', verificationResult: 'FAILED' },
      'FAILED, verified by v as r',
    ],
    [
      vexType,
      vex([line('CVE-1'), line('CVE-2', { subcomponents: ['pkg:npm/a'] })]),
      'CVE-1 fixed; CVE-2 fixed, of a part',
    ],
    [vexType, vex([line('CVE-1', { products: ['pkg:oci/other'] })]), 'nothing about exactly this'],
    [
      vexType,
      vex(Array.from({ length: 7 }, (_, i) => line(`C-${i}`))),
      'C-0 fixed; C-1 fixed; C-2 fixed; C-3 fixed; C-4 fixed; 2 more',
    ],
    ['https://slsa.dev/provenance/v9', {}, null],
  ])('%s: %j', async (type, predicate, words) => {
    expect(await says(type, predicate)).toBe(words)
  })

  it('is not said of what nobody known signed', async () => {
    const payload = statement({ predicateType: scanType, predicate: found('high') })
    const [one] = await assessed([{ content: 'envelope', payload }], { roots: [], keys: [] })
    expect([one?.view.result, one?.view.says]).toEqual(['unknown', null])
  })
})
