import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { SigningRole } from '../../shared/schema.ts'
import type { Waybill } from '../../shared/waybill.ts'
import { sentenceOf, summaryOf, waybillPredicate, waybillSubject } from '../../main/bundle/signature-lines.ts'
import type { LedgerEvent } from '../../main/ledger/event.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { signStatement } from '../../main/sign/signer.ts'
import { done } from '../support/command-line.ts'
import {
  decideBoth,
  makeBundle,
  makeCrossing,
  makePerson,
  release,
  writeFiles,
  writeRequest,
  type Crossing,
  type TestPerson,
} from '../support/desks.ts'
import { actorsOf, eventsOf, expectForged, expectTaken, lastOf, signerOf } from '../support/forged-desk.ts'
import { highDesk } from '../support/high-desk.ts'

/*
 * What became of waybills, in ledgers that were written anew with the station's key, with genuine signatures of people
 * who may not give them there.
 */

let crossing: Crossing
let events: LedgerEvent[]
type Facts = Record<string, unknown>
type Unplaced = Omit<LedgerEvent, 'sequence' | 'previous'>
const at = '2026-11-22T09:30:00Z'

const plain = (type: string, facts: Facts): Unplaced => ({
  ...events[0]!,
  type,
  subjects: [],
  outcome: null,
  statements: [],
  facts,
})

describe('signatures on a waybill, in the past of a low desk', () => {
  let id: string
  let waybill: Waybill
  let digest: `sha256:${string}`
  let gus: TestPerson
  beforeAll(async () => {
    crossing = await makeCrossing()
    const add = async (person: string, name: string, role: string): Promise<TestPerson> => {
      const one = await makePerson(crossing.folder, person, name, 'p256')
      const words = ['--id', person, '--name', name, '--role', role, '--key', `${one.key}.pub`]
      await done(['person', 'add', '--desk', crossing.low, ...words], crossing.clock)
      return one
    }
    gus = await add('gus', 'Gus Hale', 'transfer-agent')
    const request = await writeRequest(crossing, await writeFiles(crossing, { 'notes.txt': 'notes\n' }))
    ;({ id } = await done(['collect', request, '--desk', crossing.low], crossing.clock))
    // Both are here and may sign; only the waybill does not know of the second.
    await add('late', 'Late Comer', 'transfer-agent')
    events = await eventsOf(crossing.low)
    digest = lastOf(events, 'waybill.sealed').facts['waybill'] as typeof digest
    const name = `waybill-${digest.slice(7, 23)}.json`
    const path = join(crossing.low, 'consignments', id, name)
    waybill = JSON.parse(await readFile(path, 'utf8')) as Waybill
  })
  afterAll(() => crossing.dispose())

  interface Said {
    readonly predicate?: Facts
    readonly facts?: Facts
    readonly over?: `sha256:${string}`
    readonly key?: TestPerson
    readonly actors?: LedgerEvent['actors']
    readonly outcome?: string
    readonly type?: string
  }
  /** An event by somebody with a genuine signature, that says what is asked. */
  async function approval(person: TestPerson, role: SigningRole, said: Said = {}): Promise<Unplaced> {
    const predicate = {
      ...{ role, person: person.id, desk: crossing.lowId, time: at },
      ...{ sentence: sentenceOf(role, waybill), summary: summaryOf(waybill) },
      ...said.predicate,
    }
    const signer = await signerOf(crossing, said.key ?? person)
    const subject = waybillSubject(said.over ?? digest)
    const line = await signStatement(signer, [subject], said.type ?? waybillPredicate, predicate)
    return {
      ...plain('approval.signed', {
        ...{ consignment: id, waybill: digest, role, person: person.id, at, released: false },
        ...said.facts,
      }),
      actors: said.actors ?? actorsOf(events, person),
      outcome: said.outcome ?? role,
      statements: [line.toString('utf8')],
    }
  }
  const forged = (found: RegExp, ...more: Unplaced[]): Promise<void> =>
    expectForged(crossing, crossing.low, (all) => [...all, ...more], found)
  const taken = (...more: Unplaced[]): Promise<void> =>
    expectTaken(crossing, crossing.low, (all) => [...all, ...more])

  it('the right ones are taken, by either of two agents', async () => {
    const { bob, carol } = crossing.people
    const released = await approval(carol, 'release', { facts: { released: true } })
    await taken(await approval(bob, 'prepare'), released)
    await taken(await approval(gus, 'prepare'), released)
  })

  it('by somebody without the role, or whom the waybill names as who asked', async () => {
    const { alice, erin, bob } = crossing.people
    await forged(/role-missing/, await approval(alice, 'prepare'))
    await forged(/role-missing/, await approval(bob, 'release', { facts: { released: false } }))
    await forged(/erin, who is not here/, await approval(erin, 'witness'))
    const asked = lastOf(events, 'waybill.sealed')
    const byCarol = { ...asked, facts: { ...asked.facts, requester: 'carol' } }
    const { carol } = crossing.people
    await expectForged(
      crossing,
      crossing.low,
      withInstead(events, byCarol, await approval(carol, 'release')),
      /requester-releases/,
    )
  })

  it('twice in one role, by one or by two; or more than the policy asks for', async () => {
    const { bob, carol } = crossing.people
    const first = await approval(bob, 'prepare')
    await forged(/already-signed/, first, first)
    await forged(/one too many/, first, await approval(gus, 'prepare'))
    const released = await approval(carol, 'release', { facts: { released: true } })
    await forged(/already-signed/, first, released, released)
    await forged(/released true/, released)
    await forged(/released false/, first, await approval(carol, 'release'))
  })

  it('with another key, over another waybill, or saying something else than the event', async () => {
    const { bob, carol } = crossing.people
    await forged(/that the key of bob did not make/, await approval(bob, 'prepare', { key: carol }))
    const other = digestOf('another waybill')
    await forged(/a signature over sha256:/, await approval(bob, 'prepare', { over: other }))
    await forged(/waybill "sha256:/, await approval(bob, 'prepare', { facts: { waybill: other } }))
    for (const predicate of [
      { role: 'witness' },
      { person: 'gus' },
      { desk: crossing.highId },
      { time: '2026-11-22T09:31:00Z' },
    ]) {
      await forged(/says something else than its event/, await approval(bob, 'prepare', { predicate }))
    }
    await forged(/outcome "release"/, await approval(bob, 'prepare', { outcome: 'release' }))
    await forged(/./, await approval(bob, 'prepare', { type: 'urn:sallyport:decision:v1' }))
    const unsigned = await approval(bob, 'prepare')
    await forged(/./, { ...unsigned, statements: [] })
    await forged(/./, { ...unsigned, statements: ['{}'] })
  })

  it('by other actors than the person who signed', async () => {
    const { bob, carol } = crossing.people
    const both = [...actorsOf(events, carol).slice(0, 1), ...actorsOf(events, bob)]
    const strange = { ...bob, fingerprint: carol.fingerprint }
    for (const [actors, found] of [
      [actorsOf(events, carol), /carol with the key/],
      [actorsOf(events, bob).slice(1), /nobody/],
      [both, /carol with the key/],
      [[...both].reverse(), /bob with the key/],
      [actorsOf(events, strange), /bob with the key/],
    ] as const) {
      await forged(found, await approval(bob, 'prepare', { actors: [...actors] }))
    }
  })

  it('on what is not there, or was given up', async () => {
    const { bob } = crossing.people
    const first = await approval(bob, 'prepare')
    const nowhere = randomUUID()
    await forged(/[0-9a-f-]{36}/, { ...first, facts: { ...first.facts, consignment: nowhere } })
    const dropped = plain('consignment.dropped', { consignment: id, reason: 'x', voided: false })
    await taken(dropped)
    await forged(/one that was dropped/, dropped, first)
    await forged(/voided true/, { ...dropped, facts: { ...dropped.facts, voided: true } })
    await forged(/[0-9a-f-]{36}/, { ...dropped, facts: { ...dropped.facts, consignment: nowhere } })
  })

  it('none of them: nothing is written, and nothing voided', async () => {
    const { bob, carol } = crossing.people
    const writing = (more: Facts = {}): Unplaced =>
      plain('write.started', {
        ...{ consignment: id, waybill: digest, run: randomUUID(), copy: 1, folder: '/medium/x' },
        ...{ signatures: digest, parts: [{ name: 'x.tar', offset: 0, size: 1 }], ...more },
      })
    const first = await approval(bob, 'prepare')
    const released = await approval(carol, 'release', { facts: { released: true } })
    await forged(/released false|released true/, writing())
    await forged(/released false|released true/, first, writing())
    await taken(first, released, writing())
    await forged(/waybill/, first, released, writing({ waybill: digestOf('another') }))
    await forged(/[0-9a-f-]{36}/, first, released, writing({ consignment: randomUUID() }))
    const dropped = plain('consignment.dropped', { consignment: id, reason: 'x', voided: false })
    await forged(/voided false/, first, released, dropped)
  })

  it('a waybill made anew has none of those of before', async () => {
    const { bob, carol } = crossing.people
    const again = lastOf(events, 'waybill.sealed')
    const released = await approval(carol, 'release', { facts: { released: true } })
    await forged(/released true/, await approval(bob, 'prepare'), again, released)
  })
})

/** The events with one in the place of another of its type, and one more. */
function withInstead(all: readonly LedgerEvent[], instead: Unplaced, more: Unplaced) {
  return (): Unplaced[] => [...all.map((one) => (one.type === instead.type ? instead : one)), more]
}

describe('an event of a type, a field or rules that are not known', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
    await release(crossing, await writeRequest(crossing, await writeFiles(crossing, { 'a.txt': 'a' })))
    events = await eventsOf(crossing.low)
  })
  afterAll(() => crossing.dispose())
  const forged = (found: RegExp, change: (all: LedgerEvent[]) => Unplaced[]): Promise<void> =>
    expectForged(crossing, crossing.low, change, found)

  it('refuses the ledger, at the first place as well as at the last', async () => {
    const marking = plain('desk.marking', { marking: 'SECRET' })
    await expectTaken(crossing, crossing.low, (all) => [...all, marking])
    await forged(/desk\.unknown/, (all) => [...all, { ...marking, type: 'desk.unknown' }])
    await forged(/desk\.marking/, (all) => [...all, { ...marking, facts: { marking: 1 } }])
    await forged(/desk\.marking/, (all) => [...all, { ...marking, facts: { ...marking.facts, more: 1 } }])
    await forged(/rules 5/, (all) => [...all, { ...marking, rules: 5 }])
    await forged(/policy\.set|desk\.marking/, (all) => all.slice(1))
    await forged(/none/, () => [])
  })
})

describe('what came of a bundle, in the past of a high desk', () => {
  let id: string
  let waybill: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    const { verify } = highDesk(() => crossing)
    id = (await verify((await makeBundle(crossing, 'one')).folder)).said.id
    events = await eventsOf(crossing.high)
    waybill = lastOf(events, 'waybill.seen').facts['waybill'] as string
  })
  afterAll(() => crossing.dispose())

  it('moves and exports nothing that was not accepted, or is not there', async () => {
    const about = { consignment: id, waybill }
    const export_ = { ...about, target: 'dir:/x' }
    for (const [type, facts] of [
      ['content.moved', { ...about, blobs: 0, bytes: 0 }],
      ['export.started', export_],
      ['export.failed', { ...export_, code: 'cancelled' }],
      ['export.done', { ...export_, written: [], bytes: 0, blobs: 0 }],
    ] as const) {
      const forged = (found: RegExp, more: Facts = {}): Promise<void> =>
        expectForged(crossing, crossing.high, (all) => [...all, plain(type, { ...facts, ...more })], found)
      await forged(/decided null/)
      await forged(/[0-9a-f-]{36}/, { consignment: randomUUID() })
    }
    await expectForged(
      crossing,
      crossing.high,
      (all) => [...all, plain('consignment.closed', { consignment: randomUUID() })],
      /[0-9a-f-]{36}/,
    )
  })

  it('is exported under the waybill that was accepted and no other', async () => {
    await decideBoth(crossing, id, 'accept')
    const done = plain('content.moved', { consignment: id, waybill, blobs: 0, bytes: 0 })
    await expectTaken(crossing, crossing.high, (all) => [...all, done])
    const strange = { ...done, facts: { ...done.facts, waybill: digestOf('another') } }
    await expectForged(crossing, crossing.high, (all) => [...all, strange], /waybill "sha256:/)
  })

  it('is decided once: no half more, of nobody', async () => {
    const half = lastOf(await eventsOf(crossing.high), 'decision.signed')
    await expectForged(crossing, crossing.high, (all) => [...all, half], /: accept$/)
  })
})
