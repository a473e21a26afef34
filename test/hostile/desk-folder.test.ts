import { execFileSync } from 'node:child_process'
import { chmod, cp, mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sallyport, type Ended } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'

/* A desk's folder that came from somebody: what it leads to is neither read, written nor removed. */

let crossing: Crossing
let desk: string
let victim: string
let copies = 0
beforeAll(async () => {
  crossing = await makeCrossing()
  await writeFile(join(crossing.folder, 'policy.yaml'), 'sallyport: policy/v1\nversion: 2\n')
})
afterAll(() => crossing.dispose())
beforeEach(async () => {
  const here = join(crossing.folder, `copy-${++copies}`)
  desk = join(here, 'desk')
  victim = join(here, 'victim')
  await cp(crossing.high, desk, { recursive: true })
  await mkdir(join(victim, 'letters'), { recursive: true })
  await writeFile(join(victim, 'a.part'), 'mine')
  await writeFile(join(victim, 'f'.repeat(64)), 'mine')
  await writeFile(join(victim, 'letters', 'one.txt'), 'mine')
})

const write = (at = desk): Promise<Ended> =>
  sallyport(['policy', 'set', join(crossing.folder, 'policy.yaml'), '--desk', at], crossing.clock)
const read = (at = desk): Promise<Ended> => sallyport(['desk', 'show', '--desk', at], crossing.clock)
const tree = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).map(String).sort()

/** Opening to write is refused for this reason, before anything is touched; opening to read says so. */
async function expectRefused(found: RegExp): Promise<void> {
  const [before, ledger] = [await tree(victim), await tree(desk)]
  const { code, json } = await write()
  expect({ code, failure: json.failure.code }).toEqual({ code: 1, failure: 'desk-damaged' })
  expect(String(json.failure.facts['found'])).toMatch(found)
  expect(String(json.failure.facts['expected'])).toContain('of this account alone')
  expect([await tree(victim), await tree(desk)]).toEqual([before, ledger])
}
async function expectWarned(found: RegExp): Promise<void> {
  const shown = await read()
  expect(shown.code, shown.stdout).toBe(0)
  expect(String(shown.json['warnings'])).toMatch(found)
  expect(shown.stderr).toMatch(found)
}

describe('a folder of a desk that is a link', () => {
  const folders = [
    ...['store', 'store/blobs', 'store/blobs/sha256', 'store/quarantine'],
    ...['consignments', 'reports', 'trust', 'trust/roots', 'policy'],
  ]
  it.each(folders)('%s', async (name) => {
    await rm(join(desk, name), { recursive: true, force: true })
    await symlink(victim, join(desk, name))
    await expectRefused(new RegExp(`^${name} is a link$`))
    await expectWarned(new RegExp(`${name} is a link`))
  })

  it.each(['consignments', 'store/quarantine'])('or one of a consignment: %s', async (name) => {
    const id = '6b1c1b9e-3d1c-4a44-9a0e-1a2b3c4d5e6f'
    await symlink(victim, join(desk, name, id))
    await expectRefused(new RegExp(`^${name}/${id} is a link$`))
    await expectWarned(new RegExp(id))
  })

  it('a desk that is reached by a link is one like any other', async () => {
    const link = join(desk, '..', 'by-link')
    await symlink(desk, link)
    expect((await write(link)).code).toBe(0)
  })
})

describe('a file of a desk that is none', () => {
  const names = [
    'desk.json',
    'ledger.jsonl',
    'checkpoint',
    'people.json',
    'station.key',
    'policy/policy.yaml',
  ]
  it.each(names)('but a link: %s', async (name) => {
    const elsewhere = join(victim, 'elsewhere')
    await rename(join(desk, name), elsewhere)
    await symlink(elsewhere, join(desk, name))
    await expectRefused(new RegExp(`^${name} is a link$`))
  })

  it.each(names)('but a pipe, which nobody waits for: %s', async (name) => {
    await rm(join(desk, name))
    execFileSync('mkfifo', [join(desk, name)])
    await expectRefused(new RegExp(`^${name} is neither file nor folder$`))
  })

  it('but a folder', async () => {
    await rm(join(desk, 'checkpoint'))
    await mkdir(join(desk, 'checkpoint'))
    await expectRefused(/^checkpoint is a folder$/)
  })
})

describe('a desk that others reach', () => {
  it.each(['', 'store', 'consignments', 'policy'])('by writing into its folder “%s”', async (name) => {
    await chmod(join(desk, name), 0o775)
    await expectRefused(/ is open to be written by others$/)
    await expectWarned(/open to be written by others: this desk would not open to be written/)
  })

  it('by writing into its ledger, or by reading the key of its station', async () => {
    await chmod(join(desk, 'ledger.jsonl'), 0o666)
    await expectRefused(/^ledger.jsonl is open to be written by others$/)
    await chmod(join(desk, 'ledger.jsonl'), 0o600)
    await chmod(join(desk, 'station.key'), 0o640)
    await expectRefused(/^station.key is open to be read by others$/)
    await chmod(join(desk, 'station.key'), 0o600)
    expect((await write()).code).toBe(0)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'as their own (skipped where nobody may give a file away)',
    async () => {
      execFileSync('chown', ['12345', join(desk, 'store')])
      await expectRefused(/^store is of the account 12345, not of 0$/)
      await expectWarned(/of the account 12345/)
    },
  )

  it('is made so that they do not', async () => {
    const open = join(desk, '..', 'open')
    await mkdir(open)
    await chmod(open, 0o777)
    const made = await sallyport(['desk', 'create', open, '--side', 'low', '--name', 'Low'], crossing.clock)
    expect(made.code, made.stdout).toBe(0)
    expect((await write(open)).code).toBe(0)
  })
})

describe('what is not the desk’s', () => {
  it('stays, beside what is: only what a desk could have made is removed', async () => {
    const quarantine = join(desk, 'store', 'quarantine')
    await mkdir(join(quarantine, 'letters'))
    await writeFile(join(quarantine, 'letters', 'one.txt'), 'mine')
    const gone = '6b1c1b9e-3d1c-4a44-9a0e-1a2b3c4d5e6f'
    await mkdir(join(quarantine, gone, 'blobs', 'sha256'), { recursive: true })
    expect((await write()).code).toBe(0)
    expect(await readdir(quarantine)).toEqual(['letters'])
    expect(await readFile(join(quarantine, 'letters', 'one.txt'), 'utf8')).toBe('mine')
  })
})
