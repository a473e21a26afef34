import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Digest } from '../../shared/digest.ts'
import { signMediaAct, type MediaClaim } from '../../main/desk/state/media-statement.ts'
import type { MediaAct } from '../../main/desk/state/media-facts.ts'
import type { LedgerEvent } from '../../main/ledger/event.ts'
import { readLedger } from '../../main/ledger/ledger.ts'
import { done } from '../support/command-line.ts'
import { makeBundle, makeCrossing, makePerson, type Crossing, type TestPerson } from '../support/desks.ts'
import { actorsOf, eventsOf, expectForged, expectTaken, lastOf, signerOf } from '../support/forged-desk.ts'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/* Acts on the register in a ledger that was written anew with the station's key: each statement is genuine, only nobody may give it there. */

let crossing: Crossing
let events: LedgerEvent[]
let head: MediaClaim['ledger']
let written: Record<string, unknown>
const people = new Map<string, TestPerson & { readonly roles: string[] }>()
type Unplaced = Omit<LedgerEvent, 'sequence' | 'previous'>
const at = '2026-11-22T09:30:00Z'
const plain = {
  ...{ label: 'M-1', serial: 'S-1', kind: 'usb-stick' as const },
  ...{ marking: null, owner: null, drive: null, size: null },
}
const act = { deed: 'register' as const, ...plain }

beforeAll(async () => {
  crossing = await makeCrossing()
  for (const [id, name, role] of [
    ['fay', 'Fay Root', 'media-custodian'],
    ['hal', 'Hal Penn', 'witness'],
    ['fey', 'Fay Root', 'witness'],
    ['ivy', 'Ivy Moor', 'security-officer'],
  ] as const) {
    const one = await makePerson(crossing.folder, id, name, 'p256')
    const words = ['--id', id, '--name', name, '--role', role, '--key', `${one.key}.pub`]
    if (id !== 'fey') await done(['person', 'add', '--desk', crossing.low, ...words], crossing.clock)
    people.set(id, { ...one, roles: [role] })
  }
  const { folder } = await makeBundle(crossing, 'one')
  await done(['readback', folder, '--desk', crossing.low], crossing.clock)
  const policy = join(crossing.folder, 'two.yaml')
  await writeFile(policy, 'sallyport: policy/v1\nversion: 2\nmedia:\n  people: 2\n')
  await done(['policy', 'set', policy, '--desk', crossing.low], crossing.clock)
  events = await eventsOf(crossing.low)
  written = lastOf(events, 'write.done').facts
  const { tree } = await readLedger(crossing.low)
  head = { size: tree.size, root: tree.root().toString('base64') }
})
afterAll(() => crossing.dispose())

interface Said {
  readonly claim?: Partial<MediaClaim>
  readonly facts?: Record<string, unknown>
}

async function signed(
  id: string,
  type: string,
  about: MediaAct,
  said: Said = {},
  second: MediaClaim['second'] = null,
) {
  const person = people.get(id)!
  const policy = lastOf(events, 'policy.set').facts['digest'] as Digest
  const by = { person: id, name: person.name, roles: person.roles, at }
  const claim = {
    act: about,
    second,
    person: id,
    roles: person.roles,
    desk: crossing.lowId,
    policy,
    ledger: head,
    time: at,
  }
  const statement = await signMediaAct(await signerOf(crossing, person), {
    ...claim,
    ...said.claim,
  } as MediaClaim)
  const told = Object.fromEntries(Object.entries(about).filter(([name]) => name !== 'deed'))
  const first =
    type === 'media.registered'
      ? { ...told, people: 2 }
      : type === 'media.arrived'
        ? told
        : { act: about, ...second }
  return {
    ...events[0]!,
    ...{
      type,
      subjects: [],
      outcome: type === 'media.arrived' ? 'seal-fits' : null,
      statements: [statement],
    },
    actors: actorsOf(events, person),
    facts: { ...first, by, ...said.facts },
    rules: 4,
  } satisfies Unplaced
}
const first = (id: string, said?: Said): Promise<Unplaced> => signed(id, 'media.registered', act, said)
const second = (id: string, said?: Said, of = 'fay'): Promise<Unplaced> => {
  const { id: person, fingerprint } = people.get(of)!
  return signed(id, 'media.signed', act, said, { number: events.length + 1, first: { person, fingerprint } })
}
const station = (type: string, facts: Record<string, unknown>, outcome: string | null = null): Unplaced => ({
  ...lastOf(events, 'write.done'),
  ...{ type, subjects: [], outcome, statements: [], facts, rules: 4 },
})
const forged = (found: RegExp, ...more: Unplaced[]): Promise<void> =>
  expectForged(crossing, crossing.low, (all) => [...all, ...more], found)
const taken = (...more: Unplaced[]): Promise<void> =>
  expectTaken(crossing, crossing.low, (all) => [...all, ...more])

describe('an act on the register that nobody may give', () => {
  it('a custodian and a witness, or an officer, are taken', async () => {
    await taken(await first('fay'), await second('hal'))
    await taken(await first('fay'), await second('ivy'))
  })

  it('without people where the policy asks for two, or as if it asked for fewer', async () => {
    await forged(/people 0/, station('media.registered', { ...plain, people: 0, by: null }))
    await forged(/nobody’s/, station('media.registered', { ...plain, people: 2, by: null }))
    await forged(/people 1/, await first('fay', { facts: { people: 1 } }))
  })

  it('by a role that may not, twice by one, or for somebody else’s half', async () => {
    await forged(/role-missing/, await first('hal'))
    await forged(/same-person/, await first('fay'), await second('fay'))
    await forged(/the key of the first/, await first('fay'), await second('hal', {}, 'fey'))
    await forged(/fey, who is not here/, await first('fay'), await second('fey'))
  })

  it('with a statement about something else, over another ledger, or by another key', async () => {
    await forged(
      /says something else|another act/,
      await first('fay', { claim: { act: { ...act, serial: 'S-2' } } }),
    )
    await forged(/says something else/, await first('fay', { claim: { time: '2026-11-22T09:31:00Z' } }))
    await forged(/another ledger/, await first('fay', { claim: { ledger: { size: 1, root: 'AAAA' } } }))
    await forged(/did not make/, { ...(await first('hal')), ...pickActors(await first('fay')) })
  })

  it('a hand-over of what was never written or not read back, and an arrival that says it fits', async () => {
    const { consignment, waybill } = written
    const { run } = lastOf(events, 'readback.done').facts
    const handed = { consignment, waybill, from: 'x', to: 'y', place: null, purpose: null, expected: null }
    const media = (of: unknown) => [{ run: of, label: null, seal: '1' }]
    await taken(station('media.handed', { ...handed, media: media(run) }))
    await forged(
      /3fa3083b/,
      station('media.handed', { ...handed, media: media('3fa3083b-7d3f-46ab-89d3-c38f88cab6ca') }),
    )
    await forged(
      /waybill/,
      station('media.handed', { ...handed, waybill: `sha256:${'a'.repeat(64)}`, media: media(run) }),
    )
    const arrived = { transfer: '0'.repeat(16), label: null, from: null, place: null, by: null }
    const seal = { sheet: '1', bag: '2', whole: true }
    await taken(station('media.arrived', { ...arrived, seal }, 'seal-differs'))
    await forged(/seal-fits/, station('media.arrived', { ...arrived, seal }, 'seal-fits'))
  })

  it('clears a seal without being an officer', async () => {
    const seal = { sheet: '1', bag: '1', whole: true }
    const arrival = {
      deed: 'arrival' as const,
      transfer: '0'.repeat(16),
      label: null,
      seal,
      from: null,
      place: null,
    }
    await taken(await signed('ivy', 'media.arrived', arrival))
    await forged(/witness/, await signed('hal', 'media.arrived', arrival))
  })
})

// Who is said to have done it, and what they are said to have said, of another event with its own statement.
const pickActors = ({ actors, facts }: Unplaced) => ({ actors, facts })
