import { chmod, cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openSession, type Session } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { done, sallyport } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { mayMount, memoryVolume } from '../support/volumes.ts'

/* A desk whose disc fails in mid-act: what was recorded stays, and nothing follows a line that may not be there. */

let crossing: Crossing
let session: Session | null = null
let policies = 1
beforeAll(async () => {
  crossing = await makeCrossing()
})
afterEach(async () => {
  await session?.close()
  session = null
})
afterAll(() => crossing.dispose())

async function open(desk: string): Promise<Session> {
  session = openSession({ clock: crossing.clock, network: openGate })
  await session.call('desk.open', { place: session.place('desk', desk), mode: 'write' })
  return session
}
/** A small act that writes. */
async function set(desk: Session): Promise<unknown> {
  const path = join(crossing.folder, `policy-${++policies}.yaml`)
  await writeFile(path, `sallyport: policy/v1\nversion: ${policies}\n`)
  return desk.call('policy.set', { place: desk.place('policy', path) })
}
const ledgerOf = (desk: string): Promise<Buffer> => readFile(join(desk, 'ledger.jsonl'))

/** The open desk writes nothing more, whatever is asked; the next process finds a whole ledger and goes on. */
async function expectEnded(desk: string, before: Buffer): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(set(session!)).rejects.toMatchObject({
      code: 'ledger-damaged',
      facts: { found: 'a failed append' },
    })
  }
  expect(await ledgerOf(desk)).toEqual(before)
  const shown = await session!.call('desk.show', {})
  expect(shown.policy.document.version).toBe(1)
  await session!.close()
  session = null
  expect((await done(['ledger', 'verify', '--desk', desk], crossing.clock)).intact).toBe(true)
  await set(await open(desk))
  expect((await sallyport(['ledger', 'verify', '--desk', desk], crossing.clock)).json.intact).toBe(true)
}

describe('a ledger that cannot be appended to', () => {
  it('because something else lies in its place', async () => {
    const desk = join(crossing.folder, 'folder-in-its-place')
    await cp(crossing.low, desk, { recursive: true })
    const before = await ledgerOf(desk)
    const opened = await open(desk)
    await rename(join(desk, 'ledger.jsonl'), join(desk, 'kept'))
    await mkdir(join(desk, 'ledger.jsonl'))
    await expect(set(opened)).rejects.toMatchObject({ code: 'disk-failed', facts: { found: 'EISDIR' } })
    await rm(join(desk, 'ledger.jsonl'), { recursive: true })
    await rename(join(desk, 'kept'), join(desk, 'ledger.jsonl'))
    await expectEnded(desk, before)
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'because it may not be written (skipped for root, who may)',
    async () => {
      const desk = join(crossing.folder, 'read-only')
      await cp(crossing.low, desk, { recursive: true })
      const before = await ledgerOf(desk)
      const opened = await open(desk)
      await chmod(join(desk, 'ledger.jsonl'), 0o400)
      await expect(set(opened)).rejects.toMatchObject({ code: 'disk-failed', facts: { found: 'EACCES' } })
      await chmod(join(desk, 'ledger.jsonl'), 0o600)
      await expectEnded(desk, before)
    },
  )

  it.skipIf(!mayMount())('because the disc is full (needs to mount a small one)', async () => {
    const volume = join(crossing.folder, 'volume')
    const unmount = memoryVolume(volume, 2 << 20)
    try {
      const desk = join(volume, 'desk')
      await cp(crossing.low, desk, { recursive: true })
      const before = await ledgerOf(desk)
      const opened = await open(desk)
      const filler = join(volume, 'filler')
      await writeFile(filler, Buffer.alloc(4 << 20)).catch(() => undefined)
      await expect(set(opened)).rejects.toMatchObject({ code: 'disk-full' })
      expect(await ledgerOf(desk)).toEqual(before)
      await rm(filler)
      await expectEnded(desk, before)
      expect((await readdir(desk)).filter((name) => name.includes('next'))).toEqual([])
    } finally {
      await session?.close()
      session = null
      unmount()
    }
  })
})
