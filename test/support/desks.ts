import { randomUUID } from 'node:crypto'
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyAlgorithm } from '../../main/sign/key-file.ts'
import { done, testClock, type TestClock } from './command-line.ts'
import { makeKey, pem } from './pki/key.ts'
import { copyPrepared } from './prepared.ts'

/** A person with a key file; the passphrase is the same for all. */
export interface TestPerson {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly fingerprint: string
}

export interface Crossing {
  readonly folder: string
  readonly clock: TestClock
  readonly low: string
  readonly high: string
  readonly lowId: string
  readonly highId: string
  readonly passphrase: string
  readonly people: Readonly<Record<PersonId, TestPerson>>
  dispose(): Promise<void>
}

const cast = {
  alice: { name: 'Alice Moss', roles: ['requester'], algorithm: 'p256', at: 'low' },
  bob: { name: 'Bob Lind', roles: ['transfer-agent'], algorithm: 'p256', at: 'low' },
  carol: { name: 'Carol Diaz', roles: ['release-authority'], algorithm: 'ed25519', at: 'low' },
  dave: { name: 'Dave Okoro', roles: ['transfer-agent'], algorithm: 'p256', at: 'high' },
  erin: { name: 'Erin Sand', roles: ['witness'], algorithm: 'ed25519', at: 'high' },
} as const
export type PersonId = keyof typeof cast

const secret = 'correct horse battery staple'

/**
 * A key as another tool writes it: its passphrase takes a millisecond to try, where that of a key of ours is made to
 * take long. Tests of keys make keys of ours.
 */
export async function makePerson(
  folder: string,
  id: string,
  name: string,
  algorithm: KeyAlgorithm,
): Promise<TestPerson> {
  const key = join(folder, `${id}.key`)
  const made = makeKey(algorithm)
  const kept = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: secret } as const
  await writeFile(key, made.privateKey.export(kept), { flag: 'wx', mode: 0o600 })
  await writeFile(`${key}.pub`, pem('PUBLIC KEY', made.spki), { flag: 'wx' })
  const shown = await done(['key', 'show', `${key}.pub`])
  return { id, name, key, fingerprint: shown.fingerprint.hex }
}

async function addPeople(folder: string, clock: TestClock): Promise<Record<string, TestPerson>> {
  const people: Record<string, TestPerson> = {}
  for (const [id, { name, roles, algorithm, at }] of Object.entries(cast)) {
    const person = await makePerson(folder, id, name, algorithm)
    people[id] = person
    const common = ['--desk', join(folder, at), '--id', id, '--name', name, '--key', `${person.key}.pub`]
    await done(['person', 'add', ...common, ...roles.flatMap((role) => ['--role', role])], clock)
  }
  return people
}

/** What is known of a crossing beside its files. */
type Made = Pick<Crossing, 'lowId' | 'highId'> & {
  readonly fingerprints: Readonly<Record<string, string>>
}

async function buildCrossing(folder: string, clock: TestClock): Promise<void> {
  await writeFile(join(folder, 'passphrase'), `${secret}\n`)
  const low = join(folder, 'low')
  const high = join(folder, 'high')
  const marked = ['--name', 'Hill-1', '--marking', 'OFFICIAL']
  const { id: lowId } = await done(['desk', 'create', low, '--side', 'low', ...marked], clock)
  const { id: highId } = await done(['desk', 'create', high, '--side', 'high', '--name', 'Delta-2'], clock)
  const people = await addPeople(folder, clock)
  for (const [id, role] of [
    ['bob', 'prepare'],
    ['carol', 'release'],
  ] as const) {
    const { key, name, fingerprint } = people[id]!
    const whom = ['--key', `${key}.pub`, '--name', name, '--role', role, '--fingerprint', fingerprint]
    const where = ['--desk', high, '--sender', lowId, '--channel', 'payments']
    await done(['trust', 'add', ...where, ...whom], clock)
  }
  await mkdir(join(folder, 'request'))
  const fingerprints = Object.fromEntries(Object.values(people).map((one) => [one.id, one.fingerprint]))
  const made: Made = { lowId, highId, fingerprints }
  await writeFile(join(folder, 'crossing.json'), JSON.stringify(made))
}

async function openCrossing(folder: string, clock: TestClock): Promise<Crossing> {
  const made = JSON.parse(await readFile(join(folder, 'crossing.json'), 'utf8')) as Made
  const people = Object.entries(cast).map(([id, { name }]) => {
    const person = { id, name, key: join(folder, `${id}.key`), fingerprint: made.fingerprints[id]! }
    return [id, person] as const
  })
  return {
    folder,
    clock,
    low: join(folder, 'low'),
    high: join(folder, 'high'),
    lowId: made.lowId,
    highId: made.highId,
    passphrase: join(folder, 'passphrase'),
    people: Object.fromEntries(people) as Crossing['people'],
    dispose: () => rm(folder, { recursive: true, force: true }),
  }
}

/**
 * Two desks, five people, and trust of the high desk in the low desk's two signers. In all tests of a run they are
 * copies: a test that needs strangers besides asks for `makeOtherCrossing`.
 */
export async function makeCrossing(
  clock: TestClock = testClock(),
  parent: string = tmpdir(),
): Promise<Crossing> {
  const folder = await mkdtemp(join(parent, 'sallyport-test-'))
  // Made a minute before the hour: no clock of a test in that hour is behind what the desks remember.
  const hour = Math.floor(clock.now().getTime() / 3_600_000) * 3_600_000
  const before = testClock(new Date(hour - 60_000).toISOString())
  await copyPrepared(folder, `crossing-${hour}`, (place) => buildCrossing(place, before))
  return openCrossing(folder, clock)
}

/** The same with identifiers and keys of its own. */
export async function makeOtherCrossing(clock: TestClock = testClock()): Promise<Crossing> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-test-'))
  await buildCrossing(folder, clock)
  return openCrossing(folder, clock)
}

/** A request file in the crossing's request folder; `items` as YAML lines. */
export async function writeRequest(
  crossing: Crossing,
  items: readonly string[],
  extra: Readonly<Record<string, string>> = {},
): Promise<string> {
  const path = join(crossing.folder, 'request', `request-${randomUUID()}.yaml`)
  const fields = {
    name: 'payments-2026-11',
    reason: 'Patch for the payments cluster, ticket 4711',
    requester: 'alice',
    destinations: `[${crossing.highId}]`,
    channel: 'payments',
    ...extra,
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  await writeFile(
    path,
    `sallyport: request/v1\n${lines.join('\n')}\nitems:\n${items.map((item) => `  - ${item}`).join('\n')}\n`,
  )
  return path
}

/** Carried files of the given sizes; gives their items for a request. */
export async function writeFiles(
  crossing: Crossing,
  files: Readonly<Record<string, Buffer | string>>,
): Promise<string[]> {
  for (const [name, content] of Object.entries(files))
    await writeFile(join(crossing.folder, 'request', name), content)
  return Object.keys(files).map((name) => `file: ./${name}`)
}

/** Arguments with which a person signs. */
export function signing(crossing: Crossing, id: PersonId): string[] {
  return ['--person', id, '--key', crossing.people[id].key, '--passphrase-file', crossing.passphrase]
}

/** Collects, signs twice; gives the consignment's id. */
export async function release(crossing: Crossing, request: string): Promise<string> {
  const { low, clock } = crossing
  const { id } = await done(['collect', request, '--desk', low], clock)
  await done(['approve', id, '--desk', low, '--role', 'prepare', ...signing(crossing, 'bob')], clock)
  await done(['approve', id, '--desk', low, '--role', 'release', ...signing(crossing, 'carol')], clock)
  return id
}

/** Writes a released consignment into a new folder; gives the bundle's folder. */
export async function writeTo(
  crossing: Crossing,
  id: string,
  name: string,
  extra: readonly string[] = [],
): Promise<string> {
  const medium = join(crossing.folder, name)
  await mkdir(medium, { recursive: true })
  const written = await done(['write', id, '--desk', crossing.low, '--to', medium, ...extra], crossing.clock)
  return written.folder
}

/** From files to a bundle on a medium. */
export async function makeBundle(
  crossing: Crossing,
  name: string,
  files: Readonly<Record<string, Buffer | string>> = { 'notes.txt': `notes of ${name}\n` },
  extra: readonly string[] = [],
): Promise<{ readonly id: string; readonly folder: string }> {
  const request = await writeRequest(crossing, await writeFiles(crossing, files))
  const id = await release(crossing, request)
  return { id, folder: await writeTo(crossing, id, name, extra) }
}

/** Two people decide; gives the second answer. */
export async function decideBoth(
  crossing: Crossing,
  id: string,
  outcome: 'accept' | 'reject' | 'hold',
  extra: readonly string[] = [],
): Promise<unknown> {
  const { high, clock } = crossing
  const reason = outcome === 'accept' ? [] : ['--reason', 'As agreed']
  await done(
    ['decide', id, '--desk', high, `--${outcome}`, ...reason, ...extra, ...signing(crossing, 'dave')],
    clock,
  )
  return done(
    ['decide', id, '--desk', high, `--${outcome}`, ...reason, ...extra, ...signing(crossing, 'erin')],
    clock,
  )
}
