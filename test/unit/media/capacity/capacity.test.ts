import { createCipheriv } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compareMedium } from '../../../../main/media/capacity/compare-task.ts'
import { fileName } from '../../../../main/media/capacity/fill-task.ts'
import { blockBytes, keystream } from '../../../../main/media/capacity/keystream.ts'
import { clearForTest, removeTestFolder, slackOf } from '../../../../main/media/capacity/test-folder.ts'
import { failureOf } from '../../../support/failure-of.ts'

const key = 'ab'.repeat(32)
const bytes = Buffer.from(key, 'hex')

/** The stream as any other program would make it, from its start. */
function whole(length: number): Buffer {
  return createCipheriv('aes-256-ctr', bytes, Buffer.alloc(16)).update(Buffer.alloc(length))
}

describe('the stream of a capacity test', () => {
  it('is AES-256-CTR by position: at each place what it is from the start', () => {
    const all = whole(4 * blockBytes)
    fc.assert(
      fc.property(fc.nat(3 * 65_536), fc.integer({ min: 1, max: 4096 }), (step, length) => {
        const position = step * 16
        expect(keystream(bytes, position)(length)).toEqual(all.subarray(position, position + length))
      }),
      { numRuns: 50 },
    )
  })

  it('goes on across calls, and beyond 4 GiB', () => {
    const next = keystream(bytes, 0)
    expect(Buffer.concat([next(48), next(32)])).toEqual(whole(80))
    const far = 5 * 1024 ** 3
    expect(keystream(bytes, far)(32)).not.toEqual(keystream(bytes, far % 1024 ** 3)(32))
  })
})

describe('a folder of a test', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sallyport-capacity-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))
  const own = `sallyport-test-${'a'.repeat(16)}`
  const context = {
    advance: () => undefined,
    finished: () => undefined,
    check: () => undefined,
    signal: new AbortController().signal,
  }
  const filled = (sizes: readonly number[]): void => {
    mkdirSync(join(root, own))
    let at = 0
    sizes.forEach((size, i) => {
      writeFileSync(join(root, own, fileName(i)), whole(at + size).subarray(at))
      at += size
    })
  }
  const compare = (written: number) =>
    compareMedium({ folder: join(root, own), key, fileBytes: blockBytes, written }, context)

  it('is compared file by file, with every byte that was written', () => {
    filled([blockBytes, blockBytes, 100])
    expect(compare(2 * blockBytes + 100)).toEqual({ right: 2 * blockBytes + 100, wrongAt: null, error: null })
  })

  it.each([0, 1, 15, blockBytes - 1, blockBytes, 2 * blockBytes + 99])(
    'tells a wrong byte at %i, and goes on after it',
    (at) => {
      filled([blockBytes, blockBytes, 100])
      const path = join(root, own, fileName(Math.floor(at / blockBytes)))
      const content = readFileSync(path)
      content[at % blockBytes] = (content[at % blockBytes] ?? 0) ^ 1
      writeFileSync(path, content)
      const found = compare(2 * blockBytes + 100)
      expect(found).toMatchObject({ wrongAt: at, error: null })
      expect(found.right).toBeGreaterThan(blockBytes)
    },
  )

  it('tells what answers from another place, is cut, is a link, or is not there', () => {
    filled([blockBytes, blockBytes])
    writeFileSync(join(root, own, '0001'), whole(blockBytes))
    expect(compare(2 * blockBytes)).toMatchObject({ right: blockBytes, wrongAt: blockBytes })
    truncateSync(join(root, own, '0001'), 0)
    expect(compare(2 * blockBytes)).toMatchObject({ right: blockBytes, wrongAt: blockBytes })
    rmSync(join(root, own, '0001'))
    symlinkSync(join(root, own, '0000'), join(root, own, '0001'))
    expect(compare(2 * blockBytes)).toMatchObject({ right: blockBytes, wrongAt: blockBytes })
    rmSync(join(root, own, '0001'))
    expect(compare(2 * blockBytes)).toMatchObject({ right: blockBytes, wrongAt: blockBytes, error: 'ENOENT' })
  })

  it('is removed with what a test makes and nothing else', async () => {
    filled([10])
    writeFileSync(join(root, own, 'notes.txt'), 'somebody’s')
    await removeTestFolder(root, own)
    expect(readdirSync(join(root, own))).toEqual(['notes.txt'])
    mkdirSync(join(root, 'other'))
    writeFileSync(join(root, 'other', '0000'), '')
    await removeTestFolder(root, 'other')
    await removeTestFolder(root, join('..', own))
    expect(readdirSync(join(root, 'other'))).toEqual(['0000'])
    symlinkSync(join(root, 'other'), join(root, `sallyport-test-${'b'.repeat(16)}`))
    await removeTestFolder(root, `sallyport-test-${'b'.repeat(16)}`)
    expect(readdirSync(join(root, 'other'))).toEqual(['0000'])
  })

  it('goes before another test, on a medium that holds nothing else', async () => {
    filled([10])
    mkdirSync(join(root, 'lost+found'))
    await clearForTest(root, (name) => name === 'lost+found')
    expect(readdirSync(root)).toEqual(['lost+found'])
    filled([10])
    writeFileSync(join(root, 'notes.txt'), '')
    expect((await failureOf(clearForTest(root, () => false))).code).toBe('media-not-empty')
    expect(readdirSync(join(root, own))).toEqual(['0000'])
    expect((await failureOf(clearForTest(join(root, 'none'), () => false))).code).toBe('medium-missing')
  })

  it('leaves a file system a percent and a little for its own lists', () => {
    expect(slackOf(100_000_000_000)).toBeLessThan(1_010_000_000)
    expect(slackOf(0)).toBe(4 * 1024 * 1024)
  })
})
