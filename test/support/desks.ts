import { randomUUID } from 'node:crypto'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { done, testClock, type TestClock } from './command-line.ts'

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

export async function makePerson(
  folder: string,
  id: string,
  name: string,
  algorithm: string,
  passphrase: string,
): Promise<TestPerson> {
  const key = join(folder, `${id}.key`)
  const made = await done(['key', 'create', key, '--algorithm', algorithm, '--passphrase-file', passphrase])
  return { id, name, key, fingerprint: made.fingerprint.hex }
}

/** Two desks, five people, and trust of the high desk in the low desk's two signers. */
export async function makeCrossing(
  clock: TestClock = testClock(),
  parent: string = tmpdir(),
): Promise<Crossing> {
  const folder = await mkdtemp(join(parent, 'sallyport-test-'))
  const passphrase = join(folder, 'passphrase')
  await writeFile(passphrase, 'correct horse battery staple\n')
  const low = join(folder, 'low')
  const high = join(folder, 'high')
  const lowId = (
    await done(['desk', 'create', low, '--side', 'low', '--name', 'Hill-1', '--marking', 'OFFICIAL'], clock)
  ).id
  const highId = (await done(['desk', 'create', high, '--side', 'high', '--name', 'Delta-2'], clock)).id
  const people: Record<string, TestPerson> = {}
  for (const [id, { name, roles, algorithm, at }] of Object.entries(cast)) {
    const person = await makePerson(folder, id, name, algorithm, passphrase)
    people[id] = person
    const desk = at === 'low' ? low : high
    await done(
      [
        'person',
        'add',
        '--desk',
        desk,
        '--id',
        id,
        '--name',
        name,
        '--key',
        `${person.key}.pub`,
        ...roles.flatMap((role) => ['--role', role]),
      ],
      clock,
    )
  }
  for (const [id, role] of [
    ['bob', 'prepare'],
    ['carol', 'release'],
  ] as const) {
    const person = people[id]!
    await done(
      [
        'trust',
        'add',
        '--desk',
        high,
        '--key',
        `${person.key}.pub`,
        '--name',
        person.name,
        '--role',
        role,
        '--sender',
        lowId,
        '--channel',
        'payments',
        '--fingerprint',
        person.fingerprint,
      ],
      clock,
    )
  }
  await mkdir(join(folder, 'request'))
  return {
    folder,
    clock,
    low,
    high,
    lowId,
    highId,
    passphrase,
    people: people as Crossing['people'],
    dispose: () => rm(folder, { recursive: true, force: true }),
  }
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
