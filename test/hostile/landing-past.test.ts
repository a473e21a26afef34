import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Digest } from '../../shared/digest.ts'
import { signOverVerdict, type Claim } from '../../main/desk/state/verdict-statement.ts'
import type { LedgerEvent } from '../../main/ledger/event.ts'
import { readLedger } from '../../main/ledger/ledger.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { done } from '../support/command-line.ts'
import {
  decideBoth,
  makeBundle,
  makeCrossing,
  makePerson,
  signing,
  type Crossing,
  type TestPerson,
} from '../support/desks.ts'
import { actorsOf, eventsOf, expectForged, expectTaken, lastOf, signerOf } from '../support/forged-desk.ts'
import { honestWaybill } from '../support/forge.ts'
import { highDesk } from '../support/high-desk.ts'
import { acceptedImage, allowRegistry, exportTo, trySeal } from '../support/landing.ts'
import { makeKey } from '../support/pki/key.ts'
import { TestRegistry } from '../support/registry.ts'

/* Events of the landing in a ledger that was written anew with the station's key: what they say is not what follows. */

type Unplaced = Omit<LedgerEvent, 'sequence' | 'previous'>
type Facts = Record<string, unknown>
const type = 'urn:sallyport:landing:v1'
const at = '2026-11-22T09:30:00Z'

let crossing: Crossing
let registry: TestRegistry
/** As the desk stands after one of two has signed. */
let half: LedgerEvent[]
let signed: LedgerEvent
let ledger: Claim<typeof type>['ledger']
let held: string
let rejected: string
let frank: TestPerson
let landing: { readonly fingerprint: string; readonly key: string }
let cause: Digest

/** The public half of a key file, as SPKI in base64. */
const key = (name: string): string => readFileSync(`${name}.pub`, 'utf8').replace(/-----[A-Z ]+-----|\n/g, '')

beforeAll(async () => {
  crossing = await makeCrossing()
  registry = await new TestRegistry().open()
  const { high, clock, folder } = crossing
  frank = await makePerson(folder, 'frank', 'Frank Lee', 'p256')
  const who = ['--id', 'frank', '--name', 'Frank Lee', '--role', 'witness', '--key', `${frank.key}.pub`]
  await done(['person', 'add', '--desk', high, ...who], clock)
  await allowRegistry(crossing, registry.host, 2, 'landing: {signers: deciders}\n')
  const { id } = await acceptedImage(crossing)
  await exportTo(crossing, id, registry.host)
  const { verify } = highDesk(() => crossing)
  held = (await verify((await makeBundle(crossing, 'held')).folder)).said.id
  await decideBoth(crossing, held, 'hold')
  const bundle = await makeBundle(crossing, 'rejected')
  rejected = (await verify(bundle.folder)).said.id
  cause = (await honestWaybill(bundle.folder)).items[0]!.root.digest
  await decideBoth(crossing, rejected, 'reject', ['--cause', cause])
  await done(['landing', 'key', 'create', '--desk', high], clock)
  landing = lastOf(await eventsOf(high), 'change.made').facts['change'] as never
  await trySeal(crossing, id, registry.host, signing(crossing, 'dave'))
  half = await eventsOf(high)
  signed = lastOf(half, 'landing.signed')
  const { tree } = await readLedger(high)
  ledger = { size: tree.size, root: tree.root().toString('base64') }
})
afterAll(async () => {
  await registry.close()
  await crossing.dispose()
})

const forged = (found: RegExp, ...more: Unplaced[]): Promise<void> =>
  expectForged(crossing, crossing.high, (all) => [...all, ...more], found)
const taken = (...more: Unplaced[]): Promise<void> =>
  expectTaken(crossing, crossing.high, (all) => [...all, ...more])

const station = (event: string, facts: Facts, outcome: string | null = null): Unplaced => ({
  ...lastOf(half, 'export.done'),
  ...{ type: event, subjects: [], outcome, statements: [], facts },
})
const fingerprintOf = (): string => landing.fingerprint
const about = (): Facts => {
  const { consignment, waybill, target, seals, count } = signed.facts
  return { consignment, waybill, target, seals, count }
}
const dave = (): string => crossing.people.dave.fingerprint
const erin = (): string => crossing.people.erin.fingerprint
const sealed = (by: 'station' | 'deciders', keys: string[], more: Facts = {}): Unplaced =>
  station('landing.sealed', { ...about(), by, keys: [...keys].sort(), ...more }, 'sealed')

interface Said {
  readonly facts?: Facts
  readonly claim?: Partial<Claim<typeof type>>
  readonly roles?: string[]
}
/** Half of a sealing by somebody, with their own statement. */
async function halfBy(person: TestPerson, roles: string[], said: Said = {}): Promise<Unplaced> {
  const policy = lastOf(half, 'policy.set').facts['digest'] as Digest
  const { waybill, target, seals, count, verdict } = signed.facts as unknown as Claim<typeof type> & {
    waybill: Digest
  }
  const claim = {
    ...{ target, seals, count, person: person.id, roles, desk: crossing.highId, verdict, policy },
    ...{ ledger, time: at },
    ...said.claim,
  } as Claim<typeof type>
  const statement = await signOverVerdict(await signerOf(crossing, person), waybill, type, claim)
  return {
    ...signed,
    actors: actorsOf(half, person),
    statements: [statement],
    facts: { ...signed.facts, person: person.id, name: person.name, roles, at, ...said.facts },
  }
}
const byErin = (said?: Said): Promise<Unplaced> => halfBy(crossing.people.erin, ['witness'], said)

describe('a sealing', () => {
  it('by both after both signed is taken, and so is one by the landing key', async () => {
    await taken(await byErin(), sealed('deciders', [dave(), erin()]))
    await taken(sealed('station', [fingerprintOf()]))
  })

  it('by both after one has signed, by one alone, or by other keys', async () => {
    await forged(/keys/, sealed('deciders', [dave(), erin()]))
    await forged(/keys/, sealed('deciders', [dave()]))
    await forged(/keys/, await byErin(), sealed('deciders', [dave()]))
    await forged(/keys/, await byErin(), sealed('deciders', [dave(), frank.fingerprint]))
    await forged(/keys/, sealed('station', [dave()]))
    await forged(/keys/, sealed('station', ['a'.repeat(64)]))
    await forged(/keys/, sealed('deciders', [fingerprintOf()]))
  })

  it('of other content or at another target than what they signed', async () => {
    const keys = [dave(), erin()]
    await forged(/keys/, await byErin(), sealed('deciders', keys, { seals: digestOf('other') }))
    await forged(/keys/, await byErin(), sealed('deciders', keys, { target: 'registry:other.test' }))
    const elsewhere = { seals: digestOf('other') }
    await forged(/keys/, await byErin({ facts: elsewhere, claim: elsewhere }), sealed('deciders', keys))
  })

  it('of what is held or rejected, of another waybill, or of nothing here', async () => {
    const of = (consignment: string, more: Facts = {}): Unplaced =>
      sealed('station', [fingerprintOf()], { consignment, ...more })
    await forged(/decided "hold"/, of(held))
    await forged(/decided "reject"/, of(rejected))
    await forged(/waybill/, of(String(about()['consignment']), { waybill: digestOf('other') }))
    await forged(/3fa3083b/, of('3fa3083b-7d3f-46ab-89d3-c38f88cab6ca'))
  })

  it('with a half of somebody whose key was revoked in between', async () => {
    const change = { kind: 'trust.revoke', fingerprint: dave(), reason: 'Lost' }
    const revoked = station('change.made', { change })
    await taken(revoked)
    await forged(/keys/, await byErin(), revoked, sealed('deciders', [dave(), erin()]))
    const landed = { kind: 'trust.revoke', fingerprint: fingerprintOf(), reason: 'Lost' }
    await forged(/keys/, station('change.made', { change: landed }), sealed('station', [fingerprintOf()]))
  })
})

describe('half of a sealing', () => {
  it('by somebody who did not accept it, is not here, or signs with a key that is not theirs', async () => {
    await forged(/: frank$/, await halfBy(frank, ['witness']))
    const nobody = { ...frank, id: 'nobody' }
    await forged(/nobody/, await halfBy(nobody, ['witness']))
    await forged(/did not make/, {
      ...(await byErin()),
      statements: (await halfBy({ ...frank, id: 'erin', name: 'Erin Sand' }, ['witness'])).statements,
    })
    await forged(/roles/, await halfBy(crossing.people.erin, ['transfer-agent', 'witness']))
  })

  it('that says something else than its statement, or stands on another ground', async () => {
    for (const facts of [
      { target: 'registry:other.test' },
      { seals: digestOf('other') },
      { count: 2 },
      { at: '2026-11-22T09:31:00Z' },
    ])
      await forged(/says something else/, await byErin({ facts }))
    await forged(/verdict/, await byErin({ facts: { verdict: digestOf('other') } }))
    await forged(/another ledger/, await byErin({ claim: { ledger: { size: 1, root: 'AAAA' } } }))
    await forged(/says something else/, await byErin({ claim: { policy: digestOf('other') } }))
    await forged(/says something else/, await byErin({ claim: { desk: 'a'.repeat(64) } }))
    await forged(/no statement/, { ...(await byErin()), statements: [] })
  })
})

describe('a list, and a failed summary', () => {
  const list = (facts: Facts): Unplaced =>
    station('landing.listed', {
      ...{ sequence: 1, expires: at, list: digestOf('list'), digests: 3, key: fingerprintOf() },
      ...facts,
    })

  it('of the landing key whose numbers follow one another is taken, and no other', async () => {
    await taken(list({}), list({ sequence: 2 }))
    await forged(/sequence/, list({ sequence: 2 }))
    await forged(/sequence/, list({}), list({}))
    await forged(/sequence/, list({}), list({ sequence: 3 }))
    await forged(/key/, list({ key: dave() }))
  })

  it('of what was rejected alone, and of causes that both named', async () => {
    const one = lastOf(half, 'decision.signed').facts
    const failed = (facts: Facts): Unplaced =>
      station('landing.failed', {
        ...{ consignment: rejected, waybill: one['waybill'], causes: [cause], key: fingerprintOf() },
        ...facts,
      })
    await taken(failed({}))
    await forged(/decided "accept"/, failed({ consignment: about()['consignment'] }))
    await forged(/decided "hold"/, failed({ consignment: held }))
    await forged(/key/, failed({ key: dave() }))
    await forged(/waybill/, failed({ waybill: digestOf('other') }))
    await forged(/causes/, failed({ causes: [digestOf('other')] }))
    await forged(/causes/, failed({ causes: [cause, digestOf('other')] }))
  })
})

describe('a landing key that is somebody’s', () => {
  const made = (fingerprint: string, spki: string): Unplaced =>
    station('change.made', { change: { kind: 'landing.key', fingerprint, key: spki, locked: false } })

  it('a person’s, a signer’s of the other side, the station’s own: it is no key of the landing', async () => {
    const own = makeKey('p256')
    const fingerprint = digestOf(own.spki).slice(7)
    await taken(made(fingerprint, own.spki.toString('base64')))
    for (const one of [crossing.people.dave, crossing.people.bob, frank])
      await forged(/landing-key-taken/, made(one.fingerprint, key(one.key)))
    const { spki } = stationKey()
    await forged(/landing-key-taken/, made(digestOf(spki).slice(7), spki.toString('base64')))
  })

  it('of another kind, of another fingerprint, the same again, or a revoked one', async () => {
    const own = makeKey('p384')
    await forged(/key-unreadable/, made(digestOf(own.spki).slice(7), own.spki.toString('base64')))
    await forged(/key-unreadable/, made('a'.repeat(64), makeKey('p256').spki.toString('base64')))
    const { fingerprint, key: spki } = landing
    await forged(/nothing-to-change/, made(fingerprint, spki))
    const revoked = station('change.made', { change: { kind: 'trust.revoke', fingerprint, reason: 'Lost' } })
    await forged(/key-revoked/, revoked, made(fingerprint, spki))
  })
})

function stationKey(): { readonly spki: Buffer } {
  const card = half[0]!.facts['card'] as { station: string }
  return { spki: Buffer.from(card.station, 'base64') }
}
