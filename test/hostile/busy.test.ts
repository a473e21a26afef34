import { randomBytes } from 'node:crypto'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openSession, type Session } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { done, sallyport } from '../support/command-line.ts'
import { makeBundle, makeCrossing, makePerson, signing, type Crossing } from '../support/desks.ts'
import { eventsOf } from '../support/forged-desk.ts'
import { highDesk } from '../support/high-desk.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'

/* What is asked of a desk at the wrong moment: while it is reading, or when it was opened for looking only. */

let crossing: Crossing
let officers: Officers
let session: Session | null = null
const { accepted, verify } = highDesk(() => crossing)
const place = (purpose: Parameters<Session['place']>[0], path: string): string =>
  session!.place(purpose, path)

async function open(desk: string, mode: 'read' | 'write' = 'write'): Promise<Session> {
  session = openSession({ clock: crossing.clock, network: openGate })
  await session.call('desk.open', { place: place('desk', desk), mode })
  return session
}
async function refused(call: Promise<unknown>, code: string): Promise<void> {
  await expect(call).rejects.toMatchObject({ code })
}
async function by(person: keyof Crossing['people']) {
  const passphrase = (await readFile(crossing.passphrase, 'utf8')).trim()
  return { person, by: { file: place('key', crossing.people[person].key), passphrase } }
}
async function byOfficer(at: number) {
  const passphrase = (await readFile(crossing.passphrase, 'utf8')).trim()
  const { id, key } = officers.people[at]!
  return { person: id, by: { file: place('key', key), passphrase } }
}
afterEach(async () => {
  await session?.close()
  session = null
})

describe('a high desk that is reading a medium', () => {
  let folder: string
  let undecided: string
  let closing: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    officers = await makeOfficers(crossing, crossing.high, 3)
    closing = await accepted((await makeBundle(crossing, 'one')).folder)
    undecided = (await verify((await makeBundle(crossing, 'two')).folder)).said.id
    folder = (await makeBundle(crossing, 'large', { 'large.bin': randomBytes(24 << 20) })).folder
    await officers.seal()
    const { bob } = crossing.people
    const revoke = ['trust', 'revoke', bob.fingerprint, '--reason', 'Lost']
    await officers.at(...revoke, ...officers.signs(0))
    const { key } = await makePerson(crossing.folder, 'fresh', 'Fresh', 'p256')
    await officers.at('person', 'key', '--id', 'dave', '--key', `${key}.pub`, ...officers.signs(0))
  })
  afterAll(() => crossing.dispose())

  it('takes no revocation, no new key, no decision, nothing that lets go of content; then it does', async () => {
    const desk = await open(crossing.high)
    const { bob } = crossing.people
    const officer = await byOfficer(1)
    const fresh = place('key', join(crossing.folder, 'fresh.key.pub'))
    const before = await eventsOf(crossing.high)
    const decision = { id: undecided, outcome: 'accept' as const, causes: [], ...(await by('dave')) }
    const { job } = await desk.call('verify.start', { medium: place('medium', folder) })
    for (const call of [
      () => desk.call('trust.revoke', { fingerprint: bob.fingerprint, reason: 'Lost', officer }),
      () => desk.call('person.key', { id: 'erin', key: fresh, officer }),
      () => desk.call('change.sign', { number: 2, ...officer }),
      () => desk.call('change.sign', { number: 3, ...officer }),
      () => desk.call('decision.sign', decision),
      () => desk.call('prune.run', {}),
      () => desk.call('consignment.close', { id: closing }),
      () => desk.call('desk.close', {}),
      () => desk.call('verify.start', { medium: place('medium', folder) }),
    ]) {
      await refused(call(), 'job-running')
    }
    const asked = (await desk.call('change.list', {})).changes.filter((one) => one.state === 'pending')
    expect(asked.map((one) => one.number)).toEqual([3, 2])
    await desk.call('job.wait', { job })
    expect((await eventsOf(crossing.high)).slice(before.length).map((one) => one.type)).toEqual([
      'waybill.seen',
      'verify.done',
    ])
    // It was the reading that was in the way.
    await desk.call('change.sign', { number: 2, ...officer })
    expect((await desk.call('desk.show', {})).trust.map((one) => one.name)).not.toContain('Bob Lind')
    expect(await desk.call('desk.close', {})).toEqual({})
    await refused(desk.call('desk.show', {}), 'no-desk')
  })
})

describe('a desk that was opened for reading', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
    officers = await makeOfficers(crossing, crossing.high)
  })
  afterAll(() => crossing.dispose())

  it('takes no act that writes; its ledger and its folder stay as they are', async () => {
    const { folder } = await makeBundle(crossing, 'one')
    const id = await accepted(folder)
    const desk = await open(crossing.high, 'read')
    const before = await eventsOf(crossing.high)
    const files = await readdir(crossing.high, { recursive: true })
    const policy = join(crossing.folder, 'policy.yaml')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 2\n')
    const { bob } = crossing.people
    const out = join(crossing.folder, 'out')
    for (const call of [
      () => desk.call('trust.revoke', { fingerprint: bob.fingerprint, reason: 'Lost' }),
      () => desk.call('policy.set', { place: place('policy', policy) }),
      () => desk.call('verify.start', { medium: place('medium', folder) }),
      async () => desk.call('decision.sign', { id, outcome: 'hold', causes: [], ...(await by('dave')) }),
      async () => desk.call('desk.seal', await byOfficer(0)),
      () => desk.call('export.start', { id, target: { kind: 'dir', place: place('export', out) } }),
      () => desk.call('consignment.close', { id }),
      () => desk.call('prune.run', {}),
    ]) {
      await refused(call(), 'read-only-desk')
    }
    expect(await eventsOf(crossing.high)).toEqual(before)
    expect(await readdir(crossing.high, { recursive: true })).toEqual(files)
  })
})

describe('a desk or a consignment that is not there', () => {
  const unknown = '00000000-0000-4000-8000-000000000000'
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())
  const codeOf = async (...words: string[]): Promise<string> =>
    (await sallyport(words, crossing.clock)).json.failure.code

  it('is said to be unknown by every command that names it', async () => {
    const { low, high } = crossing
    for (const [desk, ...words] of [
      [low, 'consignment', 'show', unknown],
      [low, 'consignment', 'drop', unknown, '--reason', 'x'],
      [low, 'consignment', 'close', unknown],
      [low, 'approve', unknown, '--role', 'prepare', ...signing(crossing, 'bob')],
      [low, 'write', unknown, '--to', crossing.folder],
      [high, 'decide', unknown, '--accept', ...signing(crossing, 'dave')],
      [high, 'export', unknown, '--to', `dir:${join(crossing.folder, 'out')}`],
    ] as const) {
      const before = await eventsOf(desk)
      expect([words, await codeOf(...words, '--desk', desk)]).toEqual([words, 'consignment-unknown'])
      expect(await eventsOf(desk)).toEqual(before)
    }
  })

  it('a folder without a card is no desk; one that has anything in it becomes none', async () => {
    const empty = join(crossing.folder, 'empty')
    await mkdir(empty)
    for (const words of [
      ['desk', 'show'],
      ['ledger', 'verify'],
      ['consignment', 'list'],
      ['policy', 'set', '/dev/null'],
    ]) {
      expect(await codeOf(...words, '--desk', empty)).toBe('desk-not-found')
      expect(await codeOf(...words, '--desk', join(empty, 'nowhere'))).toBe('desk-not-found')
    }
    expect(await readdir(empty)).toEqual([])
    await writeFile(join(empty, 'notes.txt'), 'mine')
    expect(await codeOf('desk', 'create', empty, '--side', 'low', '--name', 'Hill-9')).toBe('desk-not-empty')
    expect(await codeOf('desk', 'create', crossing.low, '--side', 'high', '--name', 'X')).toBe(
      'desk-not-empty',
    )
    expect(await readdir(empty)).toEqual(['notes.txt'])
    const shown = await done(['desk', 'show', '--desk', crossing.low], crossing.clock)
    expect(shown['card']).toMatchObject({ side: 'low', name: 'Hill-1' })
  })
})
