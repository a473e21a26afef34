import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport } from '../support/command-line.ts'
import {
  makeCrossing,
  makePerson,
  signing,
  writeFiles,
  writeRequest,
  type Crossing,
} from '../support/desks.ts'
import { eventsOf } from '../support/forged-desk.ts'

/* Who may not sign a waybill, and when nobody may: each by its own reason, and nothing is recorded. */

let crossing: Crossing
let names = 0
const collect = async (): Promise<string> => {
  const items = await writeFiles(crossing, { [`notes-${++names}.txt`]: `notes ${names}\n` })
  const request = await writeRequest(crossing, items)
  return (await done(['collect', request, '--desk', crossing.low], crossing.clock)).id
}
const approving = (id: string, role: string, who: readonly string[]): string[] => [
  ...['approve', id, '--desk', crossing.low, '--role', role, ...who],
]
const approve = (id: string, role: string, person: 'bob' | 'carol'): Promise<unknown> =>
  done(approving(id, role, signing(crossing, person)), crossing.clock)
async function refused(words: readonly string[], code: string, facts: object = {}): Promise<void> {
  const before = await eventsOf(crossing.low)
  const ended = await sallyport(words, crossing.clock)
  expect({ words, exit: ended.code, ...ended.json.failure }).toMatchObject({ words, exit: 1, code, facts })
  expect(await eventsOf(crossing.low)).toEqual(before)
}
const add = async (id: string, name: string, roles: readonly string[]): Promise<string[]> => {
  const { key } = await makePerson(crossing.folder, id, name, 'p256')
  const words = [
    '--id',
    id,
    '--name',
    name,
    '--key',
    `${key}.pub`,
    ...roles.flatMap((role) => ['--role', role]),
  ]
  await done(['person', 'add', '--desk', crossing.low, ...words], crossing.clock)
  return ['--person', id, '--key', key, '--passphrase-file', crossing.passphrase]
}

describe('a signature on a waybill', () => {
  let both: string[]
  let gus: string[]
  beforeAll(async () => {
    crossing = await makeCrossing()
    both = await add('max', 'Max Both', ['transfer-agent', 'release-authority'])
    gus = await add('gus', 'Gus Hale', ['transfer-agent'])
  })
  afterAll(() => crossing.dispose())

  it('needs the role that it is given in', async () => {
    const id = await collect()
    for (const [role, person, expected, found] of [
      ['prepare', 'alice', 'transfer-agent', 'requester'],
      ['release', 'bob', 'release-authority', 'transfer-agent'],
      ['witness', 'carol', 'witness', 'release-authority'],
    ] as const) {
      await refused(approving(id, role, signing(crossing, person)), 'role-missing', { expected, found })
    }
  })

  it('is given once by one person, in one role; and by no more people than must', async () => {
    const id = await collect()
    await done(approving(id, 'prepare', both), crossing.clock)
    await refused(approving(id, 'prepare', both), 'already-signed', { found: 'prepare' })
    await refused(approving(id, 'release', both), 'same-person', { person: 'Max Both' })
    await refused(approving(id, 'prepare', gus), 'already-signed', { person: 'max', found: 'prepare' })
    await approve(id, 'release', 'carol')
    await refused(approving(id, 'prepare', gus), 'consignment-state', { found: 'released' })
  })

  it('with the key of that person', async () => {
    const id = await collect()
    const other = ['--person', 'bob', ...signing(crossing, 'carol').slice(2)]
    await refused(approving(id, 'prepare', other), 'key-not-this-person')
  })

  it('is not given to what was dropped, closed or taken over by another number', async () => {
    const dropped = await collect()
    await done(['consignment', 'drop', dropped, '--reason', 'x', '--desk', crossing.low], crossing.clock)
    await refused(approving(dropped, 'prepare', signing(crossing, 'bob')), 'consignment-state', {
      found: 'dropped',
    })
    const drop = ['consignment', 'drop', dropped, '--reason', 'x', '--desk', crossing.low]
    await refused(drop, 'consignment-state', { found: 'dropped' })
    const one = await collect()
    const two = await collect()
    await approve(one, 'prepare', 'bob')
    await approve(one, 'release', 'carol')
    await refused(approving(two, 'prepare', signing(crossing, 'bob')), 'waybill-old')
    const medium = join(crossing.folder, 'medium')
    await mkdir(medium)
    await refused(['write', two, '--desk', crossing.low, '--to', medium], 'waybill-old')
    await refused(['write', dropped, '--desk', crossing.low, '--to', medium], 'consignment-state', {
      found: 'dropped',
    })
    const half = await collect()
    await approve(half, 'release', 'carol')
    await refused(['write', half, '--desk', crossing.low, '--to', medium], 'signatures-missing', {
      expected: 'prepare',
    })
    expect(await readdir(medium)).toEqual([])
  })
})

describe('the second in which a waybill expires', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('is too late to sign or to write it; the one before is not', async () => {
    const id = await collect()
    await approve(id, 'prepare', 'bob')
    const shown = await done(['consignment', 'show', id, '--desk', crossing.low], crossing.clock)
    const expires = String(shown['expires'])
    const medium = join(crossing.folder, 'medium')
    await mkdir(medium)
    const late = { found: `it expired on ${expires}` }
    const write = ['write', id, '--desk', crossing.low, '--to', medium]
    const before = new Date(Date.parse(expires) - 5000).toISOString()
    crossing.clock.set(expires)
    await refused(approving(id, 'release', signing(crossing, 'carol')), 'waybill-old', late)
    crossing.clock.set(before)
    await approve(id, 'release', 'carol')
    crossing.clock.set(expires)
    await refused(write, 'waybill-old', late)
    expect(await readdir(medium)).toEqual([])
    crossing.clock.set(before)
    await done(write, crossing.clock)
  })
})

describe('an act of one side at the other', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('is refused before anything is looked at', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000'
    const { low, high } = crossing
    const request = await writeRequest(crossing, await writeFiles(crossing, { 'a.txt': 'a' }))
    for (const [desk, ...words] of [
      [high, 'collect', request],
      [high, 'approve', unknown, '--role', 'prepare', ...signing(crossing, 'dave')],
      [high, 'write', unknown, '--to', crossing.folder],
      [high, 'consignment', 'drop', unknown, '--reason', 'x'],
      [low, 'verify', crossing.folder],
      [low, 'decide', unknown, '--accept', ...signing(crossing, 'bob')],
      [low, 'export', unknown, '--to', `dir:${join(crossing.folder, 'out')}`],
    ] as const) {
      const before = await eventsOf(desk)
      const ended = await sallyport([...words, '--desk', desk], crossing.clock)
      expect({ words, failure: ended.json.failure.code }).toEqual({ words, failure: 'wrong-side' })
      expect(await eventsOf(desk)).toEqual(before)
    }
  })
})
