import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, type Said } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, makePerson, signing, type Crossing } from '../support/desks.ts'
import { honestWaybill } from '../support/forge.ts'
import { highDesk } from '../support/high-desk.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'
import { expectStopped } from '../support/refusal.ts'

let crossing: Crossing
let officers: Officers
const { verify, accepted, half } = highDesk(() => crossing)

const begin = async (sealed: boolean): Promise<void> => {
  crossing = await makeCrossing()
  officers = await makeOfficers(crossing, crossing.high)
  if (sealed) await officers.seal()
}
const revoke = (fingerprint: string, reason = 'The key was on a lost laptop'): Promise<Said> =>
  officers.change(['trust', 'revoke', fingerprint, '--reason', reason])
const show = (id: string): Promise<Said> =>
  done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
const list = async (): Promise<{ id: string; revoked: { name: string; fingerprint: string }[] }[]> =>
  (await done(['consignment', 'list', '--desk', crossing.high], crossing.clock)).consignments as never

describe('a key of the other side that was revoked by two officers', () => {
  let acceptedId = ''
  let undecidedId = ''
  let heldId = ''
  beforeAll(async () => {
    await begin(true)
    acceptedId = await accepted((await makeBundle(crossing, 'one')).folder)
    heldId = (await verify((await makeBundle(crossing, 'two')).folder)).said.id
    await decideBoth(crossing, heldId, 'hold')
  })
  afterAll(() => crossing.dispose())

  it('is refused on every waybill that is not accepted yet, whatever date it states', async () => {
    const before = await makeBundle(crossing, 'before')
    undecidedId = (await verify((await makeBundle(crossing, 'three')).folder)).said.id
    await half(undecidedId, 'accept', 'dave')
    const { fingerprint } = crossing.people.bob
    const answer = await revoke(fingerprint)
    expect(answer.judged).toEqual(expect.arrayContaining([undecidedId, heldId]))
    expect(answer.flagged).toEqual([acceptedId])
    // Made, signed and dated before the revocation.
    const said = await expectStopped(crossing, before.folder, 'signatures.line')
    expect(said.checks.find((check) => check.id === 'signatures.line')?.found).toContain('revoked')
    crossing.clock.forward(-20)
    const dated = await makeBundle(crossing, 'dated')
    crossing.clock.forward(20)
    await expectStopped(crossing, dated.folder, 'signatures.line')
  })

  it('takes undecided consignments with it: judged again, half a decision void', async () => {
    for (const id of [undecidedId, heldId]) {
      const shown = await show(id)
      expect({ outcome: shown.outcome, decisions: shown.decisions }).toEqual({
        outcome: 'failed',
        decisions: [],
      })
    }
    expect((await half(undecidedId, 'accept', 'erin')).json.failure.code).toBe('verdict-not-passed')
    expect((await half(undecidedId, 'reject', 'erin', ['--reason', 'Revoked key'])).code).toBe(0)
  })

  it('flags what was accepted before: in the list, on its page, in the report; and does not export it', async () => {
    const lines = await list()
    const flags = (id: string): number => lines.find((line) => line.id === id)?.revoked.length ?? -1
    expect(flags(acceptedId)).toBe(1)
    expect((await show(acceptedId)).revoked).toEqual([
      expect.objectContaining({
        fingerprint: crossing.people.bob.fingerprint,
        name: 'Bob Lind',
        reason: 'The key was on a lost laptop',
      }),
    ])
    const out = join(crossing.folder, 'report.html')
    const words = ['report', acceptedId, '--desk', crossing.high, '--format', 'html', '--out', out]
    await done(words, crossing.clock)
    const page = await readFile(out, 'utf8')
    expect(page).toContain('was revoked')
    expect(page).toContain(crossing.people.bob.fingerprint)
    const exporting = ['export', acceptedId, '--desk', crossing.high, '--to', `dir:${crossing.folder}/out`]
    const ended = await sallyport(exporting, crossing.clock)
    expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({
      code: 1,
      failure: 'verdict-stale',
    })
  })

  it('never comes back: it cannot be trusted again, nor become the key of a person', async () => {
    const { key, fingerprint } = crossing.people.bob
    const trust = ['trust', 'add', '--key', `${key}.pub`, '--name', 'Bob Lind', '--role', 'prepare']
    const again = await officers.at(...trust, '--fingerprint', fingerprint, ...officers.signs(0))
    expect(again.json.failure.code).toBe('key-revoked')
    const person = [
      'person',
      'add',
      '--id',
      'bob',
      '--name',
      'Bob',
      '--role',
      'witness',
      '--key',
      `${key}.pub`,
    ]
    expect((await officers.at(...person, ...officers.signs(0))).json.failure.code).toBe('key-revoked')
  })
})

describe('a key of this desk’s own people that was revoked', () => {
  beforeAll(() => begin(false))
  afterAll(() => crossing.dispose())

  it('voids half a decision by it, and flags what it decided', async () => {
    const one = await accepted((await makeBundle(crossing, 'one')).folder)
    const two = (await verify((await makeBundle(crossing, 'two')).folder)).said.id
    await half(two, 'accept', 'dave')
    // On a founding desk one person changes this without a key.
    const answer = await done(
      ['trust', 'revoke', crossing.people.dave.fingerprint, '--reason', 'Left', '--desk', crossing.high],
      crossing.clock,
    )
    expect(answer).toMatchObject({ pending: null, flagged: [one] })
    expect((await show(two)).decisions).toEqual([])
    expect((await half(two, 'accept', 'dave')).json.failure.code).toBe('person-unknown')
    expect((await half(two, 'accept', 'erin')).json).toMatchObject({ outcome: null, missing: 1 })
  })

  it('is refused when nobody has it, and without a reason', async () => {
    const before = await readFile(join(crossing.high, 'ledger.jsonl'))
    const nobody = ['trust', 'revoke', 'ab'.repeat(32), '--reason', 'x', '--desk', crossing.high]
    expect((await sallyport(nobody, crossing.clock)).json.failure.code).toBe('revoke-unknown')
    const empty = [
      'trust',
      'revoke',
      crossing.people.erin.fingerprint,
      '--reason',
      '',
      '--desk',
      crossing.high,
    ]
    expect((await sallyport(empty, crossing.clock)).json.failure.code).toBe('bad-input')
    expect(await readFile(join(crossing.high, 'ledger.jsonl'))).toEqual(before)
  })
})

describe('a key of the low desk’s own people that was revoked', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
    officers = await makeOfficers(crossing, crossing.low)
  })
  afterAll(() => crossing.dispose())

  it('no longer signs, and what it released is not written any more', async () => {
    const { id } = await makeBundle(crossing, 'one')
    const { fingerprint } = crossing.people.bob
    await done(['trust', 'revoke', fingerprint, '--reason', 'Lost', '--desk', crossing.low], crossing.clock)
    const write = ['write', id, '--desk', crossing.low, '--to', crossing.folder]
    expect((await sallyport(write, crossing.clock)).json.failure.code).toBe('signer-revoked')
    const approve = ['approve', id, '--desk', crossing.low, '--role', 'prepare', ...signing(crossing, 'bob')]
    expect((await sallyport(approve, crossing.clock)).code).toBe(1)
    // What the failure advises works: the waybill is made again under a new number and signed by those who count.
    const { low, clock, folder, passphrase } = crossing
    const ben = await makePerson(folder, 'ben', 'Ben Holt', 'p256')
    const add = ['person', 'add', '--desk', low, '--id', 'ben', '--name', ben.name, '--key', `${ben.key}.pub`]
    await done([...add, '--role', 'transfer-agent'], clock)
    await done(['collect', id, '--desk', low], clock)
    const key = ['--person', 'ben', '--key', ben.key, '--passphrase-file', passphrase]
    await done(['approve', id, '--desk', low, '--role', 'prepare', ...key], clock)
    await done(['approve', id, '--desk', low, '--role', 'release', ...signing(crossing, 'carol')], clock)
    const written = await done(write, clock)
    const { voided } = await honestWaybill(written.folder)
    expect(voided.map((one) => one.sequence)).toEqual([1])
  })
})
