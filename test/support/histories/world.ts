import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../../main/platform/clock.ts'
import { done, testClock } from '../command-line.ts'
import { makeCrossing, makePerson, type Crossing, type PersonId, type TestPerson } from '../desks.ts'
import { makeOfficers } from '../officers.ts'
import { copyPrepared } from '../prepared.ts'
import { RealDesk, type Signs } from './desk.ts'

/*
 * One low desk and two high ones, sealed, on a disc: what random histories happen to. Made once a run and copied.
 */

const start = '2026-11-22T09:00:00Z'

/** A clock that stands still until somebody moves it. */
export interface StillClock extends Clock {
  forward(minutes: number): void
}

function stillClock(): StillClock {
  let at = new Date(start).getTime()
  return {
    now: () => new Date(at),
    ticks: () => performance.now(),
    forward: (minutes) => {
      at += minutes * 60_000
    },
  }
}

/** Those who can prepare, release, and decide. */
export const preparers = ['bob', 'ben'] as const
export type Preparer = (typeof preparers)[number]

interface Made {
  readonly lowId: string
  readonly highIds: readonly [string, string]
  readonly fingerprints: Readonly<Record<string, string>>
}

async function addHigh(crossing: Crossing, ben: TestPerson): Promise<string> {
  const { clock, folder, lowId, people } = crossing
  const desk = join(folder, 'second')
  const { id } = await done(['desk', 'create', desk, '--side', 'high', '--name', 'Delta-3'], clock)
  for (const [one, role] of [
    ['dave', 'transfer-agent'],
    ['erin', 'witness'],
  ] as const) {
    const { name, key } = people[one]
    const words = ['person', 'add', '--desk', desk, '--id', one, '--name', name, '--key', `${key}.pub`]
    await done([...words, '--role', role], clock)
  }
  for (const [high, whom, role] of [
    [desk, people.bob, 'prepare'],
    [desk, people.carol, 'release'],
    [desk, ben, 'prepare'],
    [crossing.high, ben, 'prepare'],
  ] as const) {
    const words = ['--key', `${whom.key}.pub`, '--name', whom.name, '--fingerprint', whom.fingerprint]
    const where = ['--desk', high, '--sender', lowId, '--channel', 'payments']
    await done(['trust', 'add', ...where, ...words, '--role', role], clock)
  }
  return id
}

async function build(folder: string): Promise<void> {
  const crossing = await makeCrossing(testClock(start))
  try {
    const { clock, low, high } = crossing
    const ben = await makePerson(crossing.folder, 'ben', 'Ben Ito', 'p256')
    const words = [
      'person',
      'add',
      '--desk',
      low,
      '--id',
      'ben',
      '--name',
      ben.name,
      '--key',
      `${ben.key}.pub`,
    ]
    await done([...words, '--role', 'transfer-agent'], clock)
    const second = await addHigh(crossing, ben)
    await (await makeOfficers(crossing, low)).seal()
    await (await makeOfficers(crossing, high)).seal()
    const other = join(crossing.folder, 'other')
    await mkdir(other)
    const apart = { ...crossing, folder: other, high: join(crossing.folder, 'second') }
    await (await makeOfficers(apart, apart.high)).seal()
    const fingerprints = { bob: crossing.people.bob.fingerprint, ben: ben.fingerprint }
    const made: Made = { lowId: crossing.lowId, highIds: [crossing.highId, second], fingerprints }
    await writeFile(join(crossing.folder, 'world.json'), JSON.stringify(made))
    await cp(crossing.folder, folder, { recursive: true })
  } finally {
    await crossing.dispose()
  }
}

/** The desks of one history. */
export interface World extends Made {
  readonly folder: string
  readonly clock: StillClock
  readonly low: RealDesk
  readonly highs: readonly [RealDesk, RealDesk]
  /** For those who forge with the right keys. */
  readonly crossing: Pick<Crossing, 'folder' | 'passphrase' | 'people' | 'lowId'>
  signs(id: Preparer | PersonId): Signs
  dispose(): Promise<void>
}

/** Opens three desks of their own. */
export async function makeWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-history-'))
  await copyPrepared(folder, 'histories', build)
  const made = JSON.parse(await readFile(join(folder, 'world.json'), 'utf8')) as Made
  const secret = (await readFile(join(folder, 'passphrase'), 'utf8')).trim()
  const clock = stillClock()
  const account = join(folder, 'account')
  const officer = (start: string, n: number): Signs => {
    return { id: `officer-${n}`, key: join(folder, `${start}-officer-${n}.key`) }
  }
  const desk = (name: string, keys: string): RealDesk => {
    const where = { folder: join(folder, name), account }
    return new RealDesk(where, clock, secret, [officer(keys, 1), officer(keys, 2)])
  }
  const low = desk('low', 'low')
  const highs = [desk('high', 'high'), desk('second', 'other/high')] as const
  for (const one of [low, ...highs]) await one.open()
  const person = (id: string): TestPerson => {
    return { id, name: id, key: join(folder, `${id}.key`), fingerprint: made.fingerprints[id] ?? '' }
  }
  const people = Object.fromEntries(
    ['alice', 'bob', 'carol', 'dave', 'erin'].map((id) => [id, person(id)]),
  ) as Crossing['people']
  return {
    ...made,
    folder,
    clock,
    low,
    highs,
    crossing: { folder, passphrase: join(folder, 'passphrase'), people, lowId: made.lowId },
    signs: (id) => ({ id, key: join(folder, `${id}.key`) }),
    dispose: async () => {
      for (const one of [low, ...highs]) await one.end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
