import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Change, ChangeDocument } from '../../main/desk/state/change.ts'
import { signChange } from '../../main/desk/state/change-statement.ts'
import type { LedgerEvent } from '../../main/ledger/event.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { done, sallyport } from '../support/command-line.ts'
import { makeCrossing, makePerson, signing, type Crossing, type TestPerson } from '../support/desks.ts'
import { actorsOf, eventsOf, expectForged, expectTaken, lastOf, signerOf } from '../support/forged-desk.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'

/*
 * Changes of a desk in a ledger that was written anew with the station's key, where the officers' statements are
 * genuine: what they signed is theirs, only not what the rules allow at that place.
 */

let crossing: Crossing
let officers: Officers
let events: LedgerEvent[]
type Facts = Record<string, unknown>
type Unplaced = Omit<LedgerEvent, 'sequence' | 'previous'>

const officer = (place: number): TestPerson => officers.people[place]!
const at = '2026-11-22T09:30:00Z'

/** An event by somebody, with their own statement about a change. */
async function signed(
  type: 'change.proposed' | 'change.signed' | 'change.withdrawn',
  document: ChangeDocument,
  person: TestPerson,
  act: 'sign' | 'withdraw' = type === 'change.withdrawn' ? 'withdraw' : 'sign',
): Promise<Unplaced> {
  const statement = await signChange(await signerOf(crossing, person), {
    act,
    document,
    person: person.id,
    time: at,
  })
  const { number, version, before, change } = document
  const asked = type === 'change.proposed' ? { version, before, change } : {}
  return {
    ...events.at(-1)!,
    type,
    actors: actorsOf(events, person),
    subjects: [],
    outcome: null,
    statements: [statement],
    facts: { number, person: person.id, at, ...asked },
  }
}
/** The document of a change that was proposed here, by its number. */
function documentOf(number: number): ChangeDocument {
  const facts = events.find((one) => one.type === 'change.proposed' && one.facts['number'] === number)?.facts
  const { version, before, change } = facts as unknown as ChangeDocument
  return { desk: crossing.highId, number, version, before, change }
}
const forged = (found: RegExp, ...more: Unplaced[]): Promise<void> =>
  expectForged(crossing, crossing.high, (all) => [...all, ...more], found)
const taken = (...more: Unplaced[]): Promise<void> =>
  expectTaken(crossing, crossing.high, (all) => [...all, ...more])
const policyOf = (version: number, source = `sallyport: policy/v1\nversion: ${version}\n`): Change => ({
  kind: 'policy.set',
  version,
  digest: digestOf(source),
  source,
})

describe('a change in the past of a sealed desk', () => {
  let next: Pick<ChangeDocument, 'desk' | 'version' | 'before'>
  beforeAll(async () => {
    crossing = await makeCrossing()
    officers = await makeOfficers(crossing, crossing.high, 4)
    await officers.seal()
    const policy = join(crossing.folder, 'policy.yaml')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 2\n')
    // Number 2 waits while number 3 comes into force; number 4 waits for what is in force now.
    await officers.at('policy', 'set', policy, ...officers.signs(0))
    const { key, fingerprint } = await makePerson(crossing.folder, 'zoe', 'Zoe', 'p256')
    const trust = ['trust', 'add', '--key', `${key}.pub`, '--name', 'Zoe', '--role', 'prepare']
    await officers.change([...trust, '--fingerprint', fingerprint], 1, 2)
    await officers.at('policy', 'set', policy, ...officers.signs(0))
    events = await eventsOf(crossing.high)
    const { version, before } = documentOf(4)
    next = { desk: crossing.highId, version, before }
  })
  afterAll(() => crossing.dispose())

  it('an honest one goes through, so that the forging itself is not what is refused', async () => {
    const second = await signed('change.signed', documentOf(4), officer(1))
    await taken(second)
    const away = await signed('change.withdrawn', documentOf(2), officer(3))
    await taken(away)
    const asked = await signed('change.proposed', { ...next, number: 5, change: policyOf(3) }, officer(1))
    await taken(asked)
  })

  it('signed after the state moved on', async () => {
    await forged(
      /change 2, which starts from another state/,
      await signed('change.signed', documentOf(2), officer(1)),
    )
  })

  it('signed by the one who asked, by somebody who is no officer, or for another desk', async () => {
    await forged(/same-person/, await signed('change.signed', documentOf(4), officer(0)))
    const { dave } = crossing.people
    await forged(/dave, who is no security officer/, await signed('change.signed', documentOf(4), dave))
    const elsewhere = { ...documentOf(4), desk: crossing.lowId }
    await forged(/another change/, await signed('change.signed', elsewhere, officer(1)))
  })

  it('signed by the officer whose key it takes away, or asked for by them', async () => {
    const change: Change = { kind: 'trust.revoke', fingerprint: officer(3).fingerprint, reason: 'Left' }
    const document = { ...next, number: 5, change }
    await forged(/own-key/, await signed('change.proposed', document, officer(3)))
    const asked = await signed('change.proposed', document, officer(0))
    await forged(/own-key/, asked, await signed('change.signed', document, officer(3)))
    const key = await makePerson(crossing.folder, 'other-key', 'Other', 'p256')
    const other = (await signerOf(crossing, key)).key
    const replaced: Change = {
      kind: 'person.key',
      id: 'officer-4',
      fingerprint: other.fingerprint,
      key: other.spki.toString('base64'),
      algorithm: 'p256',
    }
    const swap = { ...next, number: 5, change: replaced }
    await forged(/own-key/, await signed('change.proposed', swap, officer(3)))
  })

  it('signed or withdrawn when it is in force, withdrawn, or was never asked for', async () => {
    await forged(/change 3, which is not pending/, await signed('change.signed', documentOf(3), officer(3)))
    await forged(
      /change 3, which is not pending/,
      await signed('change.withdrawn', documentOf(3), officer(3)),
    )
    const away = await signed('change.withdrawn', documentOf(4), officer(1))
    await forged(
      /change 4, which is not pending/,
      away,
      await signed('change.signed', documentOf(4), officer(2)),
    )
    await forged(
      /change 9, which is not pending/,
      await signed('change.signed', { ...documentOf(4), number: 9 }, officer(1)),
    )
  })

  it('withdrawn by nobody, by a statement that signs it, or by somebody who is no officer', async () => {
    const away = await signed('change.withdrawn', documentOf(4), officer(1))
    await forged(/no statement/, { ...away, statements: [] })
    await forged(
      /something else than its event/,
      await signed('change.withdrawn', documentOf(4), officer(1), 'sign'),
    )
    await forged(/that the key of officer-3 did not make/, {
      ...away,
      facts: { ...away.facts, person: 'officer-3' },
    })
    await forged(
      /dave, who is no security officer/,
      await signed('change.withdrawn', documentOf(4), crossing.people.dave),
    )
  })

  it('with another number, another version or another state than it has there', async () => {
    const change = policyOf(3)
    for (const [other, found] of [
      [{ number: 6 }, /change number 6/],
      [{ number: 4 }, /change number 4/],
      [{ version: next.version + 1 }, /a change of another state/],
      [{ version: next.version - 1 }, /a change of another state/],
      [{ before: digestOf('another state') }, /a change of another state/],
    ] as const) {
      const document = { ...next, number: 5, change, ...other }
      await forged(found, await signed('change.proposed', document, officer(1)))
    }
  })

  it('of a policy or a root whose text is not that of its digest', async () => {
    const root = { name: 'inside', source: '{}', origin: 'paper', tuf: null }
    for (const [change, found] of [
      [{ ...policyOf(3), digest: digestOf('another policy') }, /desk-damaged/],
      [{ kind: 'root.add', root: { ...root, digest: digestOf('another root') } }, /desk-damaged/],
      [{ ...policyOf(3), version: 4 }, /policy-version/],
      [policyOf(1), /policy-version/],
    ] as [Change, RegExp][]) {
      await forged(found, await signed('change.proposed', { ...next, number: 5, change }, officer(1)))
    }
  })

  it('that revokes what nobody here has, or seals it again', async () => {
    const revoke = (fingerprint: string): Change => ({ kind: 'trust.revoke', fingerprint, reason: 'x' })
    const asked = (change: Change): Promise<Unplaced> =>
      signed('change.proposed', { ...next, number: 5, change }, officer(1))
    await forged(/revoke-unknown/, await asked(revoke('ab'.repeat(32))))
    const all = officers.people.map(({ id, fingerprint }) => ({ id, fingerprint }))
    await forged(/desk-sealed/, await asked({ kind: 'desk.seal', officers: all }))
  })
})

describe('a change in the past of a founding desk', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
    officers = await makeOfficers(crossing, crossing.high)
    await officers.at('desk', 'seal', ...officers.signs(0))
    events = await eventsOf(crossing.high)
  })
  afterAll(() => crossing.dispose())

  const unsigned = (type: string, facts: Facts): Unplaced => ({
    ...lastOf(events, 'trust.added'),
    type,
    subjects: [],
    facts,
  })

  it('proposed before the seal, when one person makes changes without a key', async () => {
    const { version, before } = documentOf(1)
    const document = { desk: crossing.highId, number: 2, version, before, change: policyOf(2) }
    await forged(/a change before the seal/, await signed('change.proposed', document, officer(0)))
  })

  it('the seal itself: by nobody, by too few, by others than those who are here', async () => {
    const { version, before, change } = documentOf(1)
    await forged(/a change that nobody signed/, unsigned('change.made', { change }))
    const all = change.kind === 'desk.seal' ? change.officers : []
    for (const officersOf of [
      [...all].reverse(),
      [...all, { id: 'dave', fingerprint: crossing.people.dave.fingerprint }],
      [all[0]!, { id: 'dave', fingerprint: crossing.people.dave.fingerprint }],
      [all[0]!, { ...all[1]!, fingerprint: crossing.people.dave.fingerprint }],
    ]) {
      const other: Change = { kind: 'desk.seal', officers: officersOf }
      const document = { desk: crossing.highId, number: 2, version, before, change: other }
      await forged(/bad-input/, await signed('change.proposed', document, officer(0)))
    }
  })

  it('a person, a signer, a policy that no act would have taken', async () => {
    const person = lastOf(events, 'person.added').facts['person'] as Facts
    const dave = events.find((one) => (one.facts['person'] as Facts | undefined)?.['id'] === 'dave')!
    const signer = lastOf(events, 'trust.added').facts['signer'] as Facts
    const fresh = (await signerOf(crossing, await makePerson(crossing.folder, 'new', 'New', 'p256'))).key
    const key = { fingerprint: fresh.fingerprint, key: fresh.spki.toString('base64') }
    const made = { ...person, id: 'new', name: 'New', ...key, roles: ['witness'] }
    await taken(unsigned('person.added', { person: made }))
    for (const [type, facts, found] of [
      ['person.added', { person: { ...made, key: person['key'] } }, /key-unreadable/],
      ['person.added', { person: { ...made, key: 'AAAA' } }, /key-unreadable/],
      ['person.added', { person: { ...made, roles: ['requester', 'release-authority'] } }, /roles-exclude/],
      ['person.added', { person: { ...made, roles: ['witness', 'auditor'] } }, /roles-exclude/],
      ['person.added', { person: { ...made, id: 'dave' } }, /person-exists/],
      ['person.added', { person: { ...(dave.facts['person'] as Facts), id: 'other' } }, /person-exists/],
      ['trust.added', { signer }, /trust-exists/],
      ['trust.added', { signer: { ...signer, ...key, key: signer['key'] } }, /key-unreadable/],
      ['policy.set', { ...policyOf(2), kind: undefined, digest: digestOf('x') }, /desk-damaged/],
      ['policy.set', { ...policyOf(1), kind: undefined }, /policy-version/],
      ['policy.set', { ...policyOf(2), kind: undefined, version: 3 }, /policy-version/],
    ] as const) {
      const plain = JSON.parse(JSON.stringify(facts)) as Facts
      await forged(found, unsigned(type, plain))
    }
  })

  it('a key that nobody has, is there already, or was revoked', async () => {
    const { dave, erin, bob } = crossing.people
    const of = async (one: TestPerson): Promise<Facts> => {
      const { key } = await signerOf(crossing, one)
      return { fingerprint: key.fingerprint, key: key.spki.toString('base64'), algorithm: 'p256' }
    }
    const change = (more: Facts): Unplaced => unsigned('change.made', { change: more })
    const fresh = await of(await makePerson(crossing.folder, 'fresh', 'Fresh', 'p256'))
    const replaced = (id: string, key: Facts): Unplaced => change({ kind: 'person.key', id, ...key })
    await taken(replaced('dave', fresh))
    await forged(/person-unknown/, replaced('zoe', fresh))
    await forged(/person-exists/, replaced('dave', await of(erin)))
    await forged(/key-unreadable/, replaced('dave', { ...fresh, key: 'AAAA' }))
    const gone = change({ kind: 'trust.revoke', fingerprint: bob.fingerprint, reason: 'x' })
    await taken(gone)
    await forged(/key-revoked/, gone, replaced('dave', await of(bob)))
    await forged(/revoke-unknown/, gone, gone)
    const old = change({ kind: 'trust.revoke', fingerprint: dave.fingerprint, reason: 'x' })
    await forged(/key-revoked/, replaced('dave', fresh), replaced('dave', await of(dave)))
    await forged(/person-unknown/, old, replaced('dave', fresh))
  })
})

describe('a change that waits', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
    officers = await makeOfficers(crossing, crossing.high)
    await officers.seal()
    const policy = join(crossing.folder, 'policy.yaml')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 2\n')
    await officers.at('policy', 'set', policy, ...officers.signs(0))
  })
  afterAll(() => crossing.dispose())

  it('takes no officer away where only two are left, and says how many there would be', async () => {
    events = await eventsOf(crossing.high)
    const { version, before } = documentOf(2)
    const revoke = (fingerprint: string): Promise<Unplaced> =>
      signed(
        'change.proposed',
        {
          ...{ desk: crossing.highId, number: 3, version, before },
          change: { kind: 'trust.revoke', fingerprint, reason: 'x' },
        },
        officer(0),
      )
    await forged(/officers-too-few/, await revoke(officer(1).fingerprint))
    await taken(await revoke(crossing.people.dave.fingerprint))
    await taken(await revoke(crossing.people.bob.fingerprint))
  })

  it('is withdrawn by officers alone; what anybody else tries leaves it waiting', async () => {
    const before = await eventsOf(crossing.high)
    for (const [words, code] of [
      [signing(crossing, 'dave'), 'role-missing'],
      [['--person', 'zoe', ...signing(crossing, 'dave').slice(2)], 'person-unknown'],
      [['--person', 'officer-2', ...signing(crossing, 'dave').slice(2)], 'key-not-this-person'],
    ] as const) {
      const ended = await officers.at('change', 'withdraw', '2', ...words)
      expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({ code: 1, failure: code })
    }
    expect(await eventsOf(crossing.high)).toEqual(before)
    const shown = await done(['change', 'show', '2', '--desk', crossing.high], crossing.clock)
    expect(shown.state).toBe('pending')
    expect((await officers.at('change', 'withdraw', '2', ...officers.signs(1))).json.state).toBe('withdrawn')
    const ledger = await sallyport(['ledger', 'verify', '--desk', crossing.high], crossing.clock)
    expect(ledger.json.intact).toBe(true)
  })
})
