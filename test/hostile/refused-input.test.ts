import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallInput } from '../../shared/contract.ts'
import { openSession } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { done, sallyport } from '../support/command-line.ts'
import {
  makeBundle,
  makeCrossing,
  makePerson,
  writeFiles,
  writeRequest,
  type Crossing,
} from '../support/desks.ts'
import { eventsOf } from '../support/forged-desk.ts'
import { highDesk } from '../support/high-desk.ts'

/* What people type or choose and a desk does not take; and what it says of itself when it is asked. */

let crossing: Crossing
const { verify, accepted } = highDesk(() => crossing)
beforeAll(async () => {
  crossing = await makeCrossing()
})
afterAll(() => crossing.dispose())

async function refused(desk: string, words: readonly string[], code: string): Promise<void> {
  const before = await eventsOf(desk)
  const ended = await sallyport([...words, '--desk', desk], crossing.clock)
  expect({ words, exit: ended.code, code: ended.json.failure.code }).toEqual({ words, exit: 1, code })
  expect(await eventsOf(desk)).toEqual(before)
}

describe('what is not taken', () => {
  it('ids and names that are none', async () => {
    const { key } = await makePerson(crossing.folder, 'new', 'New', 'p256')
    const person = ['person', 'add', '--role', 'witness', '--key', `${key}.pub`]
    for (const [id, name] of [
      ['', 'New'],
      ['a\u202eb', 'New'],
      ['new', ''],
      ['new', 'a\u202eb'],
      ['new', 'x'.repeat(501)],
    ] as const) {
      await refused(crossing.high, [...person, '--id', id, '--name', name], 'bad-input')
    }
    const trust = ['trust', 'add', '--role', 'prepare', '--key', `${key}.pub`, '--fingerprint', 'ab']
    await refused(crossing.high, [...trust, '--name', 'a\u0007b'], 'bad-input')
    await refused(crossing.high, [...trust, '--name', 'New', '--channel', 'a\u202eb'], 'bad-input')
    await refused(crossing.high, [...trust, '--name', 'New'], 'fingerprint-form')
  })

  it('a trusted root that is none, though its fingerprint is right', async () => {
    const path = join(crossing.folder, 'root.json')
    await writeFile(path, '{}')
    const fingerprint = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
    const words = ['trust', 'root', 'add', path, '--name', 'inside', '--fingerprint', fingerprint]
    await refused(crossing.high, words, 'root-form')
  })

  it('a request by somebody who is not here, or may not ask', async () => {
    const items = await writeFiles(crossing, { 'a.txt': 'a' })
    for (const requester of ['zoe', 'bob']) {
      const request = await writeRequest(crossing, items, { requester })
      await refused(crossing.low, ['collect', request], 'people-missing')
    }
  })

  it('a key in the place of another file, of either of its two', async () => {
    for (const [base, taken] of [
      ['key-one', 'key-one'],
      ['key-two', 'key-two.pub'],
    ] as const) {
      await writeFile(join(crossing.folder, taken), 'mine')
      const words = [
        'key',
        'create',
        join(crossing.folder, base),
        '--algorithm',
        'p256',
        '--passphrase-file',
        crossing.passphrase,
      ]
      const ended = await sallyport(words, crossing.clock)
      expect({ base, code: ended.json.failure.code }).toEqual({ base, code: 'file-exists' })
      expect(await readFile(join(crossing.folder, taken), 'utf8')).toBe('mine')
      expect((await readdir(crossing.folder)).filter((name) => name.startsWith(base))).toEqual([taken])
    }
  })

  it('an export to a registry that the policy does not name: nothing is begun', async () => {
    const id = await accepted((await makeBundle(crossing, 'one')).folder)
    await refused(crossing.high, ['export', id, '--to', 'registry:localhost:1/x'], 'network-refused')
    const folder = join(crossing.high, 'reports', 'out')
    await refused(crossing.high, ['export', id, '--to', `dir:${folder}`], 'medium-inside-desk')
    expect(await readdir(join(crossing.high, 'reports'))).toEqual([])
  })

  it('a policy’s keys and identities: what has a key can be revoked, by its name', async () => {
    const maker = await makePerson(crossing.folder, 'maker', 'Maker', 'p256')
    const policy = join(crossing.folder, 'named.yaml')
    const pem = JSON.stringify(await readFile(`${maker.key}.pub`, 'utf8'))
    await writeFile(
      policy,
      [
        'sallyport: policy/v1\nversion: 2\nidentities:',
        '  - { name: robot, issuer: https://issuer.test, identity: robot@test }',
        `  - { name: maker, fingerprint: ${maker.fingerprint}, key: ${pem} }\n`,
      ].join('\n'),
    )
    await done(['policy', 'set', policy, '--desk', crossing.high], crossing.clock)
    await refused(crossing.high, ['trust', 'revoke', 'ab'.repeat(32), '--reason', 'x'], 'revoke-unknown')
    const words = ['trust', 'revoke', maker.fingerprint, '--reason', 'x', '--desk', crossing.high]
    expect((await done(words, crossing.clock))['name']).toBe('maker')
  })
})

describe('what a ledger says of a reading', () => {
  it('names the waybill and the verdict, here and at the desk that wrote', async () => {
    const { folder } = await makeBundle(crossing, 'said')
    const { said } = await verify(folder)
    expect((await eventsOf(crossing.high)).at(-1)?.subjects).toEqual([
      said.waybill,
      expect.stringMatching(/^sha256:/),
    ])
    await done(['readback', folder, '--desk', crossing.low], crossing.clock)
    const back = (await eventsOf(crossing.low)).at(-1)
    expect(back?.subjects).toEqual([said.waybill, expect.stringMatching(/^sha256:/)])
    expect(back?.facts).toMatchObject({ consignment: expect.any(String) as string, outcome: 'passed' })
    // Nothing to name where there is no waybill.
    const empty = join(folder, '..', 'nothing.tar')
    await writeFile(empty, Buffer.alloc(10_240))
    for (const [command, desk] of [
      ['verify', crossing.high],
      ['readback', crossing.low],
    ] as const) {
      await sallyport([command, empty, '--desk', desk], crossing.clock)
      expect((await eventsOf(desk)).at(-1)?.subjects).toHaveLength(1)
    }
  })

  it('is found by type, by text and by place', async () => {
    const session = openSession({ clock: crossing.clock, network: openGate })
    const told: unknown[] = []
    session.on((...what) => void told.push(what))
    try {
      await session.call('desk.open', { place: session.place('desk', crossing.high), mode: 'read' })
      const id = (await session.call('desk.show', {})).id
      expect(told).toContainEqual(['desk', { id }])
      const asked: CallInput<'ledger.events'> = {
        from: 0,
        count: 200,
        newestFirst: false,
        text: '',
        type: null,
      }
      const ask = (more: Partial<typeof asked>) => session.call('ledger.events', { ...asked, ...more })
      const all = await ask({})
      const numbers = (some: typeof all): number[] => some.events.map((one) => one.sequence)
      expect(numbers(all)).toEqual(Array.from({ length: all.size }, (_, i) => i + 1))
      expect(numbers(await ask({ newestFirst: true }))).toEqual(numbers(all).reverse())
      expect(numbers(await ask({ from: 2, count: 3 }))).toEqual([3, 4, 5])
      const people = await ask({ type: 'person.added' })
      expect([people.matching, people.events.length]).toEqual([2, 2])
      expect(people.events.every((one) => one.type === 'person.added')).toBe(true)
      const dave = await ask({ text: ' DAVE ', type: 'person.added' })
      expect([dave.matching, dave.events[0]?.sentence]).toEqual([1, people.events[0]?.sentence])
      expect(numbers(await ask({ text: 'dave', count: 1, type: 'person.added' }))).toEqual(numbers(dave))
      expect((await ask({ text: 'nothing says this' })).matching).toBe(0)
      expect((await ask({ type: 'person.added', from: 1 })).events).toHaveLength(1)
    } finally {
      await session.close()
    }
  })
})
