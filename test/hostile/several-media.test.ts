import { randomBytes } from 'node:crypto'
import { cp, readFile, rename, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Medium } from '../../main/bundle/medium.ts'
import { sallyport, type Said } from '../support/command-line.ts'
import { makeBundle, makeCrossing, writeTo, type Crossing } from '../support/desks.ts'
import { copyBundle, flipBit } from '../support/media.ts'
import { resignMedium } from '../support/resign-medium.ts'

const mega = 1024 * 1024

describe('media of one bundle that somebody changed', () => {
  let crossing: Crossing
  let first: string
  let second: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    const files = { 'large.bin': randomBytes(5 * mega) }
    const made = await makeBundle(crossing, 'one', files, ['--of-size', String(8 * mega)])
    first = made.folder
    second = await writeTo(crossing, made.id, 'two')
  })
  afterAll(() => crossing.dispose())

  let desks = 0
  const newHigh = async (): Promise<string> => {
    const folder = join(crossing.folder, `high-${++desks}`)
    await cp(crossing.high, folder, { recursive: true })
    return folder
  }
  const verify = (high: string, ...paths: string[]): ReturnType<typeof sallyport> =>
    sallyport(['verify', ...paths, '--desk', high], crossing.clock)
  const changed = async (from: string, change: (copy: string) => Promise<unknown>): Promise<string> => {
    const copy = await copyBundle(crossing, from)
    await change(copy)
    return copy
  }
  const failed = ({ checks }: Said): string[] =>
    checks.filter(({ result }) => result === 'fail').map(({ id }) => id)

  const lies: readonly (readonly [what: string, id: string, (medium: Medium) => unknown])[] = [
    ['is the first, and is not', 'medium.record', (medium) => ({ ...medium, number: 1 })],
    ['is the third of two', 'medium.record', (medium) => ({ ...medium, number: 3 })],
    ['is the only one', 'medium.record', (medium) => ({ ...medium, number: 1, of: 1 })],
    ['is not the last', 'medium.part', (medium) => ({ ...medium, of: 3 })],
    ['has more media than there can be', 'medium.record', (medium) => ({ ...medium, of: 1000 })],
    [
      'begins elsewhere',
      'medium.part',
      (medium) => ({
        ...medium,
        parts: medium.parts.map((part) => ({ ...part, offset: part.offset + 512 })),
      }),
    ],
    [
      'holds the beginning too',
      'medium.part',
      (medium) => ({ ...medium, parts: medium.parts.map((part) => ({ ...part, offset: 0 })) }),
    ],
    [
      'counts its parts from elsewhere',
      'medium.record',
      (medium) => ({ ...medium, parts: medium.parts.map((part) => ({ ...part, name: 'bundle.tar.001' })) }),
    ],
    [
      'has a part that is the whole tar',
      'medium.record',
      (medium) => ({ ...medium, parts: medium.parts.map((part) => ({ ...part, name: 'bundle.tar' })) }),
    ],
    [
      'has recovery data of a name that leads out',
      'medium.record',
      (medium) => ({
        ...medium,
        parity: [{ name: '../../bundle.par2', digest: `sha256:${'0'.repeat(64)}`, size: 1 }],
      }),
    ],
    [
      'has recovery data that is not there',
      'medium.set',
      (medium) => ({
        ...medium,
        parity: [{ name: 'bundle.par2', digest: `sha256:${'0'.repeat(64)}`, size: 1 }],
      }),
    ],
    [
      'has a part of other bytes',
      'medium.part',
      (medium) => ({
        ...medium,
        parts: medium.parts.map((part) => ({ ...part, digest: `sha256:${'1'.repeat(64)}` })),
      }),
    ],
  ]
  it.each(lies)('refuses a record of the right station that says it %s', async (_, id, lie) => {
    const high = await newHigh()
    const copy = await changed(second, (folder) => resignMedium(crossing, folder, lie))
    expect((await verify(high, first)).code).toBe(5)
    const { code, json } = await verify(high, copy)
    expect([code, failed(json)]).toEqual([3, expect.arrayContaining([id])])
    // What was right stays, and the right one ends it.
    const good = await verify(high, second)
    expect([good.code, good.json['media']]).toEqual([0, { here: 2, of: 2, missing: [] }])
  })

  it.each([
    ['another waybill', (copy: string) => flipBit(join(copy, 'waybill.json'), 400)],
    ['another signature', (copy: string) => flipBit(join(copy, 'waybill.sigstore.jsonl'), 700)],
    [
      'a link in the place of a part',
      async (copy: string) => {
        const part = join(copy, 'bundle.tar.002')
        await rename(part, `${copy}-part`)
        await symlink(`${copy}-part`, part)
      },
    ],
    ['one more file', (copy: string) => writeFile(join(copy, 'more.txt'), 'more')],
    ['one file less', (copy: string) => unlink(join(copy, 'VERIFY.txt'))],
    [
      'the part of the other medium',
      async (copy: string) => {
        await writeFile(join(copy, 'bundle.tar.002'), await readFile(join(first, 'bundle.tar.001')))
      },
    ],
    [
      'a header that is changed where contents meet',
      async (copy: string) => {
        // The last block of the tar but the two that end it: padding of the last content, or its end.
        await flipBit(join(copy, 'bundle.tar.002'), -1025)
      },
    ],
    ['an end that is not zero', (copy: string) => flipBit(join(copy, 'bundle.tar.002'), -5)],
  ])('does not count a medium with %s, together or after the other', async (_, change) => {
    for (const together of [true, false]) {
      const high = await newHigh()
      const copy = await changed(second, change)
      if (!together) expect((await verify(high, first)).code).toBe(5)
      const bad = await (together ? verify(high, first, copy) : verify(high, copy))
      expect(bad.code).toBe(3)
      expect(bad.json.outcome).toBe('failed')
      const good = await verify(high, second, ...(together ? [first] : []))
      expect([good.code, good.json.outcome]).toEqual([0, 'passed'])
    }
  })
})
