import { describe, expect, it } from 'vitest'
import { subject } from '../../support/attacks/evidence.ts'
import type { BundlePlan } from '../../support/authority/bundle.ts'
import { byBob, judged, results, said } from '../../support/item-policy.ts'

/* Scans, and the words of those whom a rule names about what was found. */

type Found = readonly [id: string, score: unknown, ...parts: string[]]
const scan = (found: readonly Found[], more: BundlePlan = {}, change: object = {}): BundlePlan =>
  said(
    'https://in-toto.io/attestation/vulns/v0.2',
    {
      scanner: {
        uri: 'pkg:x/grype',
        db: { lastUpdate: '2026-01-09T00:00:00Z' },
        result: found.map(([id, score, ...parts]) => ({
          id,
          severity: [{ method: 'm', score }],
          annotations: parts.map((purl) => ({ purl })),
        })),
      },
      metadata: { scanFinishedOn: '2026-01-10T11:00:00Z' },
      ...change,
    },
    more,
  )
// As “cosign attest --type vuln” writes it.
const raw = (result: unknown): BundlePlan =>
  said('https://cosign.sigstore.dev/attestation/vuln/v1', {
    invocation: { parameters: null, uri: '', event_id: '', 'builder.id': '' },
    scanner: { uri: 'pkg:x/scanner', version: '1', db: { uri: '', version: '' }, result },
    metadata: { scanStartedOn: '2026-01-10T10:00:00Z', scanFinishedOn: '2026-01-10T11:00:00Z' },
  })
const vex = (line: object, more: BundlePlan = byBob): BundlePlan =>
  said(
    'https://openvex.dev/ns/v0.2.0',
    {
      '@context': 'https://openvex.dev/ns/v0.2.0',
      author: 'Bob',
      timestamp: '2026-01-10T11:30:00Z',
      statements: [
        {
          vulnerability: { name: 'CVE-1' },
          status: 'not_affected',
          justification: 'component_not_present',
          ...line,
        },
      ],
    },
    more,
  )
const rule = 'scan: {signedBy: [alice], highest: medium, vex: [bob]}'

async function outcome(
  plans: readonly BundlePlan[],
  asks = rule,
  knows?: Parameters<typeof judged>[2]['knows'],
): Promise<string> {
  const [[result, found] = ['', '']] = await judged(plans, 'policy.scan', { asks, ...(knows && { knows }) })
  return result.startsWith('pass') ? 'pass' : `${result}: ${found}`
}
const bad: Found = ['CVE-1', 'high']

describe('a scan', () => {
  it.each([
    ['of nothing', [scan([])], 'pass'],
    [
      'of what is let pass',
      [
        scan([
          ['CVE-1', 'medium'],
          ['CVE-2', '0.1'],
        ]),
      ],
      'pass',
    ],
    ['of something worse', [scan([bad])], 'fail findings: CVE-1 (high)'],
    [
      'of something that nobody rated',
      [scan([['CVE-1', 'odd']])],
      'not-checked severity: CVE-1 (how bad is not said)',
    ],
    [
      'by another',
      [scan([], byBob)],
      'fail differs: signed by bob@priv.test, vouched for by https://issuer.priv.test',
    ],
    ['that is none', [], 'fail none: none'],
    ['that cannot be read', [scan([], {}, { scanner: {} })], 'fail differs: a scan that cannot be read'],
    ['beside a kinder one', [scan([]), scan([bad])], 'fail findings: CVE-1 (high)'],
    ['in the output of a scanner that is not read', [raw({})], 'fail differs: a scan that cannot be read'],
    ['in the output of none', [raw(null)], 'fail differs: a scan that cannot be read'],
    ['in cosign’s form, of nothing', [raw({ SchemaVersion: 2, Results: [] })], 'pass'],
    [
      'in cosign’s form, of something worse',
      [
        raw({
          SchemaVersion: 2,
          Results: [{ Vulnerabilities: [{ VulnerabilityID: 'CVE-1', Severity: 'HIGH' }] }],
        }),
      ],
      'fail findings: CVE-1 (high)',
    ],
  ] as const)('%s', async (_, plans, answer) => {
    expect(await outcome(plans)).toBe(answer)
  })

  it('by nobody known is not checked', async () => {
    expect(await outcome([scan([])], rule, { roots: [], keys: [] })).toMatch(/^not-checked nobody-known/)
  })

  it('that is let pass whatever it finds is a scan', async () => {
    expect(
      await outcome(
        [
          scan([
            ['CVE-1', 'critical'],
            ['CVE-2', 'odd'],
          ]),
        ],
        'scan: {signedBy: [alice], highest: critical}',
      ),
    ).toBe('pass')
    expect(await outcome([scan([['CVE-1', 'low']])], 'scan: {signedBy: [alice], highest: none}')).toBe(
      'fail findings: CVE-1 (low)',
    )
  })

  it('names five findings and says how many more there are', async () => {
    const many = Array.from({ length: 7 }, (_, i): Found => [`CVE-${i}`, 'critical'])
    expect(await outcome([scan(many)])).toMatch(/CVE-4 \(critical\), 2 more$/)
  })

  it('has an age, and so has what the scanner knew', async () => {
    const ages = (change: object, more: string): Promise<string[]> =>
      results([scan([], {}, change)], 'policy.freshness', {
        asks: `scan: {signedBy: [alice], highest: low, ${more}}`,
      })
    const uri = 'x'
    expect(await ages({}, 'maxAge: 1, databaseMaxAge: 2')).toEqual(['pass as-expected', 'pass as-expected'])
    expect(await ages({}, 'databaseMaxAge: 1')).toEqual(['fail too-old'])
    expect(await ages({ metadata: { scanFinishedOn: '2025-01-01T00:00:00Z' } }, 'maxAge: 1')).toEqual([
      'fail too-old',
    ])
    expect(await ages({ scanner: { uri } }, 'databaseMaxAge: 9')).toEqual(['not-checked time-form'])
    expect(
      await ages({ scanner: { uri, db: { lastUpdate: '2030-01-01T00:00:00Z' } } }, 'databaseMaxAge: 9'),
    ).toEqual(['fail future'])
    expect(
      await results([], 'policy.freshness', { asks: 'scan: {signedBy: [alice], highest: low, maxAge: 1}' }),
    ).toEqual(['not-checked nothing-counts'])
  })
})

describe('a statement about a finding', () => {
  it.each([
    ['that it is not there', vex({}), 'pass'],
    ['that it is fixed', vex({ status: 'fixed' }), 'pass'],
    ['by another name of it', vex({ vulnerability: { name: 'GHSA-1', aliases: ['CVE-1'] } }), 'pass'],
    ['without a reason', vex({ justification: '' }), 'fail findings: CVE-1 (high)'],
    ['that it is', vex({ status: 'affected' }), 'fail findings: CVE-1 (high)'],
    ['of another finding', vex({ vulnerability: { name: 'CVE-2' } }), 'fail findings: CVE-1 (high)'],
    ['of another product', vex({ products: ['pkg:oci/other'] }), 'fail findings: CVE-1 (high)'],
    ['by somebody who is not named for it', vex({}, {}), 'fail findings: CVE-1 (high)'],
    ['from a later day', vex({ timestamp: '2026-02-01T00:00:00Z' }), 'fail findings: CVE-1 (high)'],
    ['of a day that is none', vex({ timestamp: 'today' }), 'fail findings: CVE-1 (high)'],
  ])('%s', async (_, line, answer) => {
    expect(await outcome([scan([bad]), line])).toBe(answer)
  })

  it('lowers nothing where no rule names its author', async () => {
    expect(await outcome([scan([bad]), vex({})], 'scan: {signedBy: [alice], highest: medium}')).toMatch(
      /^fail findings/,
    )
  })

  it('gives way to a later one; of two at one time to the worse', async () => {
    const on = (timestamp: string, status: string): BundlePlan => vex({ timestamp, status })
    const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-05T00:00:00Z']
    expect(await outcome([scan([bad]), on(early, 'affected'), on(late, 'fixed')])).toBe('pass')
    expect(await outcome([scan([bad]), on(late, 'affected'), on(early, 'fixed')])).toMatch(/^fail findings/)
    expect(await outcome([scan([bad]), on(late, 'affected'), on(late, 'fixed')])).toMatch(/^fail findings/)
    expect(await outcome([scan([bad]), on('whenever', 'affected'), on(late, 'fixed')])).toMatch(
      /^fail findings/,
    )
  })

  it('lowers what nobody rated', async () => {
    expect(await outcome([scan([['CVE-1', 'odd']]), vex({})])).toBe('pass')
  })
})

describe('a statement about a part', () => {
  const [a, b] = ['pkg:npm/%40x/a@1.0.0', 'pkg:npm/b@1.0.0']
  const image = `pkg:oci/app@${subject}`
  const about = (...subcomponents: readonly string[]): BundlePlan =>
    vex({ products: [{ '@id': image, subcomponents: subcomponents.map((id) => ({ '@id': id })) }] })
  const stays = /^fail findings: CVE-1 \(high\)$/
  const open = (...parts: string[]): Found => ['CVE-1', 'high', ...parts]

  it.each([
    ['where the scan does not say which part', [scan([open()]), about(a)]],
    ['of another part', [scan([open(b)]), about(a)]],
    ['of one of two parts', [scan([open(a, b)]), about(a)]],
    ['of another version of it', [scan([open(a)]), about('pkg:npm/%40x/a@1.0.1')]],
    ['of it without a version', [scan([open(a)]), about('pkg:npm/%40x/a')]],
    ['of a path in it', [scan([open(a)]), vex({ products: [`${image}#usr/lib/a`] })]],
    ['beside the same finding elsewhere', [scan([open(a), open(b)]), about(a)]],
    ['as a product of its own', [scan([open(a)]), vex({ products: [a] })]],
    ['of another image', [scan([open(a)]), vex({ products: [{ '@id': 'x', subcomponents: [a] }] })]],
  ] as const)('lowers nothing: %s', async (_, plans) => {
    expect(await outcome(plans)).toMatch(stays)
  })

  it.each([
    ['that the scan names', [scan([open(a)]), about(a)]],
    ['in another spelling', [scan([open(a)]), about('pkg:npm/@x/a@1.0.0')]],
    ['of each of them', [scan([open(a), open(b)]), about(a, b)]],
    ['beside a word about the whole', [scan([open()]), about(a), vex({})]],
  ] as const)('lowers a finding: %s', async (_, plans) => {
    expect(await outcome(plans)).toBe('pass')
  })

  it('takes back an earlier word about the whole where it is against it, and no other', async () => {
    const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-05T00:00:00Z']
    const part = { products: [{ '@id': image, subcomponents: [b] }] }
    const fixed = vex({ timestamp: early, status: 'fixed' })
    const affected = vex({ ...part, timestamp: late, status: 'affected' })
    expect(await outcome([scan([open(a)]), fixed, affected])).toMatch(stays)
    const denied = vex({ timestamp: early, status: 'affected' })
    expect(await outcome([scan([open(a)]), denied, vex({ ...part, timestamp: late })])).toMatch(stays)
  })
})
