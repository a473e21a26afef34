import { describe, expect, it } from 'vitest'
import { statement, type BundlePlan } from '../../support/authority/bundle.ts'
import { byBob, byKey, judged, results, said } from '../../support/item-policy.ts'

/* Verification summaries: each of SLSA’s steps by a case that fails in it alone. */

const whole = {
  verifier: { id: 'https://verifier.test' },
  timeVerified: '2026-01-10T11:00:00Z',
  resourceUri: 'pkg:oci/app',
  verificationResult: 'PASSED',
  verifiedLevels: ['SLSA_BUILD_LEVEL_3', 'ORG_REVIEWED'],
}
const vsa = (change: object = {}, more: BundlePlan = {}): BundlePlan =>
  said('https://slsa.dev/verification_summary/v1', { ...whole, ...change }, more)
const rule = (levels = 'SLSA_BUILD_LEVEL_2', more = ''): string =>
  `summary: [{verifier: 'https://verifier.test', signedBy: alice, resource: 'pkg:oci/*', levels: [${levels}]${more}}]`

async function outcome(
  plans: readonly BundlePlan[],
  asks = rule(),
  knows?: Parameters<typeof judged>[2]['knows'],
): Promise<string> {
  const [[result, found] = ['', '']] = await judged(plans, 'policy.summary', {
    asks,
    ...(knows && { knows }),
  })
  return result.startsWith('pass') ? 'pass' : `${result}: ${found}`
}

describe('a verification summary', () => {
  it('passes with everything, and with more than is asked', async () => {
    expect(await outcome([vsa()])).toBe('pass')
    expect(await outcome([vsa()], rule('SLSA_BUILD_LEVEL_3, ORG_REVIEWED'))).toBe('pass')
  })

  it.each([
    [
      'signed by another',
      vsa({}, byBob),
      'fail differs: signed by bob@priv.test, vouched for by https://issuer.priv.test',
    ],
    [
      'of another verifier',
      vsa({ verifier: { id: 'https://verifier.test/' } }),
      'fail differs: verified by https://verifier.test/',
    ],
    ['of another thing', vsa({ resourceUri: 'pkg:npm/app' }), 'fail differs: as pkg:npm/app'],
    [
      'that failed',
      vsa({ verificationResult: 'FAILED' }),
      'fail failed-there: FAILED, verified by https://verifier.test',
    ],
    [
      'with another word for it',
      vsa({ verificationResult: 'passed' }),
      'fail failed-there: passed, verified by https://verifier.test',
    ],
    [
      'below the level',
      vsa({ verifiedLevels: ['SLSA_BUILD_LEVEL_1'] }),
      'fail differs: without SLSA_BUILD_LEVEL_2',
    ],
    [
      'of another track',
      vsa({ verifiedLevels: ['SLSA_SOURCE_LEVEL_3'] }),
      'fail differs: without SLSA_BUILD_LEVEL_2',
    ],
    ['without levels', vsa({ verifiedLevels: null }), 'fail differs: without SLSA_BUILD_LEVEL_2'],
    ['that cannot be read', vsa({ verifier: null }), 'fail differs: a summary that cannot be read'],
    ['of another type', said('https://slsa.dev/verification_summary/v2', whole), 'fail none: none'],
  ])('%s does not', async (_, plan, answer) => {
    expect(await outcome([plan])).toBe(answer)
  })

  // Provenance states no level: a rule that asks for one asks a verifier whom it names, about this very digest.
  it.each([
    ['SLSA_BUILD_LEVEL_0', 'SLSA_BUILD_LEVEL_1', false],
    ['SLSA_BUILD_LEVEL_1', 'SLSA_BUILD_LEVEL_1', true],
    ['SLSA_BUILD_LEVEL_2', 'SLSA_BUILD_LEVEL_3', false],
    ['SLSA_BUILD_LEVEL_3', 'SLSA_BUILD_LEVEL_1', true],
    ['SLSA_BUILD_LEVEL_4', 'SLSA_BUILD_LEVEL_3', true],
    ['SLSA_BUILD_LEVEL_UNEVALUATED', 'SLSA_BUILD_LEVEL_1', false],
    ['SLSA_BUILD_LEVEL_10', 'SLSA_BUILD_LEVEL_2', false],
    ['slsa_build_level_3', 'SLSA_BUILD_LEVEL_2', false],
  ])('that states %s, where %s is asked', async (stated, asked, answer) => {
    const found = await outcome([vsa({ verifiedLevels: [stated] })], rule(asked))
    expect(found).toBe(answer ? 'pass' : `fail differs: without ${asked}`)
  })

  it('is asked beside a statement of the build, which says nothing of a level', async () => {
    const provenance = said('https://slsa.dev/provenance/v1', { verifiedLevels: ['SLSA_BUILD_LEVEL_3'] })
    expect(await outcome([provenance])).toBe('fail none: none')
    const other = statement({
      subject: [{ name: 'other', digest: { sha256: 'b'.repeat(64) } }],
      predicateType: 'https://slsa.dev/verification_summary/v1',
      predicate: whole,
    })
    expect(await outcome([{ content: 'envelope', payload: other }])).toMatch(/^fail none/)
  })

  it('that failed stops, whatever another one says; one by a stranger does not', async () => {
    const failed = { verificationResult: 'FAILED' }
    expect(await outcome([vsa(), vsa(failed)])).toMatch(/^fail failed-there/)
    expect(await outcome([vsa(), vsa(failed, byBob)])).toBe('pass')
    expect(await outcome([vsa(), vsa({ ...failed, verifier: { id: 'https://other.test' } })])).toBe('pass')
  })

  it('by nobody known is not checked', async () => {
    expect(await outcome([vsa({}, byKey)], rule(), { roots: [], keys: [] })).toMatch(
      /^not-checked nobody-known/,
    )
  })

  it('has an age, by what is proven and what it says', async () => {
    const at = (timeVerified: unknown): Promise<string[]> =>
      results([vsa({ timeVerified })], 'policy.freshness', {
        asks: rule('SLSA_BUILD_LEVEL_2', ', maxAge: 7'),
      })
    expect(await at('2026-01-10T11:00:00Z')).toEqual(['pass as-expected'])
    expect(await at('2026-01-01T11:00:00Z')).toEqual(['fail too-old'])
    expect(await at('2027-01-01T11:00:00Z')).toEqual(['fail future'])
    expect(
      await results([], 'policy.freshness', { asks: rule('SLSA_BUILD_LEVEL_2', ', maxAge: 7') }),
    ).toEqual(['not-checked nothing-counts'])
  })
})
