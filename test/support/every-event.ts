import { Readable, Writable } from 'node:stream'
import { run } from '../../main/command/run.ts'
import { openGate } from '../../main/platform/network.ts'
import { appendFile, cp, mkdir, mkdtemp, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deviceNumber } from '../../main/platform/mounts.ts'
import { done, sallyport, testClock, type Said } from './command-line.ts'
import {
  decideBoth,
  makeBundle,
  makeCrossing,
  makePerson,
  release,
  signing,
  writeFiles,
  writeRequest,
  type Crossing,
} from './desks.ts'
import { honestWaybill } from './forge.ts'
import { allowRegistry, exportTo } from './landing.ts'
import { foundDrive } from './made-drives.ts'
import { makeOfficers, type Officers } from './officers.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { keptHeads } from '../../main/ledger/kept-head.ts'
import { copyPrepared } from './prepared.ts'
import { TestRegistry } from './registry.ts'
import { TestDrives } from './test-drives.ts'
import { makeTrustedRoot } from './trusted-root.ts'
import { mayMount, memoryVolume } from './volumes.ts'

/*
 * Two desks that did everything once: every type of event, and every kind of change, is in one of their ledgers. Made by
 * acts alone, once a run; a test works on a copy.
 */

async function must(words: readonly string[], crossing: Crossing): Promise<Said> {
  return done(words, crossing.clock)
}

// An act that is called off as soon as it has begun: what it recorded as begun is recorded as failed.
async function callOff(words: readonly string[], crossing: Crossing): Promise<void> {
  const abort = new AbortController()
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  // The first that is told of long work is that it has begun.
  const errors = new Writable({
    write: (_chunk, _encoding, done) => {
      abort.abort()
      done()
    },
  })
  const terminal = { input: Readable.from([]), output: silent, errors, signal: abort.signal }
  const code = await run([...words, '--json'], { clock: crossing.clock, network: openGate }, terminal)
  if (code !== 130) throw new Error(`${words.join(' ')} was not called off: ${code}`)
}

// A writer that was ended in the middle of a line.
async function tear(desk: string, crossing: Crossing): Promise<void> {
  await appendFile(join(desk, 'ledger.jsonl'), '{"torn')
  await must(['prune', '--desk', desk], crossing)
}

async function policyFile(crossing: Crossing, name: string, lines: string): Promise<string> {
  const path = join(crossing.folder, `${name}.yaml`)
  await writeFile(path, `sallyport: policy/v1\n${lines}`)
  return path
}

async function pair(crossing: Crossing): Promise<void> {
  const { low, high, lowId, highId } = crossing
  await must(['peer', 'add', join(high, 'desk.json'), '--id', highId, '--desk', low], crossing)
  await must(['peer', 'add', join(low, 'desk.json'), '--id', lowId, '--desk', high], crossing)
}

/** A bundle on several media, the first with recovery data by a program of the test's, repaired to a copy. */
async function repairOne(crossing: Crossing): Promise<void> {
  const { low, folder } = crossing
  const text =
    '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\necho 1 > "$2"\necho 2 > "${2%.par2}.vol000+01.par2"\n'
  await mkdir(join(folder, 'programs'))
  await mkdir(join(folder, 'repaired'))
  await writeFile(join(folder, 'programs', 'par2'), text, { mode: 0o755 })
  const named = `version: 3\nprograms:\n  par2: [${digestOf(text)}]\n`
  await must(['policy', 'set', await policyFile(crossing, 'par2', named), '--desk', low], crossing)
  const before = process.env['PATH']
  process.env['PATH'] = join(folder, 'programs')
  try {
    const files = { 'large.bin': Buffer.alloc(900_000) }
    const several = ['--of-size', '6000000', '--parity', '5']
    const { folder: medium } = await makeBundle(crossing, 'five', files, several)
    await must(['repair', medium, '--to', join(folder, 'repaired'), '--desk', low], crossing)
  } finally {
    process.env['PATH'] = before
  }
}

// A test writes to all of a file system, so it is given one of its own; without one nothing of it is recorded.
async function testCapacity(crossing: Crossing): Promise<void> {
  if (!mayMount()) return
  const at = await mkdtemp(join(tmpdir(), 'sallyport-capacity-'))
  const unmount = memoryVolume(at, 8 * 1024 * 1024)
  const drives = new TestDrives()
  drives.drives = [foundDrive({ number: deviceNumber((await stat(at)).dev), mounted: [at] })]
  const run = async (...words: string[]): Promise<void> => {
    const all = ['media', ...words, '--desk', crossing.low]
    const { code, stdout } = await sallyport(all, crossing.clock, undefined, undefined, undefined, drives)
    if (code !== 0) throw new Error(stdout)
  }
  await run('register', '--label', 'M-2', '--at', at)
  await run('test', 'M-2', '--at', at, '--fill')
  await run('test', 'M-2', '--at', at)
  unmount()
  await rmdir(at)
}

/** What becomes of media: signed by two people where the policy asks for them. */
async function mediaActs(crossing: Crossing, id: string): Promise<void> {
  const { low, high, folder } = crossing
  const media = (...words: string[]): string[] => ['media', ...words, '--desk', low]
  await must(media('register', '--label', 'M-1', '--serial', 'S 1'), crossing)
  await must(media('state', 'M-1', 'blank', '--reason', 'New'), crossing)
  await testCapacity(crossing)
  await must(media('handover', id, '--seal', '004417', '--to', 'Ray Tarn'), crossing)
  const arrive = [
    'media',
    'arrive',
    '--transfer',
    '0'.repeat(16),
    '--sheet',
    '1',
    '--bag',
    '1',
    '--desk',
    high,
  ]
  await must(arrive, crossing)
  const sign: string[][] = []
  for (const [person, name, role] of [
    ['fay', 'Fay Root', 'media-custodian'],
    ['hal', 'Hal Penn', 'witness'],
  ] as const) {
    const { key } = await makePerson(folder, person, name, 'p256')
    const who = ['--id', person, '--name', name, '--role', role, '--key', `${key}.pub`]
    await must(['person', 'add', ...who, '--desk', low], crossing)
    sign.push(['--person', person, '--key', key, '--passphrase-file', crossing.passphrase])
  }
  const two = await policyFile(crossing, 'two', 'version: 2\nmedia:\n  people: 2\n')
  await must(['policy', 'set', two, '--desk', low], crossing)
  const [first = [], second = []] = sign
  const asked = await must(media('state', 'M-1', 'lost', '--reason', 'Not found', ...first), crossing)
  await must(media('sign', String(asked['waiting']), ...second), crossing)
}

/** What the low desk sends: bundles by the names that they are read under. */
async function lowActs(crossing: Crossing): Promise<Record<string, string>> {
  const { low, folder } = crossing
  const at = ['--desk', low]
  const one = await makeBundle(crossing, 'one')
  await must(['readback', one.folder, ...at], crossing)
  await mediaActs(crossing, one.id)
  await must(['consignment', 'close', one.id, ...at], crossing)
  const two = await makeBundle(crossing, 'two')
  const three = await makeBundle(crossing, 'three')
  await mkdir(join(folder, 'never'))
  await callOff(['write', three.id, '--to', join(folder, 'never'), ...at], crossing)
  const gone = await release(crossing, await writeRequest(crossing, await writeFiles(crossing, { a: 'a' })))
  await must(['consignment', 'drop', gone, '--reason', 'Not needed', ...at], crossing)
  const four = await makeBundle(crossing, 'four')
  await repairOne(crossing)
  await callOff(['collect', await writeRequest(crossing, ['file: ./a']), ...at], crossing)
  await tear(low, crossing)
  return { one: one.folder, two: two.folder, three: three.folder, four: four.folder }
}

/** What was accepted lands and is sealed by both who accepted it; what was rejected gets failed summaries. */
async function landingActs(crossing: Crossing, accepted: string, rejected: string): Promise<void> {
  const at = ['--desk', crossing.high]
  const registry = await new TestRegistry().open()
  try {
    await allowRegistry(crossing, registry.host, 4, 'landing: {signers: deciders}\n')
    await must(['landing', 'key', 'create', ...at], crossing)
    await exportTo(crossing, accepted, registry.host)
    const target = [accepted, '--target', registry.host, ...at]
    for (const person of ['dave', 'erin'] as const)
      await must(['landing', 'seal', ...target, ...signing(crossing, person)], crossing)
    const out = (name: string): string => join(crossing.folder, name)
    await must(['landing', 'kit', ...target, '--out', out('kit'), '--for', 'lock'], crossing)
    await must(['landing', 'list', '--out', out('admitted.json'), ...at], crossing)
    await must(['landing', 'failed', rejected, '--out', out('failed'), ...at], crossing)
  } finally {
    await registry.close()
  }
}

async function highActs(crossing: Crossing, media: Record<string, string>): Promise<Record<string, string>> {
  const { high, folder } = crossing
  const at = ['--desk', high]
  const read = (name: string): Promise<Said> =>
    sallyport(['verify', media[name] ?? '', ...at], crossing.clock).then((ended) => ended.json)
  const short = await policyFile(crossing, 'short', 'version: 2\nlifetime: 30\n')
  await must(['policy', 'set', short, ...at], crossing)
  const { id: one } = await read('one')
  const why = ['--check', 'policy.lifetime', '--reason', 'Agreed', '--until', '2026-12-01T00:00:00Z']
  for (const person of ['dave', 'erin'] as const)
    await must(['override', one, ...why, ...at, ...signing(crossing, person)], crossing)
  await must(['policy', 'set', await policyFile(crossing, 'long', 'version: 3\n'), ...at], crossing)
  await read('one')
  await decideBoth(crossing, one, 'accept')
  await must(['export', one, '--to', `dir:${join(folder, 'out')}`, ...at], crossing)
  await callOff(['export', one, '--to', `dir:${join(folder, 'never-out')}`, ...at], crossing)
  const { id: two } = await read('two')
  const [item] = (await honestWaybill(media['two'] ?? '')).items
  await decideBoth(crossing, two, 'hold')
  await decideBoth(crossing, two, 'reject', ['--cause', item?.root.digest ?? ''])
  await landingActs(crossing, one, two)
  await must(['consignment', 'close', two, ...at], crossing)
  await must(['prune', ...at], crossing)
  const { id: four } = await read('four')
  await tear(high, crossing)
  return { four, cause: item?.root.digest ?? '' }
}

async function lowChanges(crossing: Crossing, officers: Officers): Promise<void> {
  const { folder } = crossing
  const policy = ['policy', 'set', await policyFile(crossing, 'low', 'version: 4\n')]
  await officers.at(...policy, ...officers.signs(0))
  const { json } = await officers.at('change', 'list')
  const [asked] = json['changes'] as { number: number }[]
  await officers.at('change', 'withdraw', String(asked?.number), ...officers.signs(1))
  await officers.change(policy)
  const { key } = await makePerson(folder, 'new-bob', 'Bob', 'p256')
  await officers.change(['person', 'key', '--id', 'bob', '--key', `${key}.pub`])
  const zoe = await makePerson(folder, 'zoe', 'Zoe Hart', 'p256')
  const who = ['--id', 'zoe', '--name', 'Zoe Hart', '--role', 'auditor']
  await officers.change(['person', 'add', ...who, '--key', `${zoe.key}.pub`])
  await officers.change(['stream', 'epoch', 'payments', '--to', '2'])
}

async function highChanges(
  crossing: Crossing,
  officers: Officers,
  { four = '', cause = '' }: Record<string, string>,
): Promise<void> {
  const { folder, low, lowId } = crossing
  const root = makeTrustedRoot()
  const file = join(folder, 'root.json')
  await writeFile(file, root.bytes)
  await officers.change([
    'trust',
    'root',
    'add',
    file,
    '--name',
    'priv.test',
    '--fingerprint',
    root.fingerprint,
  ])
  await officers.change(['stream', 'release', four])
  await officers.change(['cause', 'lift', cause])
  await officers.change(['time', 'floor', 'none'])
  await officers.change(['peer', 'add', join(low, 'desk.json'), '--id', lowId, '--seal', 'a'.repeat(64)])
  const yan = await makePerson(folder, 'yan', 'Yan Roth', 'p256')
  const trust = ['trust', 'add', '--key', `${yan.key}.pub`, '--name', 'Yan Roth', '--role', 'witness']
  await officers.change([...trust, '--fingerprint', yan.fingerprint])
  await officers.change(['trust', 'revoke', crossing.people.carol.fingerprint, '--reason', 'Left'])
  await officers.change(['stream', 'move', 'payments', '--to', 'b'.repeat(64)])
  await officers.change(['stream', 'epoch', 'payments', '--to', '3'])
}

// The folder as it was before an act that its account has seen.
async function putBack(crossing: Crossing, officers: Officers): Promise<void> {
  const { high, folder, clock } = crossing
  const backup = join(folder, 'backup')
  const heads = keptHeads(join(folder, 'account'))
  await cp(high, backup, { recursive: true })
  await sallyport(['prune', '--desk', high], clock, undefined, heads)
  const four = ['stream', 'epoch', 'payments', '--to', '4', '--desk', high]
  await sallyport([...four, ...officers.signs(0)], clock, undefined, heads)
  await rm(high, { recursive: true })
  await cp(backup, high, { recursive: true })
  for (const place of [0, 1]) {
    const words = ['desk', 'restored', '--desk', high, ...officers.signs(place)]
    const { code, stdout } = await sallyport(words, clock, undefined, heads)
    if (code !== 0) throw new Error(stdout)
  }
}

async function build(folder: string): Promise<void> {
  const crossing = await makeCrossing(testClock('2026-11-22T09:00:00Z'))
  try {
    await pair(crossing)
    const media = await lowActs(crossing)
    const known = await highActs(crossing, media)
    const low = await makeOfficers(crossing, crossing.low)
    const high = await makeOfficers(crossing, crossing.high)
    await low.seal()
    await high.seal()
    await lowChanges(crossing, low)
    await highChanges(crossing, high, known)
    await putBack(crossing, high)
    await cp(crossing.folder, folder, { recursive: true })
  } finally {
    await crossing.dispose()
  }
}

/** A crossing whose desks did everything once; both are sealed. */
export async function makeEveryEvent(): Promise<Crossing> {
  const crossing = await makeCrossing(testClock('2026-11-22T09:00:00Z'))
  await copyPrepared(crossing.folder, 'every-event', build)
  crossing.clock.set('2026-11-22T10:00:00Z')
  return crossing
}
