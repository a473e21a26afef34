import { describe, expect, it } from 'vitest'
import { hexOf } from '../../../shared/digest.ts'
import type { Assessed } from '../../../main/evidence/assess.ts'
import { assessed, subject } from '../../support/attacks/evidence.ts'
import { statement } from '../../support/authority/bundle.ts'

/* Verification summaries, scans and statements about vulnerabilities, as rules read them. */

async function read(predicateType: string, predicate: object): Promise<Assessed> {
  const [one] = await assessed([{ content: 'envelope', payload: statement({ predicateType, predicate }) }])
  if (one?.view.result !== 'proven') throw new Error(one?.view.reason?.found)
  return one
}
const own = hexOf(subject)
const other = 'b'.repeat(64)
const wrong = async (type: string, predicate: object): Promise<unknown> =>
  (await read(type, predicate)).view.unreadable?.code

describe('a verification summary', () => {
  const type = 'https://slsa.dev/verification_summary/v1'
  const whole = {
    verifier: { id: 'https://v.test' },
    timeVerified: '2026-01-01T00:00:00Z',
    resourceUri: 'pkg:oci/app',
    verificationResult: 'PASSED',
    verifiedLevels: ['SLSA_BUILD_LEVEL_3'],
  }

  it('says who verified what, and what it came to', async () => {
    expect((await read(type, whole)).summary).toEqual({
      verifier: 'https://v.test',
      resource: 'pkg:oci/app',
      result: 'PASSED',
      levels: ['SLSA_BUILD_LEVEL_3'],
      at: '2026-01-01T00:00:00Z',
    })
  })
  it.each([
    ['no verifier', { ...whole, verifier: {} }],
    ['a verifier without a name', { ...whole, verifier: { id: '' } }],
    ['no result', { ...whole, verificationResult: null }],
    ['levels that are no list', { ...whole, verifiedLevels: 'SLSA_BUILD_LEVEL_3' }],
  ])('is not read: %s', async (_, predicate) => {
    expect(await wrong(type, predicate)).toBe('statement.form')
  })
})

describe('a scan', () => {
  const type = 'https://in-toto.io/attestation/vulns/v0.2'
  const scan = (...result: readonly object[]): object => ({
    scanner: { uri: 'pkg:x/grype', db: { lastUpdate: '2026-01-01T00:00:00Z' }, result },
    metadata: { scanFinishedOn: '2026-01-02T00:00:00Z' },
  })
  const severity = async (...scores: readonly unknown[]): Promise<unknown> =>
    (await read(type, scan({ id: 'CVE-1', severity: scores.map((score) => ({ method: 'm', score })) }))).scan
      ?.findings[0]?.severity

  it('says when, by what knowledge, and what it found', async () => {
    expect((await read(type, scan({ id: 'CVE-1' }))).scan).toEqual({
      scanner: 'pkg:x/grype',
      at: '2026-01-02T00:00:00Z',
      database: '2026-01-01T00:00:00Z',
      findings: [{ id: 'CVE-1', severity: null, parts: [] }],
    })
    expect((await read(type, { scanner: { uri: 'x' } })).scan).toEqual({
      scanner: 'x',
      at: null,
      database: null,
      findings: [],
    })
  })

  it('says where a finding is by the package URLs beside it, whatever they are called', async () => {
    const parts = async (annotations: unknown): Promise<unknown> =>
      (await read(type, scan({ id: 'CVE-1', annotations }))).scan?.findings[0]?.parts
    expect(
      await parts([{ purl: 'pkg:npm/a@1' }, { at: 'pkg:npm/b@1', note: 'x', n: 1 }, 'pkg:npm/c']),
    ).toEqual(['pkg:npm/a@1', 'pkg:npm/b@1'])
    expect(await parts({ purl: 'pkg:npm/a@1' })).toEqual(['pkg:npm/a@1'])
    expect(await parts(null)).toEqual([])
    expect(await parts('pkg:npm/a@1')).toEqual([])
  })

  it.each([
    [['0'], 'none'],
    [[0.1], 'low'],
    [['3.9'], 'low'],
    [['4'], 'medium'],
    [['6.9'], 'medium'],
    [[7], 'high'],
    [['8.9'], 'high'],
    [['9.0'], 'critical'],
    [['10'], 'critical'],
    [['Moderate'], 'medium'],
    [['HIGH', 'low'], 'high'],
    [['CRITICAL', 'odd'], 'critical'],
    [['low', 'odd'], null],
    [['11'], null],
    [['-1'], null],
    [['CVSS:3.1/AV:N'], null],
    [[''], null],
    [[null], null],
    [[], null],
  ])('rates %j as %s', async (scores, answer) => {
    expect(await severity(...scores)).toBe(answer)
  })

  it('is not read: no scanner, a finding without a name', async () => {
    expect(await wrong(type, { scanner: {} })).toBe('statement.form')
    expect(await wrong(type, scan({ severity: [] }))).toBe('statement.form')
  })
})

describe('OpenVEX', () => {
  const type = 'https://openvex.dev/ns/v0.2.0'
  const vex = (...statements: readonly object[]): object => ({
    '@context': type,
    author: 'a',
    timestamp: '2026-01-01T00:00:00Z',
    statements,
  })
  const lines = async (line: object): Promise<unknown> =>
    (
      await read(
        type,
        vex({ vulnerability: { name: 'CVE-1', aliases: ['GHSA-1'] }, status: 'fixed', ...line }),
      )
    ).vex

  it('says of a vulnerability, by all its names, what it is here', async () => {
    const fixed = {
      ids: ['CVE-1', 'GHSA-1'],
      parts: null,
      status: 'fixed',
      lowers: true,
      at: '2026-01-01T00:00:00Z',
    }
    expect(await lines({})).toEqual([fixed])
    expect(await lines({ vulnerability: 'CVE-1', timestamp: '2026-01-05T00:00:00Z' })).toEqual([
      { ...fixed, ids: ['CVE-1'], at: '2026-01-05T00:00:00Z' },
    ])
  })

  it.each([
    [{ status: 'not_affected', justification: 'component_not_present' }, true],
    [{ status: 'not_affected', impact_statement: 'never called' }, true],
    [{ status: 'not_affected' }, false],
    [{ status: 'not_affected', impact_statement: ' ' }, false],
    [{ status: 'affected' }, false],
    [{ status: 'under_investigation' }, false],
    [{ status: 'FIXED' }, false],
    [{ status: 'odd' }, false],
  ])('lowers or not: %j', async (line, lowers) => {
    expect(await lines(line)).toMatchObject([{ lowers }])
  })

  it.each([
    ['its digest in a purl', [{ '@id': `pkg:oci/app@sha256%3A${own}` }], 1],
    ['its digest as text', [`sha256:${own}`], 1],
    ['its hash', [{ '@id': 'x', hashes: { 'sha-256': own } }], 1],
    ['its digest among identifiers', [{ identifiers: { purl: `pkg:oci/app@sha256:${own}` } }], 1],
    ['one of several', ['pkg:oci/x', `pkg:oci/app@sha256:${own}`], 1],
    ['nothing, so what is signed around it', [], 1],
    ['a name without a digest', [{ '@id': 'pkg:oci/app' }], 0],
    ['another digest', [{ '@id': `pkg:oci/app@sha256:${other}` }], 0],
    ['a digest that goes on', [`sha256:${own}0`], 0],
    ['a hash of another kind', [{ '@id': 'x', hashes: { 'sha3-256': own } }], 0],
  ] as const)('is about %s', async (_, products, count) => {
    expect(await lines({ products })).toHaveLength(count)
  })

  const whole = `pkg:oci/app@sha256:${own}`
  it.each([
    [
      'a part of it',
      { products: [{ '@id': whole, subcomponents: [{ '@id': 'pkg:npm/a@1' }] }] },
      ['pkg:npm/a@1'],
    ],
    ['a part by its old form', { products: [whole], subcomponents: ['pkg:npm/a@1'] }, ['pkg:npm/a@1']],
    ['a part of what the statement is about', { subcomponents: ['pkg:npm/a@1'] }, ['pkg:npm/a@1']],
    [
      'parts of it beside the parts of another',
      {
        products: [
          { '@id': whole, subcomponents: [{ identifiers: { purl: 'pkg:npm/a@1' } }] },
          { '@id': 'pkg:oci/other', subcomponents: ['pkg:npm/b@1'] },
        ],
      },
      ['', 'pkg:npm/a@1'],
    ],
    ['a path in it', { products: [`${whole}#usr/lib/a`] }, [`${whole}#usr/lib/a`]],
    [
      'the whole beside a part',
      { products: [whole, { '@id': whole, subcomponents: ['pkg:npm/a@1'] }] },
      null,
    ],
    ['the whole', { products: [{ '@id': whole, subcomponents: [] }], subcomponents: [] }, null],
    [
      'the parts of another beside the whole',
      { products: [whole, { '@id': 'x', subcomponents: ['y'] }] },
      null,
    ],
  ] as const)('names %s', async (_, line, parts) => {
    expect(await lines(line)).toMatchObject([{ parts }])
  })

  it('is not read: of another kind, without an author', async () => {
    expect(await wrong(type, { ...vex(), '@context': 'https://openvex.test' })).toBe('statement.form')
    expect(await wrong(type, { ...vex(), author: '' })).toBe('statement.form')
    const text = statement({ predicateType: type, predicate: 'x' })
    const [one] = await assessed([{ content: 'envelope', payload: text }])
    expect(one?.view.unreadable?.code).toBe('statement.form')
  })
})

describe('CSAF', () => {
  const type = 'https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json'
  const product = { product_id: 'p', product_identification_helper: { purl: `pkg:oci/app@sha256:${own}` } }
  const csaf = (vulnerability: object, tree: object = { full_product_names: [product] }): object => ({
    document: { category: 'csaf_vex', tracking: { current_release_date: '2026-01-01T00:00:00Z' } },
    product_tree: tree,
    vulnerabilities: [{ cve: 'CVE-1', ids: [{ text: 'X-1' }], ...vulnerability }],
  })
  const lines = async (vulnerability: object, tree?: object): Promise<unknown> =>
    (await read(type, csaf(vulnerability, tree))).vex
  const line = (status: string, lowers: boolean): object => ({
    ids: ['CVE-1', 'X-1'],
    parts: null as readonly string[] | null,
    status,
    lowers,
    at: '2026-01-01T00:00:00Z',
  })

  it.each([
    [{ product_status: { fixed: ['p'] } }, [line('fixed', true)]],
    [
      {
        product_status: { known_not_affected: ['p'] },
        flags: [{ label: 'component_not_present', product_ids: ['p'] }],
      },
      [line('known_not_affected', true)],
    ],
    [
      { product_status: { known_not_affected: ['p'] }, threats: [{ category: 'impact' }] },
      [line('known_not_affected', true)],
    ],
    [
      { product_status: { known_not_affected: ['p'] }, threats: [{ category: 'exploit_status' }] },
      [line('known_not_affected', false)],
    ],
    [
      { product_status: { known_not_affected: ['p'] }, flags: [{ label: 'x', product_ids: ['q'] }] },
      [line('known_not_affected', false)],
    ],
    [
      { product_status: { known_affected: ['p'], fixed: ['p'] } },
      [line('known_affected', false), line('fixed', true)],
    ],
    [{ product_status: { under_investigation: ['p'] } }, [line('under_investigation', false)]],
    [{ product_status: { fixed: ['q'] } }, []],
    [{}, []],
  ])('says %j', async (vulnerability, found) => {
    expect(await lines(vulnerability)).toEqual(found)
  })

  it('finds the product in its tree, by purl or hash, and no other', async () => {
    const fixed = { product_status: { fixed: ['p'] } }
    const hashed = (algorithm: string, value: string): object => ({
      full_product_names: [
        {
          product_id: 'p',
          product_identification_helper: { hashes: [{ file_hashes: [{ algorithm, value }] }] },
        },
      ],
    })
    expect(await lines(fixed, { branches: [{ branches: [{ product }] }] })).toHaveLength(1)
    expect(await lines(fixed, hashed('sha256', own))).toHaveLength(1)
    expect(await lines(fixed, hashed('sha512', own))).toEqual([])
    expect(await lines(fixed, hashed('sha256', other))).toEqual([])
    expect(await lines(fixed, { full_product_names: [{ product_id: 'p' }] })).toEqual([])
    expect(await lines(fixed, {})).toEqual([])
  })

  it('is about parts of it where relations or names say so, and about no other', async () => {
    const helper = { purl: 'pkg:npm/a@1' }
    const part = { product_id: 'a', product_identification_helper: helper }
    const tree = (whole: string): object => ({
      full_product_names: [product, part],
      relationships: [
        {
          category: 'default_component_of',
          product_reference: 'a',
          relates_to_product_reference: whole,
          full_product_name: { product_id: 'a-in-p', name: 'a in p' },
        },
      ],
    })
    const fixed = { product_status: { fixed: ['a-in-p'] } }
    expect(await lines(fixed, tree('p'))).toEqual([{ ...line('fixed', true), parts: ['pkg:npm/a@1'] }])
    expect(await lines(fixed, tree('other'))).toEqual([])
    expect(await lines({ product_status: { fixed: ['a'] } }, tree('p'))).toEqual([])
    const purl = `pkg:oci/app@sha256:${own}#usr/lib/a`
    const inside = { product_id: 'p', product_identification_helper: { purl } }
    expect(await lines({ product_status: { fixed: ['p'] } }, { full_product_names: [inside] })).toEqual([
      { ...line('fixed', true), parts: [purl] },
    ])
  })

  it('takes no reason that is given for others or for a group', async () => {
    const status = { product_status: { known_not_affected: ['p'] } }
    const flagged = (flag: object): object => ({
      ...status,
      flags: [{ label: 'component_not_present', ...flag }],
    })
    expect(await lines(flagged({ group_ids: ['g'] }))).toMatchObject([{ lowers: false }])
    expect(await lines(flagged({}))).toMatchObject([{ lowers: true }])
  })

  it('is not read: of another profile', async () => {
    expect(await wrong(type, { ...csaf({}), document: { category: 'csaf_base' } })).toBe('statement.form')
    expect(await wrong(type, csaf({}, { branches: ['x'] }))).toBe('statement.form')
  })
})
