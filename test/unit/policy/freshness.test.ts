import { describe, expect, it } from 'vitest'
import { readTime } from '../../../main/policy/age.ts'
import { signatureType } from '../../../main/evidence/judge.ts'
import { build, predicate1, provenance } from '../../support/attacks/provenance.ts'
import { byBob, byKey, judged, results, said } from '../../support/item-policy.ts'

/* Ages, by what is proven: never by what is only said, never a pass where nobody knows. */

const signed = said(signatureType, {})
const fresh = 'policy.freshness'
const day = (n: number): string =>
  new Date(Date.parse('2026-01-10T12:00:00Z') + n * 86_400_000).toISOString().replace('.000', '')
const rule = 'signedBy: {identities: [alice], maxAge: 30}'

describe('the age of a signature', () => {
  it.each([
    [30, 'pass as-expected'],
    [0, 'pass as-expected'],
    [30.001, 'fail too-old'],
    [400, 'fail too-old'],
    [-1, 'not-checked clock-behind'],
  ])('after %s days: %s', async (days, answer) => {
    expect(await results([signed], fresh, { asks: rule, time: { now: day(days) } })).toEqual([answer])
  })

  it('is not known where the clock is behind what is proven, and old where even that is old', async () => {
    const at = (now: number, floor: number): Promise<string[]> =>
      results([signed], fresh, { asks: rule, time: { now: day(now), floor: day(floor) } })
    expect(await at(1, 5)).toEqual(['not-checked clock-behind'])
    expect(await at(1, 50)).toEqual(['fail too-old'])
    expect(await at(5, 1)).toEqual(['pass as-expected'])
  })

  it('of a key without a log or an authority is not known', async () => {
    const asks = 'signedBy: {identities: [key], maxAge: 30}'
    expect(await results([said(signatureType, {}, byKey)], fresh, { asks })).toEqual(['not-checked no-time'])
    expect(await results([said(signatureType, {}, { signer: 'key' })], fresh, { asks })).toEqual([
      'pass as-expected',
    ])
  })

  it('is that of what counts: nothing to date, somebody else’s, one of two that are asked for', async () => {
    expect(await judged([], fresh, { asks: rule })).toEqual([
      ['not-checked nothing-counts', 'nothing that counts'],
    ])
    expect(await results([said(signatureType, {}, byBob)], fresh, { asks: rule })).toEqual([
      'not-checked nothing-counts',
    ])
    const two = 'signedBy: {identities: [alice, key], least: 2, maxAge: 30}'
    expect(await results([signed, said(signatureType, {}, byKey)], fresh, { asks: two })).toEqual([
      'not-checked no-time',
    ])
  })

  it('is said in days, with the time that it counts from, and why it is not known', async () => {
    const at = (now: string) => judged([signed], fresh, { asks: rule, time: { now } })
    expect(await at(day(2.5))).toEqual([['pass as-expected', 'of 2026-01-10T12:00:00.000Z, 2 days ago']])
    expect(await at(day(40))).toEqual([['fail too-old', 'of 2026-01-10T12:00:00.000Z, 40 days ago']])
    expect(await at(day(-1))).toEqual([
      [
        'not-checked clock-behind',
        `signed at 2026-01-10T12:00:00.000Z; the clock of this desk says ${day(-1)}`,
      ],
    ])
  })

  it('is not asked unless a rule asks for it', async () => {
    expect(
      await results([signed], fresh, { asks: 'signedBy: {identities: [alice]}', time: { now: day(4000) } }),
    ).toEqual([])
  })
})

describe('the age of what a document says of itself', () => {
  const spdx = (created: unknown) =>
    said('https://spdx.dev/Document', { spdxVersion: 'SPDX-2.3', creationInfo: { created } })
  const sbom = (created: unknown): Promise<string[]> =>
    results([spdx(created)], fresh, { asks: 'sbom: {signedBy: [alice], maxAge: 30}' })

  it.each([
    ['2026-01-10T11:59:00Z', 'pass as-expected'],
    ['2025-12-12T00:00:00Z', 'pass as-expected'],
    ['2025-12-11T00:00:00Z', 'fail too-old'],
    ['2026-01-12T11:00:00Z', 'pass as-expected'],
    ['2026-01-12T13:00:00Z', 'fail future'],
    ['2099-01-01T00:00:00Z', 'fail future'],
    ['yesterday', 'not-checked time-form'],
    ['2026-01-10', 'not-checked time-form'],
    ['2026-02-30T00:00:00Z', 'not-checked time-form'],
    [null, 'pass as-expected'],
  ])('made %s: %s', async (created, answer) => {
    expect(await sbom(created)).toEqual([answer])
  })

  it('is read with its zone', () => {
    expect(readTime('2026-01-01T02:00:00+02:00')).toBe(Date.parse('2026-01-01T00:00:00Z'))
    expect(
      ['2026-01-01T00:00:00', '2026-13-01T00:00:00Z', '', '1', '2026-01-01T00:00:00Zx'].map(readTime),
    ).toEqual([null, null, null, null, null])
  })

  it('counts for builds by the rule that fits', async () => {
    const at = (finishedOn: string): object => {
      const whole = predicate1({}) as { runDetails: object }
      return { ...whole, runDetails: { ...whole.runDetails, metadata: { finishedOn } } }
    }
    const asks = (days: string): string =>
      `provenance: [{builder: '${build.workflow}', signedBy: builder, ${days}}]`
    const one = (finishedOn: string, days: string): Promise<string[]> =>
      results([provenance({ predicate: at(finishedOn) })], fresh, { asks: asks(days) })
    expect(await one('2026-01-09T00:00:00Z', 'maxAge: 2')).toEqual(['pass as-expected'])
    expect(await one('2026-01-07T00:00:00Z', 'maxAge: 2')).toEqual(['fail too-old'])
    expect(await one('2099-01-07T00:00:00Z', 'maxAge: 2')).toEqual(['fail future'])
    expect(await results([], fresh, { asks: asks('maxAge: 2') })).toEqual(['not-checked nothing-counts'])
    const either = asks("maxAge: 2}, {builder: 'https://other.test', signedBy: builder")
    expect(
      await results([provenance({ predicate: at('2026-01-07T00:00:00Z') })], fresh, { asks: either }),
    ).toEqual(['fail too-old'])
  })
})
