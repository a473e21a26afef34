import { join } from 'node:path'
import { readFile, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linesOf, sallyport, type Ended, type Said } from '../support/command-line.ts'
import {
  decideBoth,
  makeBundle,
  makeCrossing,
  signing,
  type Crossing,
  type PersonId,
} from '../support/desks.ts'
import { forgeLedger } from '../support/forge-ledger.ts'
import { highDesk } from '../support/high-desk.ts'
import { makeOfficers } from '../support/officers.ts'

/* Exceptions from checks: by two people, with a reason and an end, counted apart and never a pass. */

let crossing: Crossing
const { verify, half } = highDesk(() => crossing)
const until = '2026-12-01T00:00:00Z'
const at = (...words: string[]): Promise<Ended> =>
  sallyport([...words, '--desk', crossing.high], crossing.clock)
const override = (id: string, person: PersonId, check: string, ...more: string[]): Promise<Ended> =>
  at(
    'override',
    id,
    '--check',
    check,
    '--reason',
    'Agreed with the owner',
    '--until',
    until,
    ...more,
    ...signing(crossing, person),
  )
const failureOf = async (ended: Promise<Ended>): Promise<string> => (await ended).json.failure.code
const resultOf = (said: Said, check: string): string | undefined =>
  said.checks.find((one) => one.id === check)?.result

let id: string
let folder: string
beforeEach(async () => {
  crossing = await makeCrossing()
  const policy = join(crossing.folder, 'short.yaml')
  await writeFile(policy, 'sallyport: policy/v1\nversion: 2\nlifetime: 30\n')
  await at('policy', 'set', policy)
  folder = (await makeBundle(crossing, 'one')).folder
  const { code, said } = await verify(folder)
  expect({ code, result: resultOf(said, 'policy.lifetime') }).toEqual({ code: 4, result: 'fail' })
  id = said.id
})
afterEach(() => crossing.dispose())

describe('an exception from a rule of the policy', () => {
  it('takes two people; then the medium passes with it counted apart, is accepted and exported', async () => {
    const first = await override(id, 'dave', 'policy.lifetime')
    expect(first.json).toMatchObject({ stands: false, outcome: 'refused' })
    expect((await verify(folder)).code).toBe(4)
    await override(id, 'dave', 'policy.lifetime')
    const second = await override(id, 'erin', 'policy.lifetime')
    expect(second.json['stands']).toBe(true)
    const shown = await linesOf(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
    const saidBy = (name: string): string =>
      `Exception from policy.lifetime, all of them, until ${until}, signed by ${name}: “Agreed with the owner”`
    expect(shown.filter((line) => line.startsWith('Exception'))).toEqual(
      ['Dave Okoro', 'Erin Sand'].map(saidBy),
    )
    const { code, said } = await verify(folder)
    expect({ code, result: resultOf(said, 'policy.lifetime') }).toEqual({ code: 0, result: 'overridden' })
    expect(said.counts).toMatchObject({ overridden: 1, fail: 0 })
    expect(said.checks.find((one) => one.id === 'policy.lifetime')?.means).toContain(
      'Dave Okoro and Erin Sand',
    )
    await decideBoth(crossing, id, 'accept')
    expect((await at('export', id, '--to', `dir:${join(crossing.folder, 'out')}`)).code).toBe(0)
    expect((await at('ledger', 'verify')).json.intact).toBe(true)
    const page = join(crossing.folder, 'report.html')
    await at('report', id, '--format', 'html', '--out', page)
    expect(await readFile(page, 'utf8')).toContain('⊘ Overridden')
  })

  it('ends by itself: what was judged with it is stale then', async () => {
    await override(id, 'dave', 'policy.lifetime')
    await override(id, 'erin', 'policy.lifetime')
    await verify(folder)
    crossing.clock.set('2026-12-02T00:00:00Z')
    expect(await failureOf(half(id, 'accept', 'dave'))).toBe('verdict-stale')
    expect((await verify(folder)).code).toBe(4)
  })

  it('is not made by one person, by two agents, for another subject, with another end', async () => {
    expect((await override(id, 'dave', 'policy.lifetime')).code).toBe(0)
    expect(await failureOf(override(id, 'dave', 'policy.lifetime'))).toBe('same-person')
    const other = ['--check', 'policy.lifetime', '--reason', 'x', '--until', '2026-11-30T00:00:00Z']
    expect((await at('override', id, ...other, ...signing(crossing, 'erin'))).json['stands']).toBe(false)
    expect((await override(id, 'erin', 'policy.lifetime', '--subject', 'waybill.json')).json['stands']).toBe(
      false,
    )
    expect(await failureOf(override(id, 'erin', 'policy.lifetime', '--subject', 'another'))).toBe(
      'override-none',
    )
    expect((await verify(folder)).code).toBe(4)
  })

  it('is void when the key of one of the two is revoked', async () => {
    const officers = await makeOfficers(crossing, crossing.high)
    await officers.seal()
    await override(id, 'dave', 'policy.lifetime')
    await override(id, 'erin', 'policy.lifetime')
    expect((await verify(folder)).code).toBe(0)
    await officers.change(['trust', 'revoke', crossing.people.dave.fingerprint, '--reason', 'stolen'])
    expect((await verify(folder)).code).toBe(4)
  })
})

describe('what has no exception', () => {
  it('signatures, bytes, order, and what did not fail; reasons and ends have their form', async () => {
    for (const check of ['signatures.line', 'content.blob', 'order.replay', 'medium.set', 'no.such'])
      expect(await failureOf(override(id, 'dave', check)), check).toBe('override-barred')
    expect(await failureOf(override(id, 'dave', 'expiry.waybill'))).toBe('override-none')
    const words = ['--check', 'policy.lifetime', ...signing(crossing, 'dave')]
    expect(await failureOf(at('override', id, ...words, '--reason', '\u202e', '--until', until))).toBe(
      'bad-input',
    )
    for (const end of ['2026-11-01T00:00:00Z', '2027-11-01T00:00:00Z'])
      expect(await failureOf(at('override', id, ...words, '--reason', 'x', '--until', end))).toBe('bad-input')
    expect((await at('override', id, ...words, '--reason', 'x', '--until', 'soon')).code).toBe(2)
  })
})

describe('an exception in a ledger that somebody with the station’s key changed', () => {
  it('is what its people signed', async () => {
    await override(id, 'dave', 'policy.lifetime')
    let copies = 0
    for (const [facts, found] of [
      [{ check: 'content.blob' }, /content\.blob/],
      [{ check: 'policy.evidence' }, /says something else/],
      [{ until: '2027-12-01T00:00:00Z' }, /says something else/],
      [{ subject: 'waybill.json' }, /says something else/],
      [{ reason: 'another' }, /says something else/],
      [{ stands: true }, /stands true/],
      [{ roles: ['witness'] }, /roles/],
    ] as const) {
      const copy = join(crossing.folder, `copy-${++copies}`)
      await forgeLedger(crossing.high, copy, (events) =>
        events.map((one) =>
          one.type === 'override.signed' ? { ...one, facts: { ...one.facts, ...facts } } : one,
        ),
      )
      const said = (await sallyport(['ledger', 'verify', '--desk', copy], crossing.clock)).json
      expect((said.bad as unknown as { found: string }).found).toMatch(found)
    }
  })
})
