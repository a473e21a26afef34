import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, open, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeContent } from './content.ts'
import { makePerson, must, sallyport, signing, type Answer, type Person } from './desk.ts'

/*
 * `npm run demo`: one whole crossing on content made here, then three attacks that are refused. Ends with an error if
 * anything came out otherwise than it says.
 */

const say = (text: string): void => console.log(text)
const chapter = (text: string): void => say(`\n${text}`)

interface Stage {
  readonly root: string
  readonly low: string
  readonly high: string
  readonly highId: string
  readonly people: Readonly<Record<'alice' | 'bob' | 'carol' | 'dave' | 'erin', Person>>
}

async function setStage(): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), 'sallyport-demo-'))
  const [low, high, keys] = [join(root, 'low-desk'), join(root, 'high-desk'), join(root, 'keys')]
  await mkdir(keys)
  const lowDesk = must(
    'desk',
    'create',
    low,
    '--side',
    'low',
    '--name',
    'Hill-1',
    '--marking',
    'OFFICIAL · EXERCISE',
  )
  const highDesk = must(
    'desk',
    'create',
    high,
    '--side',
    'high',
    '--name',
    'Delta-2',
    '--marking',
    'OFFICIAL · EXERCISE',
  )
  const people = {
    alice: await makePerson(keys, 'alice', 'Alice Moss', 'p256'),
    bob: await makePerson(keys, 'bob', 'Bob Lind', 'p256'),
    carol: await makePerson(keys, 'carol', 'Carol Diaz', 'ed25519'),
    dave: await makePerson(keys, 'dave', 'Dave Okoro', 'p384'),
    erin: await makePerson(keys, 'erin', 'Erin Sand', 'p256'),
  }
  const add = (desk: string, person: Person, role: string): void => {
    must(
      'person',
      'add',
      '--desk',
      desk,
      '--id',
      person.id,
      '--name',
      person.name,
      '--role',
      role,
      '--key',
      `${person.key}.pub`,
    )
  }
  add(low, people.alice, 'requester')
  add(low, people.bob, 'transfer-agent')
  add(low, people.carol, 'release-authority')
  add(high, people.dave, 'transfer-agent')
  add(high, people.erin, 'witness')
  for (const [person, role] of [
    [people.bob, 'prepare'],
    [people.carol, 'release'],
  ] as const) {
    must(
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
      lowDesk.id ?? '',
      '--channel',
      'payments',
      '--fingerprint',
      person.hex,
    )
  }
  return { root, low, high, highId: highDesk.id ?? '', people }
}

async function bundle(
  stage: Stage,
  name: string,
  items: readonly string[],
  destination = stage.highId,
): Promise<{ id: string; folder: string }> {
  const { root, low, people } = stage
  const request = join(root, 'request', `${name}.yaml`)
  const head = `sallyport: request/v1\nname: ${name}\nreason: Patch for the payments cluster, ticket 4711\nrequester: alice\ndestinations: [${destination}]\nchannel: payments\nitems:\n`
  await writeFile(request, head + items.map((item) => `  - ${item}\n`).join(''))
  const collected = must('collect', request, '--desk', low)
  say(`  collected ${name}: waybill ${collected.waybill ?? ''}`)
  say(`    ${collected.words?.join(' ') ?? ''}`)
  const id = collected.id ?? ''
  must('approve', id, '--desk', low, '--role', 'prepare', ...signing(people.bob))
  must('approve', id, '--desk', low, '--role', 'release', ...signing(people.carol))
  say('  signed by Bob Lind (prepare) and Carol Diaz (release)')
  const medium = join(root, `medium-${name}`)
  await mkdir(medium)
  const { folder = '' } = must('write', id, '--desk', low, '--to', medium)
  must('readback', medium, '--desk', low)
  say(`  written to ${folder} and read back`)
  return { id, folder }
}

function refused(what: string, { code, value }: Answer, exit: number, id: string): void {
  const bad = value.checks?.find((check) => check.result === 'fail' && check.id === id)
  if (code !== exit || bad === undefined) {
    throw new Error(
      `${what} was not refused as it should be: exit ${code}, ${JSON.stringify(value).slice(0, 500)}`,
    )
  }
  say(`  ✕ ${what}: refused (exit ${code})`)
  say(`    ${bad.id}, ${bad.subject}: ${bad.means}`)
}

async function flipBit(folder: string): Promise<void> {
  const file = await open(join(folder, 'bundle.tar'), 'r+')
  const at = Math.floor((await file.stat()).size / 2)
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, at)
  byte[0] = (byte[0] ?? 0) ^ 1
  await file.write(byte, 0, 1, at)
  await file.close()
}

async function attacks(stage: Stage, first: string, items: readonly string[]): Promise<void> {
  chapter('Three attacks on the high desk')
  const { root, high } = stage
  const second = await bundle(stage, 'payments-2026-12', items.slice(3))
  const flipped = join(root, 'medium-flipped', second.folder.split('/').at(-1) ?? '')
  await cp(second.folder, flipped, { recursive: true })
  await flipBit(flipped)
  const damaged = sallyport('verify', flipped, '--desk', high)
  const where =
    damaged.value.checks?.some((check) => check.id === 'content.blob' && check.result === 'fail') === true
  refused('a flipped bit', damaged, 3, where ? 'content.blob' : 'content.layout')
  refused('a replay', sallyport('verify', first, '--desk', high), 4, 'order.replay')
  const other = await bundle(stage, 'payments-elsewhere', items.slice(3), 'ab'.repeat(32))
  refused(
    'a bundle for another desk',
    sallyport('verify', other.folder, '--desk', high),
    3,
    'destination.here',
  )
}

async function demo(): Promise<void> {
  chapter('Two desks, five people')
  const stage = await setStage()
  const { root, low, high, people } = stage
  say(`  low desk   ${low}\n  high desk  ${high}`)
  await mkdir(join(root, 'request'))
  const items = await makeContent(join(root, 'request'))

  chapter('Low side: collect, sign, write')
  const first = await bundle(stage, 'payments-2026-11', items)

  chapter('High side: verify offline, decide, export, report')
  const verified = must('verify', first.folder, '--desk', high)
  const id = verified.id ?? ''
  say(`  verdict: ${verified.outcome ?? ''}, ${verified.checks?.length ?? 0} checks`)
  must('decide', id, '--desk', high, '--accept', ...signing(people.dave))
  must('decide', id, '--desk', high, '--accept', ...signing(people.erin))
  say('  accepted by Dave Okoro and Erin Sand')
  must('export', id, '--desk', high, '--to', `dir:${join(root, 'exported')}`)
  must('export', id, '--desk', high, '--to', `oci-layout:${join(root, 'exported-layout')}`)
  say(`  exported: ${(await readdir(join(root, 'exported', 'files'))).join(', ')} and an OCI layout`)
  for (const format of ['json', 'html']) {
    must('report', id, '--desk', high, '--format', format, '--out', join(root, `report.${format}`))
  }
  await attacks(stage, first.folder, items)
  for (const desk of [low, high]) must('ledger', 'verify', '--desk', desk)

  chapter('Everything lies here')
  say(`  ${root}`)
  say(`  report      ${join(root, 'report.html')}`)
  say(`  medium      ${first.folder} (see VERIFY.txt there)`)
  say('  passphrases beside the keys, because this is a demo')
  const opened = process.argv.includes('--open-low') ? low : process.argv.includes('--open') ? high : null
  if (opened !== null) {
    spawnSync(process.execPath, [join(import.meta.dirname, '..', 'runtime', 'start.ts'), opened], {
      stdio: 'inherit',
    })
  } else {
    say('  npm run demo -- --open       opens the desktop app on such a high desk')
    say('  npm run demo -- --open-low   opens it on such a low desk')
  }
}

await demo()
