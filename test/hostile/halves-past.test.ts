import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Digest } from '../../shared/digest.ts'
import type { Role } from '../../shared/schema.ts'
import type { DecisionOutcome } from '../../shared/views.ts'
import { signOverVerdict, type Claim } from '../../main/desk/state/verdict-statement.ts'
import type { LedgerEvent } from '../../main/ledger/event.ts'
import { readLedger } from '../../main/ledger/ledger.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { done } from '../support/command-line.ts'
import { makeBundle, makeCrossing, makePerson, type Crossing, type TestPerson } from '../support/desks.ts'
import { actorsOf, eventsOf, expectForged, expectTaken, lastOf, signerOf } from '../support/forged-desk.ts'
import { highDesk } from '../support/high-desk.ts'

/*
 * Halves of decisions in a ledger that was written anew with the station's key, where each statement is genuine: only
 * the rules, or what was decided before, do not allow them there.
 */

let crossing: Crossing
let events: LedgerEvent[]
let passed: Seen
let failed: Seen
const decision = 'urn:sallyport:decision:v1'
type DecisionClaim = Claim<typeof decision>
let head: DecisionClaim['ledger']
const roles = new Map<string, Role[]>()
const people = new Map<string, TestPerson>()
type Facts = Record<string, unknown>
type Unplaced = Omit<LedgerEvent, 'sequence' | 'previous'>
interface Seen {
  readonly consignment: string
  readonly waybill: Digest
  readonly verdict: Digest
}

beforeAll(async () => {
  crossing = await makeCrossing()
  const { verify } = highDesk(() => crossing)
  for (const [id, name, role] of [
    ['gus', 'Gus Hale', 'transfer-agent'],
    ['ada', 'Ada Finch', 'auditor'],
    ['ivy', 'Ivy Moor', 'security-officer'],
  ] as const) {
    const one = await makePerson(crossing.folder, id, name, 'p256')
    const words = ['--id', id, '--name', name, '--role', role, '--key', `${one.key}.pub`]
    await done(['person', 'add', '--desk', crossing.high, ...words], crossing.clock)
    people.set(id, one)
    roles.set(id, [role])
  }
  for (const id of ['dave', 'erin'] as const) people.set(id, crossing.people[id])
  roles.set('dave', ['transfer-agent']).set('erin', ['witness'])
  const one = await makeBundle(crossing, 'one')
  const two = await makeBundle(crossing, 'two')
  await verify(one.folder)
  passed = seenIn(await eventsOf(crossing.high))
  crossing.clock.forward(91)
  await verify(two.folder)
  crossing.clock.forward(-91)
  events = await eventsOf(crossing.high)
  failed = seenIn(events)
  const { tree } = await readLedger(crossing.high)
  head = { size: tree.size, root: tree.root().toString('base64') }
})
afterAll(() => crossing.dispose())

const seenIn = (all: readonly LedgerEvent[]): Seen => lastOf(all, 'verify.done').facts as unknown as Seen

interface Half {
  readonly on?: Seen
  readonly reason?: string | null
  readonly causes?: Digest[]
  readonly decided?: DecisionOutcome
  /** What the statement says otherwise, while the event does not. */
  readonly claim?: Partial<DecisionClaim>
  /** What both say otherwise. */
  readonly facts?: Facts
  readonly rules?: number
}
/** Half a decision by somebody, with their own statement. */
async function half(id: string, outcome: DecisionOutcome, said: Half = {}): Promise<Unplaced> {
  const { on = passed, causes = [], decided = null } = said
  const reason = said.reason === undefined ? (outcome === 'accept' ? null : 'because') : said.reason
  const person = people.get(id)!
  const at = '2026-11-22T09:30:00Z'
  const policy = lastOf(events, 'policy.set').facts['digest'] as Digest
  const common = { outcome, person: id, roles: roles.get(id)!, reason, causes, verdict: on.verdict }
  const statement = await signOverVerdict(await signerOf(crossing, person), on.waybill, decision, {
    ...{ ...common, desk: crossing.highId, policy, ledger: head, time: at },
    ...said.claim,
  })
  const { consignment, waybill } = on
  return {
    ...events[0]!,
    type: 'decision.signed',
    actors: actorsOf(events, person),
    subjects: [],
    outcome,
    statements: [statement],
    facts: { ...common, consignment, waybill, name: person.name, at, decided, ...said.facts },
    rules: said.rules ?? 2,
  }
}
const unsigned = (type: string, facts: Facts, rules = 2): Unplaced => ({
  ...lastOf(events, 'trust.added'),
  ...{ type, subjects: [], facts, rules },
})
const revoked = (id: string, rules = 2): Unplaced => {
  const { fingerprint } = people.get(id)!
  return unsigned('change.made', { change: { kind: 'trust.revoke', fingerprint, reason: 'x' } }, rules)
}
const forged = (found: RegExp, ...more: Unplaced[]): Promise<void> =>
  expectForged(crossing, crossing.high, (all) => [...all, ...more], found)
const taken = (...more: Unplaced[]): Promise<void> =>
  expectTaken(crossing, crossing.high, (all) => [...all, ...more])

describe('half a decision that no act would have taken', () => {
  it('two that fit are taken: an agent and a witness, an agent and an officer', async () => {
    const first = await half('dave', 'accept')
    await taken(first, await half('erin', 'accept', { decided: 'accept' }))
    await taken(first, await half('ivy', 'accept', { decided: 'accept' }))
    await taken(await half('erin', 'reject'), await half('gus', 'reject', { decided: 'reject' }))
    await taken(first, await half('gus', 'accept'), await half('erin', 'accept', { decided: 'accept' }))
  })

  it('by two of one kind, or two who do not agree: nothing stands, whatever the event says', async () => {
    const first = await half('dave', 'accept')
    await forged(/decided "accept"/, first, await half('gus', 'accept', { decided: 'accept' }))
    await forged(
      /decided "accept"/,
      await half('erin', 'accept'),
      await half('ivy', 'accept', { decided: 'accept' }),
    )
    await forged(
      /decided "accept"/,
      await half('dave', 'reject'),
      await half('erin', 'accept', { decided: 'accept' }),
    )
    await forged(/decided "reject"/, first, await half('erin', 'reject', { decided: 'reject' }))
    await forged(/decided "accept"/, await half('dave', 'accept', { decided: 'accept' }))
    // Nor may it be hidden that they agreed.
    await forged(/decided null/, first, await half('erin', 'accept'))
    await forged(/decided "hold"/, first, await half('erin', 'accept', { decided: 'hold' }))
  })

  it('by somebody without a role for it, or who has given one already', async () => {
    await forged(/role-missing/, await half('ada', 'accept'))
    const first = await half('dave', 'accept')
    await forged(/same-person/, first, first)
    await forged(/same-person/, first, await half('dave', 'reject'))
  })

  it('an acceptance of what did not pass', async () => {
    await forged(/an acceptance of failed/, await half('dave', 'accept', { on: failed }))
    await taken(await half('dave', 'reject', { on: failed }))
    const other = { ...failed, verdict: passed.verdict }
    await forged(/verdict "sha256:/, await half('dave', 'accept', { on: other }))
    const mixed = { ...failed, waybill: passed.waybill }
    await forged(/waybill "sha256:/, await half('dave', 'accept', { on: mixed }))
  })

  it('without a reason, or with causes where nothing is rejected', async () => {
    const cause = [digestOf('a content')]
    await forged(/reject without one/, await half('dave', 'reject', { reason: null }))
    await forged(/hold without one/, await half('dave', 'hold', { reason: null }))
    await taken(await half('dave', 'accept', { reason: 'also with one' }))
    await forged(/causes with accept/, await half('dave', 'accept', { causes: cause }))
    await forged(/causes with hold/, await half('dave', 'hold', { causes: cause }))
    await taken(await half('dave', 'reject', { causes: cause }))
  })

  it('whose statement says anything else than the event', async () => {
    const other = digestOf('another')
    for (const claim of [
      { outcome: 'hold' },
      { person: 'erin' },
      { roles: ['transfer-agent', 'witness'] },
      { desk: crossing.lowId },
      { reason: 'another' },
      { causes: [other] },
      { policy: other },
      { time: '2026-11-22T09:31:00Z' },
    ] as Partial<DecisionClaim>[]) {
      await forged(/says something else/, await half('dave', 'accept', { claim }))
    }
    await forged(/another waybill or verdict/, await half('dave', 'accept', { claim: { verdict: other } }))
    for (const ledger of [
      { ...head, size: head.size - 1 },
      { ...head, size: head.size + 100 },
      { ...head, root: Buffer.alloc(32).toString('base64') },
    ]) {
      await forged(/another ledger/, await half('dave', 'accept', { claim: { ledger } }))
    }
    await forged(/name "Somebody"/, await half('dave', 'accept', { facts: { name: 'Somebody' } }))
    await forged(/roles \["witness"\]/, await half('dave', 'accept', { facts: { roles: ['witness'] } }))
    await forged(/outcome "accept"/, { ...(await half('dave', 'hold')), outcome: 'accept' })
  })

  it('after it was decided', async () => {
    for (const outcome of ['accept', 'reject'] as const) {
      const both = [await half('dave', outcome), await half('erin', outcome, { decided: outcome })]
      await forged(new RegExp(`: ${outcome}$`), ...both, await half('gus', 'reject'))
    }
  })

  it('after a hold, both begin anew; after a new verdict as well', async () => {
    const hold = [await half('dave', 'hold'), await half('erin', 'hold', { decided: 'hold' })]
    const again = [await half('dave', 'accept'), await half('erin', 'accept', { decided: 'accept' })]
    await taken(...hold, ...again)
    await taken(...hold, ...hold, ...again)
    await forged(/decided "accept"/, ...hold, again[1]!)
    const verdict = lastOf(events.slice(0, -2), 'verify.done')
    await forged(/decided "accept"/, again[0]!, verdict, again[1]!)
    await taken(again[0]!, verdict, ...again)
  })

  it('by a key that was revoked, or beside one that was', async () => {
    const both = [await half('dave', 'accept'), await half('erin', 'accept', { decided: 'accept' })]
    await forged(/dave, who is not here/, revoked('dave'), both[0]!)
    await forged(/decided "accept"/, both[0]!, revoked('dave'), both[1]!)
    await taken(both[0]!, revoked('dave'), await half('erin', 'accept'))
    await taken(both[0]!, revoked('ivy'), both[1]!)
    // What stood before stands.
    await taken(...both, revoked('dave'))
  })
})

describe('halves under the first rules', () => {
  const first = async (): Promise<Unplaced[]> => [
    await half('dave', 'hold', { rules: 1 }),
    await half('erin', 'hold', { decided: 'hold', rules: 1 }),
    await half('dave', 'accept', { rules: 1 }),
    revoked('dave', 1),
  ]
  it('one of a hold outlived a revocation: it counts as it did then, and not since', async () => {
    await taken(...(await first()), await half('erin', 'accept', { decided: 'accept', rules: 1 }))
    await forged(/decided null/, ...(await first()), await half('erin', 'accept', { rules: 1 }))
    await forged(/decided "accept"/, ...(await first()), await half('erin', 'accept', { decided: 'accept' }))
    await taken(...(await first()), await half('erin', 'accept'))
  })
})
