import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSession } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { sallyport, type Ended } from '../support/command-line.ts'
import { makeCrossing, makePerson, type Crossing } from '../support/desks.ts'
import { forgeLedger } from '../support/forge-ledger.ts'
import { eventsOf, expectForged, expectTaken, lastOf } from '../support/forged-desk.ts'
import { makeOfficers } from '../support/officers.ts'

/* A desk that is named, to itself, as another desk. */

let crossing: Crossing
beforeEach(async () => {
  crossing = await makeCrossing()
})
afterEach(() => crossing.dispose())

const card = (desk: string): string => join(desk, 'desk.json')
const ledgerOf = (desk: string): Promise<string> => readFile(join(desk, 'ledger.jsonl'), 'utf8')

/** Refused because it names this desk; nothing is recorded. */
async function expectOwn(desk: string, ask: () => Promise<Ended>): Promise<void> {
  const before = await ledgerOf(desk)
  const { code, json } = await ask()
  expect({ code, failure: json.failure.code }).toEqual({ code: 1, failure: 'own-desk' })
  expect(await ledgerOf(desk)).toBe(before)
}

describe('this desk as the other one', () => {
  it('is paired with by nobody, while founding on either side and when two officers would sign', async () => {
    const { low, high, lowId, highId, clock } = crossing
    for (const [desk, id] of [
      [low, lowId],
      [high, highId],
    ] as const) {
      const words = ['peer', 'add', card(desk), '--id', id, '--desk', desk]
      await expectOwn(desk, () => sallyport(words, clock))
    }
    const officers = await makeOfficers(crossing, high)
    await officers.seal()
    const own = ['peer', 'add', card(high), '--id', highId, ...officers.signs(0)]
    await expectOwn(high, () => officers.at(...own))
    const other = ['peer', 'add', card(low), '--id', lowId, ...officers.signs(0)]
    expect((await officers.at(...other)).code).toBe(0)
  })

  it('is no sender that a signer is trusted for, and none that a channel is given to', async () => {
    const { high, highId, clock, folder } = crossing
    const { key, fingerprint } = await makePerson(folder, 'zoe', 'Zoe', 'p256')
    const signer = ['--key', `${key}.pub`, '--name', 'Zoe', '--role', 'prepare', '--fingerprint', fingerprint]
    await expectOwn(high, () =>
      sallyport(['trust', 'add', ...signer, '--sender', highId, '--desk', high], clock),
    )
    const officers = await makeOfficers(crossing, high)
    await officers.seal()
    const move = ['stream', 'move', 'payments', '--to', highId, ...officers.signs(0)]
    await expectOwn(high, () => officers.at(...move))
  })

  it('is no destination of a request, for whoever only asks and for whoever collects', async () => {
    const { low, lowId, clock, folder } = crossing
    const request = join(folder, 'own.yaml')
    const text = `sallyport: request/v1\nname: own\nreason: Because\nrequester: alice\ndestinations: [${lowId}]\nchannel: main\nitems:\n  - file: ./notes.txt\n`
    await writeFile(request, text)
    const before = await ledgerOf(low)
    const collected = await sallyport(['collect', request, '--desk', low], clock)
    expect(collected.json.failure).toMatchObject({ code: 'destination-own', facts: { found: lowId } })
    const session = openSession({ clock, network: openGate })
    await session.call('desk.open', { place: session.place('desk', low), mode: 'read' })
    const { problems } = await session.call('request.check', { text })
    await session.close()
    expect(problems.map(({ path, expected, found }) => ({ path, expected, found }))).toEqual([
      { path: 'destinations', expected: 'ids of other desks', found: lowId },
    ])
    expect(await ledgerOf(low)).toBe(before)
  })

  it('is damage in a ledger of these rules, and stays what it is in one of earlier rules', async () => {
    const { low, lowId } = crossing
    const added = lastOf(await eventsOf(low), 'person.added')
    const peer = { id: lowId, side: 'low', name: 'Hill-1', seal: null }
    const event = { ...added, type: 'change.made', facts: { change: { kind: 'peer.add', peer } } }
    await expectForged(crossing, low, (all) => [...all, { ...event, rules: 3 }], /own-desk/)
    await expectTaken(crossing, low, (all) => [...all, { ...event, rules: 2 }])
    const copy = join(crossing.folder, 'of-earlier-rules')
    await forgeLedger(low, copy, (all) => [...all, { ...event, rules: 2 }])
    const { json } = await sallyport(['desk', 'show', '--desk', copy], crossing.clock)
    expect({ peers: json['peers'], flags: json['flags'] }).toEqual({
      peers: [peer],
      flags: [
        {
          sequence: (await eventsOf(low)).length + 1,
          sentence: 'The change “peer.add” was allowed by the rules of that time; it would not be today',
        },
      ],
    })
  })
})
