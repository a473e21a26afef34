import { describe, expect, it } from 'vitest'
import type { ItemEvidence } from '../../../shared/evidence.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { sentenceOf, summaryOf } from '../../../main/bundle/signature-lines.ts'
import { deskIdOf } from '../../../main/bundle/waybill.ts'
import { CheckList } from '../../../main/verify/check.ts'
import { listEvidence } from '../../../main/verify/checks/evidence.ts'
import { checkFounding } from '../../../main/verify/checks/founding.ts'
import type { CountedLine } from '../../../main/verify/checks/signatures.ts'
import { checkTime } from '../../../main/verify/checks/time.ts'
import {
  checkAttested,
  checkDestination,
  checkForm,
  checkLimits,
  checkRequester,
} from '../../../main/verify/checks/waybill.ts'
import type { PolicyRules } from '../../../main/verify/types.ts'

/* The rules over a waybill whose signatures count: each outcome of each, at its very bounds. */

const desk = 'd'.repeat(64)
const people = [
  { id: 'alice', name: 'Alice', fingerprint: 'a'.repeat(64) },
  { id: 'carol', name: 'Carol', fingerprint: 'c'.repeat(64) },
] as unknown as Waybill['people']
const waybill = {
  name: 'payments',
  channel: 'payments',
  marking: 'OFFICIAL',
  created: '2026-11-22T09:00:00Z',
  expires: '2026-12-22T09:00:00Z',
  sender: {
    format: 'sallyport.desk/v1',
    side: 'low',
    name: 'Hill-1',
    created: '2026-11-22T09:00:00Z',
    nonce: '0'.repeat(64),
    station: 'AAAA',
  },
  request: { requester: 'alice', reason: 'Patch', digest: `sha256:${'1'.repeat(64)}` },
  destinations: [{ desk, sequence: 1, previous: null }],
  items: [],
  blobs: [],
  people,
  voided: [],
  removed: [],
} as unknown as Waybill
const sender = deskIdOf(waybill.sender)

interface Said {
  readonly role?: 'prepare' | 'release'
  readonly predicate?: object
  readonly signer?: object
}
const lineOf = ({ role = 'release', predicate = {}, signer = {} }: Said = {}): CountedLine =>
  ({
    line: {
      predicate: {
        ...{ role, person: 'carol', desk: sender, time: waybill.created },
        ...{ sentence: sentenceOf(role, waybill), summary: summaryOf(waybill) },
        ...predicate,
      },
    },
    signer: {
      ...{ name: 'Carol', fingerprint: 'c'.repeat(64), senders: [sender], channels: ['payments'] },
      ...signer,
    },
  }) as unknown as CountedLine
function said(ask: (list: CheckList) => unknown): string[] {
  const list = new CheckList()
  ask(list)
  return list.checks.map(({ result, reason, found }) => `${result} ${reason}: ${found}`)
}
const only = (ask: (list: CheckList) => unknown): string => said(ask).join(' / ')

describe('expiry and time of making', () => {
  const at = (now: string, floor: string | null = null): string[] =>
    said((list) => checkTime(waybill, { now, floor, tolerance: 48 }, list)).map(
      (one) => one.split(':')[0] ?? '',
    )
  const fine = ['pass as-expected', 'pass as-expected']

  it('by the clock: to the second', () => {
    expect(at('2026-12-22T08:59:59Z')).toEqual(fine)
    expect(at('2026-12-22T09:00:00Z')[0]).toBe('fail expired')
  })

  it('by the floor, where that is later than the clock', () => {
    const now = '2026-11-22T09:00:00Z'
    expect(at(now, '2026-12-22T09:00:00Z')[0]).toBe('fail expired')
    expect(at(now, '2026-12-22T08:59:59Z')[0]).toBe('not-checked clock-behind')
    expect(at(now, '2026-11-22T09:00:01Z')[0]).toBe('not-checked clock-behind')
    expect(at(now, now)).toEqual(fine)
    expect(at(now, '2026-11-22T08:59:59Z')).toEqual(fine)
    expect(at('2026-12-22T09:00:00Z', '2026-11-22T08:00:00Z')[0]).toBe('fail expired')
  })

  it('made ahead: a warning up to the tolerance beyond clock and floor, and not a second more', () => {
    expect(at('2026-11-22T09:00:00Z')).toEqual(fine)
    expect(at('2026-11-22T08:59:59Z')[1]).toBe('warn ahead')
    expect(at('2026-11-20T09:00:00Z')[1]).toBe('warn ahead')
    expect(at('2026-11-20T08:59:59Z')[1]).toBe('fail future')
    expect(at('2026-10-01T00:00:00Z', '2026-11-20T09:00:00Z')[1]).toBe('warn ahead')
    expect(at('2026-10-01T00:00:00Z', '2026-11-20T08:59:59Z')[1]).toBe('fail future')
  })
})

describe('what a signer attested', () => {
  it('is the sentence and the figures of this waybill, at its sender’s desk, by one of its people', () => {
    const ask = (line: CountedLine): string => only((list) => checkAttested([line], waybill, list))
    expect(ask(lineOf())).toBe('pass as-expected: carol: as expected')
    for (const [one, found] of [
      [{ predicate: { sentence: 'Something else' } }, 'another sentence: Something else'],
      [{ predicate: { summary: { ...summaryOf(waybill), items: 99 } } }, 'other figures'],
      [{ predicate: { desk } }, `signed at another desk: ${desk}`],
      [{ predicate: { person: 'zoe' } }, 'zoe, who is not one of the waybill’s people'],
      [{ predicate: { person: 'alice' } }, 'another key than the waybill names for alice'],
      [{ signer: { fingerprint: 'e'.repeat(64) } }, 'another key than the waybill names for carol'],
    ] as const) {
      expect(ask(lineOf(one))).toBe(`fail differs: ${found}`)
    }
  })

  it('is asked of each of them', () => {
    const lines = [lineOf(), lineOf({ role: 'prepare', predicate: { person: 'zoe' } }), lineOf()]
    expect(said((list) => checkAttested(lines, waybill, list)).map((one) => one.slice(0, 4))).toEqual([
      'pass',
      'fail',
      'pass',
    ])
  })
})

describe('the limits of a signer', () => {
  const ask = (signer: object): string => only((list) => checkLimits([lineOf({ signer })], waybill, list))

  it('are its senders and its channels; any is told', () => {
    expect(ask({})).toMatch(/^pass /)
    expect(ask({ senders: [desk, sender], channels: ['fuel', 'payments'] })).toMatch(/^pass /)
    expect(ask({ senders: [desk] })).toBe(`fail sender: senders ${desk}`)
    expect(ask({ senders: [desk], channels: ['fuel'] })).toBe(`fail sender: senders ${desk}`)
    expect(ask({ channels: ['fuel'] })).toBe('fail channel: channels fuel')
    expect(ask({ senders: null, channels: ['fuel'] })).toBe('fail channel: channels fuel')
    expect(ask({ senders: null })).toBe('warn any: trusted for any sender')
    expect(ask({ channels: null })).toBe('warn any: trusted for any channel')
    expect(ask({ senders: null, channels: null })).toBe('warn any: trusted for any sender and any channel')
    expect(ask({ senders: [] })).toMatch(/^fail sender/)
  })
})

describe('who asked and who released', () => {
  const ask = (line: CountedLine, of = waybill): string => only((list) => checkRequester([line], of, list))
  const request = { ...waybill.request, requester: 'zoe' }

  it('are different people with different keys; that is only named', () => {
    expect(ask(lineOf())).toBe('warn named-not-proven: alice is named, not proven; released by carol')
    expect(ask(lineOf({ predicate: { person: 'alice' } }))).toBe('fail same-person: released by alice')
    expect(ask(lineOf({ signer: { fingerprint: 'a'.repeat(64) } }))).toBe(
      'fail same-person: released by alice',
    )
    expect(ask(lineOf(), { ...waybill, request })).toBe(
      'fail differs: zoe is not one of the waybill’s people',
    )
    expect(ask(lineOf({ role: 'prepare', predicate: { person: 'alice' } }))).toBe('')
  })
})

describe('the destination and the desk that reads', () => {
  it('is one of those that are named', () => {
    const answers: boolean[] = []
    const ask = (here: string): string => only((list) => answers.push(checkDestination(waybill, here, list)))
    expect(ask(desk)).toMatch(/^pass /)
    expect(ask('e'.repeat(64))).toBe(`fail elsewhere: ${desk}`)
    expect(answers).toEqual([true, false])
  })

  it('says while it is founding', () => {
    expect(only((list) => checkFounding(true, list))).toBe('warn founding: founding')
    expect(only((list) => checkFounding(false, list))).toMatch(/^pass /)
  })

  it('takes no waybill of another form', () => {
    expect(only((list) => checkForm(Buffer.from('{}'), list))).toMatch(/^fail form: (?!something else)./)
    expect(only((list) => checkForm(Buffer.from('x'), list))).toMatch(/^fail form: (?!something else)./)
  })
})

describe('a list of checks', () => {
  const required = ['waybill.form', 'content.blob', 'medium.set'] as const

  it('closes with what was not reached, and never passes without it', () => {
    const list = new CheckList()
    list.pass('waybill.form', 'a', 'b')
    list.skip(['medium.set'], 'bare-tar')
    const { outcome, checks, notAsked, counts } = list.close(required)
    expect(checks.map(({ id, result, reason }) => `${id} ${result} ${reason}`)).toEqual([
      'waybill.form pass as-expected',
      'content.blob not-checked stopped-before',
    ])
    expect({ outcome, notAsked }).toEqual({
      outcome: 'not-checked',
      notAsked: [{ id: 'medium.set', reason: 'bare-tar' }],
    })
    expect(counts).toMatchObject({ pass: 1, fail: 0 })
    expect(checks[1]?.next).toBe('First deal with what stopped the reading.')
  })

  it('says of each what it means and what is next', () => {
    const list = new CheckList()
    const pass = list.add('signers.trust', 'pass', { subject: 's', expected: 'e', found: '' })
    expect({ found: pass.found, next: pass.next, holds: pass.holds, person: pass.person }).toEqual({
      found: 'nothing',
      next: 'Nothing.',
      holds: false,
      person: null,
    })
    const about = { subject: 's', expected: 'e', found: 'f' }
    const warn = list.add('signers.trust', 'warn', about)
    const fail = list.add('signers.trust', 'fail', { ...about, holds: true, person: 'Carol' })
    expect(warn.means).toBe('A signer is trusted for any sender or any channel.')
    expect(warn.next).toMatch(/^If that is not meant/)
    expect(fail.next).toMatch(/^Reject it/)
    expect({ holds: fail.holds, person: fail.person, reason: fail.reason }).toEqual({
      holds: true,
      person: 'Carol',
      reason: 'fail',
    })
    // Only what failed holds.
    expect(list.add('signers.trust', 'warn', { ...about, holds: true }).holds).toBe(false)
    expect(list.add('destination.here', 'warn', about).means).toBe(
      'This bundle is addressed to another desk.',
    )
    const unknown = list.add('destination.here', 'not-checked', about)
    expect(unknown.means).toMatch(/^This was not checked/)
    expect(list.failed()).toBe(true)
    expect(new CheckList().failed()).toBe(false)
    const long = list.add('signers.trust', 'pass', { ...about, found: 'x'.repeat(2001) })
    expect([long.found.length, long.found.at(-1)]).toEqual([2001, '…'])
    const fits = list.add('signers.trust', 'pass', { ...about, found: 'x'.repeat(2000) })
    expect(fits.found).toBe('x'.repeat(2000))
  })
})

describe('the rules of a policy for items', () => {
  const itemsOf = (count: number, result: 'pass' | 'fail'): ItemEvidence[] =>
    Array.from({ length: count }, (_, i) => ({
      ...{ name: `item ${i}`, kind: 'image', root: `sha256:${'1'.repeat(64)}`, pieces: [] },
      rules: [{ id: 'policy.evidence', result, expected: 'e', found: 'f', reason: 'r' }],
    })) as unknown as ItemEvidence[]
  const rules = {
    asked: ['policy.evidence', 'policy.sbom'],
    bundle: () => Promise.resolve([]),
  } as unknown as PolicyRules
  const subjects = async (count: number, result: 'pass' | 'fail'): Promise<string[]> => {
    const list = new CheckList()
    await listEvidence(waybill, itemsOf(count, result), null, rules, list)
    expect(list.notAsked).toEqual([
      { id: 'evidence.second-opinion', reason: 'nothing-to-compare' },
      { id: 'policy.sbom', reason: 'policy-does-not-ask' },
    ])
    return list.checks.map((one) => one.subject)
  }

  it('are listed one by one, up to a hundred; of more only what is not as it must be', async () => {
    expect(await subjects(2, 'pass')).toEqual(['item 0', 'item 1'])
    expect(await subjects(100, 'pass')).toHaveLength(100)
    expect(await subjects(101, 'pass')).toEqual(['all other items'])
    expect(await subjects(101, 'fail')).toHaveLength(101)
    expect((await subjects(101, 'fail'))[100]).toBe('item 100')
  })
})
