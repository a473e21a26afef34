import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from './measure.ts'

const piece = 256 * 1024 * 1024

/** Two desks and their people, as folders and key files. */
export interface Stage {
  readonly root: string
  readonly low: string
  readonly high: string
  readonly highId: string
  readonly passphrase: string
}

export async function makeStage(): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), 'sallyport-bench-'))
  const [low, high, passphrase] = [join(root, 'low'), join(root, 'high'), join(root, 'passphrase')]
  await writeFile(passphrase, `${randomBytes(12).toString('hex')}\n`)
  const { value: lowDesk } = await must(0, 'desk', 'create', low, '--side', 'low', '--name', 'Hill-1')
  const { value: highDesk } = await must(0, 'desk', 'create', high, '--side', 'high', '--name', 'Delta-2')
  const people = { alice: 'requester', bob: 'transfer-agent', carol: 'release-authority' }
  for (const [id, role] of Object.entries(people)) {
    const key = join(root, id)
    await must(0, 'key', 'create', key, '--algorithm', 'p256', '--passphrase-file', passphrase)
    await must(
      0,
      'person',
      'add',
      '--desk',
      low,
      '--id',
      id,
      '--name',
      id,
      '--role',
      role,
      '--key',
      `${key}.pub`,
    )
  }
  for (const [id, role] of [
    ['bob', 'prepare'],
    ['carol', 'release'],
  ] as const) {
    const key = join(root, id)
    const shown = JSON.parse((await must(0, 'key', 'show', `${key}.pub`)).stdout) as {
      fingerprint: { hex: string }
    }
    await must(
      0,
      'trust',
      'add',
      '--desk',
      high,
      '--key',
      `${key}.pub`,
      '--name',
      id,
      '--role',
      role,
      '--sender',
      lowDesk['id'] ?? '',
      '--channel',
      'payments',
      '--fingerprint',
      shown.fingerprint.hex,
    )
  }
  await mkdir(join(root, 'request'))
  return { root, low, high, highId: highDesk['id'] ?? '', passphrase }
}

export async function request(stage: Stage, name: string, items: readonly string[]): Promise<string> {
  const path = join(stage.root, 'request', `${name}.yaml`)
  const head = `sallyport: request/v1\nname: ${name}\nreason: measuring\nrequester: alice\ndestinations: [${stage.highId}]\nchannel: payments\nitems:\n`
  await writeFile(path, head + items.map((item) => `  - ${item}\n`).join(''))
  return path
}

export async function sign(stage: Stage, id: string): Promise<void> {
  for (const [person, role] of [
    ['bob', 'prepare'],
    ['carol', 'release'],
  ] as const) {
    await must(
      0,
      'approve',
      id,
      '--desk',
      stage.low,
      '--person',
      person,
      '--role',
      role,
      '--key',
      join(stage.root, person),
      '--passphrase-file',
      stage.passphrase,
    )
  }
}

/** A signed bundle of so many GiB of random content on a folder; gives the bundle's folder. */
export async function bundleOf(
  stage: Stage,
  gib: number,
): Promise<{ readonly id: string; readonly folder: string; readonly tar: string }> {
  const names = Array.from({ length: gib * 4 }, (_, i) => `g${gib}-${i}.bin`)
  for (const name of names) {
    const out = join(stage.root, 'request', name)
    if (spawnSync('openssl', ['rand', '-out', out, String(piece)]).status !== 0)
      throw new Error('openssl rand')
  }
  const path = await request(
    stage,
    `size-${gib}`,
    names.map((name) => `file: ./${name}`),
  )
  const { value } = await must(0, 'collect', path, '--desk', stage.low)
  for (const name of names) spawnSync('rm', [join(stage.root, 'request', name)])
  await sign(stage, value['id'] ?? '')
  const medium = join(stage.root, `medium-${gib}`)
  await mkdir(medium)
  const written = await must(0, 'write', value['id'] ?? '', '--desk', stage.low, '--to', medium)
  const folder = written.value['folder'] ?? ''
  return { id: value['id'] ?? '', folder, tar: join(folder, 'bundle.tar') }
}
