import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkRange } from '../../main/bundle/check-task.ts'
import { readCapped, readThrough } from '../../main/platform/files.ts'
import { Failure } from '../../main/platform/failure.ts'
import { makeNewFolder } from '../../main/platform/made-folder.ts'
import { copyBlobs } from '../../main/store/copy-blobs.ts'
import { sallyport, type Ended } from '../support/command-line.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { highDesk } from '../support/high-desk.ts'

/* Places outside the desk, read and written: what is there is what was meant, and nobody is waited for. */

const idle = {
  advance: () => undefined,
  finished: () => undefined,
  check: () => undefined,
  signal: new AbortController().signal,
}
const failureOf = async (act: () => unknown): Promise<Failure> => {
  try {
    await act()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('it went through')
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-outside-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('what is read from outside', () => {
  const odd: Record<string, (path: string) => Promise<unknown>> = {
    'a pipe that nobody writes to': async (path) => execFileSync('mkfifo', [path]),
    'a link': (path) => symlink('/etc/hostname', path),
    'a link to a device without end': (path) => symlink('/dev/zero', path),
    'a folder': (path) => mkdir(path),
  }
  for (const [what, make] of Object.entries(odd)) {
    it(`is not ${what}`, async () => {
      const path = join(folder, what)
      await make(path)
      for (const read of [() => readCapped(path, 1000), () => readThrough(path, () => undefined)])
        expect((await failureOf(read)).code).toBe('file-unreadable')
      const slices = [{ path, position: 0, length: 512 }]
      const members = [{ name: 'a', size: 0, sha256: '', keep: null }]
      const problems = checkRange({ slices, members, end: false }, idle)
      expect(problems).toMatchObject([{ name: 'a', problem: 'unreadable' }])
      const order = {
        from: { path, position: 0, size: null },
        to: join(folder, 'copy'),
        digest: null,
        size: 1,
      }
      const input = {
        orders: [order],
        cursor: new SharedArrayBuffer(4),
        flush: false,
        mode: 0o600,
        inside: true,
      }
      expect((await failureOf(() => copyBlobs(input, idle))).code).toBe('file-unreadable')
    })
  }

  it('is never more than it was when it was opened', async () => {
    const path = join(folder, 'growing')
    await writeFile(path, Buffer.alloc(1024 * 1024))
    const failure = await failureOf(() =>
      readThrough(path, () => execFileSync('sh', ['-c', `printf more >> '${path}'`])),
    )
    expect(failure.facts).toMatchObject({ path, found: 'it changes while it is read' })
  })

  it('is the file that was found inside, not one behind a folder that was exchanged since', async () => {
    const [inside, secret] = [join(folder, 'request'), join(folder, 'secret')]
    await mkdir(join(inside, 'in'), { recursive: true })
    await mkdir(secret)
    await writeFile(join(inside, 'in', 'a.txt'), 'public')
    await writeFile(join(secret, 'a.txt'), 'secret')
    const path = join(inside, 'in', 'a.txt')
    const take = (to: string): unknown => {
      const order = { from: { path, position: 0, size: null }, to, digest: null, size: 6 }
      const cursor = new SharedArrayBuffer(4)
      return copyBlobs({ orders: [order], cursor, flush: false, mode: 0o600, inside: true }, idle)
    }
    take(join(folder, 'one'))
    await rename(join(inside, 'in'), join(inside, 'was'))
    await symlink(secret, join(inside, 'in'))
    const failure = await failureOf(() => take(join(folder, 'two')))
    expect(failure).toMatchObject({
      code: 'file-unreadable',
      facts: { found: 'another file took its place' },
    })
    expect(await readdir(folder)).not.toContain('two')
  })
})

describe('what is written outside', () => {
  it('is a new file, through no link and into nothing that is there', async () => {
    const [from, victim, link] = [join(folder, 'from'), join(folder, 'victim'), join(folder, 'link')]
    await writeFile(from, 'content')
    await writeFile(victim, 'mine')
    await symlink(victim, link)
    for (const to of [victim, link]) {
      const order = { from: { path: from, position: 0, size: null }, to, digest: null, size: 7 }
      const input = {
        orders: [order],
        cursor: new SharedArrayBuffer(4),
        flush: false,
        mode: 0o644,
        inside: false,
      }
      expect((await failureOf(() => copyBlobs(input, idle))).code).toBe('disk-failed')
    }
    expect(await readFile(victim, 'utf8')).toBe('mine')
  })

  it('goes into the folder that was made; what somebody put in its place is found out and left', async () => {
    const [path, victim] = [join(folder, 'made.part'), join(folder, 'home')]
    await mkdir(victim)
    await writeFile(join(victim, 'letter'), 'mine')
    const made = await makeNewFolder(path, 0o755)
    await made.check()
    await rename(path, join(folder, 'moved'))
    await symlink(victim, path)
    const failure = await failureOf(() => made.check())
    expect(failure).toMatchObject({ code: 'target-changed', facts: { path, found: 'something else' } })
    expect((await failureOf(() => made.name(join(folder, 'done')))).code).toBe('target-changed')
    await made.remove()
    expect([await readdir(victim), await readdir(folder)]).toEqual([
      ['letter'],
      expect.arrayContaining(['made.part', 'moved']),
    ])
    await rm(path)
    await mkdir(path)
    expect((await failureOf(() => made.check())).facts['found']).toMatch(/^folder /)
  })
})

describe('the target of an export', () => {
  let crossing: Crossing
  let id: string
  const { accepted } = highDesk(() => crossing)
  beforeAll(async () => {
    crossing = await makeCrossing()
    id = await accepted((await makeBundle(crossing, 'one')).folder)
  })
  afterAll(() => crossing.dispose())
  const to = (path: string): Promise<Ended> =>
    sallyport(['export', id, '--to', `dir:${path}`, '--desk', crossing.high], crossing.clock)
  const codeOf = async (path: string): Promise<string> => (await to(path)).json.failure.code

  it('lies where no other account may put something else in its place', async () => {
    const open = join(crossing.folder, 'open')
    await mkdir(open)
    await chmod(open, 0o777)
    expect(await codeOf(join(open, 'out'))).toBe('target-shared')
    expect(await readdir(open)).toEqual([])
    await chmod(open, 0o1777)
    expect((await to(join(open, 'out'))).code).toBe(0)
  })

  it('is neither a link, nor a file, nor a pipe', async () => {
    const [link, empty] = [join(crossing.folder, 'a-link'), join(crossing.folder, 'empty')]
    await mkdir(empty)
    await symlink(empty, link)
    const said = await to(link)
    expect(said.json.failure).toMatchObject({ code: 'export-target', facts: { found: 'a link' } })
    expect(await readdir(empty)).toEqual([])
    const dangling = join(crossing.folder, 'dangling')
    await symlink(join(crossing.folder, 'nowhere'), dangling)
    expect(await codeOf(dangling)).toBe('export-target')
    const pipe = join(crossing.folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(await codeOf(pipe)).toBe('export-target')
  })

  it('is not inside the desk, by whatever name', async () => {
    const before = (await readdir(crossing.high)).sort()
    const link = join(crossing.folder, 'to-the-desk')
    await symlink(crossing.high, link)
    for (const path of [
      join(crossing.high, '..inside'),
      join(link, 'out'),
      join(crossing.high, 'a', '..', 'b'),
    ])
      expect({ path, code: await codeOf(path) }).toEqual({ path, code: 'medium-inside-desk' })
    expect((await readdir(crossing.high)).sort()).toEqual(before)
    expect((await to(join(crossing.folder, '..outside'))).code).toBe(0)
  })

  it('nor is a report', async () => {
    const out = join(crossing.high, 'reports', 'own.html')
    const words = ['report', id, '--format', 'html', '--out', out, '--desk', crossing.high]
    expect((await sallyport(words, crossing.clock)).json.failure.code).toBe('medium-inside-desk')
    expect(await readdir(join(crossing.high, 'reports'))).toEqual([])
  })
})
