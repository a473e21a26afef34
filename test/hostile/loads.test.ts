import { randomBytes } from 'node:crypto'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Check } from '../../shared/verdict.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { done, type Said } from '../support/command-line.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { forge, honestContent, honestWaybill } from '../support/forge.ts'
import { highDesk } from '../support/high-desk.ts'
import { copyBundle, flipBit, membersOf } from '../support/media.ts'

/* Bundles that several threads read in several loads, from several parts: what is damaged is named, and only that. */

let crossing: Crossing
const { verify, accepted } = highDesk(() => crossing)
const failedIn = (said: Said, id: string): Check[] =>
  said.checks.filter((check) => check.id === id && check.result === 'fail')
const mib = 1 << 20

describe('a bundle larger than one load', () => {
  let folder: string
  const files = { 'a.bin': randomBytes(20 * mib), 'b.bin': randomBytes(20 * mib), 'c.txt': 'c\n' }
  beforeAll(async () => {
    crossing = await makeCrossing()
    folder = (await makeBundle(crossing, 'large', files, ['--part-size', String(16 * mib)])).folder
  })
  afterAll(() => crossing.dispose())
  const partsIn = async (where: string): Promise<string[]> =>
    (await readdir(where)).filter((name) => name.includes('.tar')).sort()

  it('one bit in one part: this content, this part and nothing else is said to be damaged', async () => {
    const parts = await partsIn(folder)
    expect(parts).toHaveLength(3)
    for (const [place, at] of [
      [0, 12 * mib],
      [2, 2 * mib],
    ] as const) {
      const copy = await copyBundle(crossing, folder)
      await flipBit(join(copy, parts[place]!), at)
      const { said } = await verify(copy)
      expect(said.outcome).toBe('failed')
      const blobs = failedIn(said, 'content.blob')
      expect(blobs).toHaveLength(1)
      const subject = blobs[0]?.subject ?? ''
      expect(
        [digestOf(files['a.bin']), digestOf(files['b.bin'])].some((one) => subject.includes(one.slice(7))),
      ).toBe(true)
      expect(failedIn(said, 'medium.part').map((one) => one.subject)).toEqual([parts[place]])
      expect(failedIn(said, 'content.layout')).toEqual([])
    }
  })

  it('a bit in each of two parts: both contents and both parts are named, and not the one between', async () => {
    const parts = await partsIn(folder)
    const copy = await copyBundle(crossing, folder)
    await flipBit(join(copy, parts[0]!), 12 * mib)
    await flipBit(join(copy, parts[2]!), 2 * mib)
    const { said } = await verify(copy)
    expect(failedIn(said, 'content.blob')).toHaveLength(2)
    expect(failedIn(said, 'medium.part').map((one) => one.subject)).toEqual([parts[0], parts[2]])
  })

  it('a bit in the header of a content: what is wrong is the tar, and no content', async () => {
    const parts = await partsIn(folder)
    const copy = await copyBundle(crossing, folder)
    const first = await readFile(join(copy, parts[0]!))
    const blob = membersOf(first.subarray(0, mib)).find(({ name }) => name.startsWith('blobs/'))
    await flipBit(join(copy, parts[0]!), (blob?.at ?? 0) + 200)
    const { said } = await verify(copy)
    const wrong = ({ subject, reason }: Check): object => ({ subject, reason })
    expect(failedIn(said, 'content.layout').map(wrong)).toEqual([{ subject: blob?.name, reason: 'header' }])
    expect(failedIn(said, 'content.blob')).toEqual([])
    expect(failedIn(said, 'medium.part').map((one) => one.subject)).toEqual([parts[0]])
  })

  it('untouched, it is accepted and every byte is there; its contents are counted', async () => {
    const { said } = await verify(folder)
    const { blobs } = await honestWaybill(folder)
    const contents = said.checks.find((one) => one.id === 'content.blob')
    const expected = `${blobs.length} blobs with their digests`
    expect(contents).toMatchObject({ result: 'pass', subject: 'all contents', expected })
    const id = await accepted(folder)
    const out = join(crossing.folder, 'out')
    await done(['export', id, '--desk', crossing.high, '--to', `dir:${out}`], crossing.clock)
    for (const [name, content] of Object.entries(files)) {
      expect(digestOf(await readFile(join(out, 'files', name)))).toBe(digestOf(content))
    }
  })
})

describe('a bundle of which everything is damaged', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('names a hundred contents, and says how many more there are', async () => {
    const names = Array.from({ length: 110 }, (_, i) => [`f-${i}.txt`, `content ${i}\n`] as const)
    const { folder } = await makeBundle(crossing, 'many', Object.fromEntries(names))
    const [tar = ''] = (await readdir(folder)).filter((name) => name.includes('.tar'))
    const bytes = await readFile(join(folder, tar))
    let damaged = 0
    for (const { name, at, size } of membersOf(bytes)) {
      if (!name.startsWith('blobs/') || size === 0) continue
      bytes[at + 512] = (bytes[at + 512] ?? 0) ^ 1
      damaged += 1
    }
    await writeFile(join(folder, tar), bytes)
    const { said } = await verify(folder)
    const blobs = failedIn(said, 'content.blob')
    expect(blobs).toHaveLength(101)
    expect(blobs.at(-1)?.subject).toBe(`${damaged - 100} more`)
    expect(said.checks.filter((one) => one.id === 'content.blob' && one.result === 'pass')).toEqual([])
  })
})

describe('a bare tar of another length', () => {
  it('is read no further: what it holds is not asked', async () => {
    crossing = await makeCrossing()
    try {
      const { folder } = await makeBundle(crossing, 'one')
      const base = await honestWaybill(folder)
      const content = await honestContent(folder)
      const tar = await forge(crossing, base, { content }, 'longer')
      const whole = await readFile(tar)
      const asked = ['graph.complete', 'graph.kind', 'graph.title', 'collect.findings', 'bundle.provenance']
      for (const bytes of [Buffer.concat([whole, Buffer.alloc(512)]), whole.subarray(0, -512)]) {
        await writeFile(tar, bytes)
        const { said } = await verify(tar)
        expect(failedIn(said, 'content.layout').map((one) => one.reason)).toEqual(['length'])
        const later = said.checks.filter((one) => asked.includes(one.id))
        expect(later.map((one) => `${one.result} ${one.reason}`)).toEqual(
          later.map(() => 'not-checked stopped-before'),
        )
        expect(later).toHaveLength(asked.length)
      }
    } finally {
      await crossing.dispose()
    }
  })
})

describe('the sender of a consignment', () => {
  it('is the desk itself where it is made, and the same where it arrives', async () => {
    crossing = await makeCrossing()
    try {
      const { id, folder } = await makeBundle(crossing, 'one')
      const low = await done(['consignment', 'show', id, '--desk', crossing.low], crossing.clock)
      const there = await verify(folder)
      const high = await done(['consignment', 'show', there.said.id, '--desk', crossing.high], crossing.clock)
      const sender = { id: crossing.lowId, name: 'Hill-1' }
      expect([low['sender'], high['sender']]).toEqual([sender, sender])
      expect([low['sequence'], high['sequence']]).toEqual([1, 1])
      expect([low['channel'], high['channel']]).toEqual(['payments', 'payments'])
    } finally {
      await crossing.dispose()
    }
  })
})
