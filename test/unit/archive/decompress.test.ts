import * as zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compressionOf, decompressed } from '../../../main/archive/decompress.ts'
import { ArchiveProblem } from '../../../main/archive/problem.ts'
import {
  libraryDecoder,
  platformDecoder,
  zstdDecoded,
  type FrameDecoder,
} from '../../../main/archive/zstd.ts'
import { limits } from '../../../main/platform/limits.ts'

const zstd = zlib as unknown as {
  readonly zstdCompressSync?: (bytes: Buffer, options?: object) => Buffer
  readonly constants: Readonly<Record<string, number>>
}
const compress = zstd.zstdCompressSync
const parameter = (name: string): number => zstd.constants[name] ?? 0

/** Pieces of a few bytes, so that nothing lies where it is handy. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Promise.resolve(bytes.subarray(at, at + size))
}

async function outcome(bytes: AsyncIterable<Buffer>): Promise<string | Buffer> {
  const pieces: Buffer[] = []
  try {
    for await (const piece of bytes) pieces.push(piece)
    return Buffer.concat(pieces)
  } catch (error) {
    if (error instanceof ArchiveProblem) return error.reason
    throw error
  }
}

const text = Buffer.from('carried across a gap, '.repeat(20_000))
const withSum = { params: { [parameter('ZSTD_c_checksumFlag')]: 1 } }
const skip = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])

// A platform without zstd has the library alone; both must say the same of everything.
const decoders: readonly (readonly [string, FrameDecoder | null])[] = [
  ['the platform', platformDecoder],
  ['the library', libraryDecoder],
]

for (const [name, decoder] of decoders) {
  describe.skipIf(decoder === null || compress === undefined)(
    `zstd by ${name} (needs a platform with zstd to make some)`,
    () => {
      const frame = compress?.(text, withSum) ?? Buffer.alloc(0)
      const run = (bytes: Buffer, size = 65_536): Promise<string | Buffer> =>
        outcome(zstdDecoded(inPieces(bytes, size), decoder ?? libraryDecoder))
      const isText = (found: string | Buffer, times = 1): boolean =>
        typeof found !== 'string' && found.equals(Buffer.concat(Array.from({ length: times }, () => text)))

      it.each([1, 2, 3, 7, 100, 65_536])('a frame in pieces of %i bytes', async (size) =>
        expect(isText(await run(frame, size))).toBe(true),
      )
      it('frames one after the other, and those to be skipped, wherever they stand', async () => {
        const all = Buffer.concat([skip, frame, skip, frame, skip])
        for (const size of [1, 5, 65_536]) expect(isText(await run(all, size), 2)).toBe(true)
      })
      it('a frame without a sum, and one of nothing', async () => {
        const plain = compress?.(text) ?? frame
        const empty = compress?.(Buffer.alloc(0), withSum) ?? frame
        expect(isText(await run(Buffer.concat([empty, plain, empty])))).toBe(true)
      })
      it('a frame of one repeated byte and of bytes that do not shrink', async () => {
        const zeros = Buffer.alloc(300_000)
        const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i * 7 + (i >> 3)) & 255))
        for (const one of [zeros, noise]) {
          const found = await run(compress?.(one, withSum) ?? frame)
          expect(typeof found !== 'string' && found.equals(one)).toBe(true)
        }
      })
      it.each([4, 1, 100, 3000])('truncated: without its last %i bytes', async (bytes) =>
        expect(await run(frame.subarray(0, -Math.min(bytes, frame.length - 1)))).toBe('truncated'),
      )
      it('truncated: nothing, and nothing but what is skipped', async () => {
        expect(await run(Buffer.alloc(0))).toBe('truncated')
        expect(await run(skip)).toBe('truncated')
      })
      it('behind-the-end: anything but a frame', async () =>
        expect(await run(Buffer.concat([frame, Buffer.from('more than nothing')]))).toBe('behind-the-end'))
      it('damaged: each byte but those of the magic number and the window', async () => {
        for (let at = 10; at < frame.length; at += Math.ceil(frame.length / 40)) {
          const flipped = Buffer.from(frame)
          flipped[at] = (flipped[at] ?? 0) ^ 0x10
          expect(['damaged', 'truncated', 'behind-the-end', 'window']).toContain(await run(flipped))
        }
      })
      it('window: more than is given to anybody', async () =>
        expect(await run(Buffer.from('28b52ffd0090010000', 'hex'))).toBe('window'))
    },
  )
}

describe('gzip', () => {
  const packed = zlib.gzipSync(text)
  const run = (bytes: Buffer): Promise<string | Buffer> =>
    outcome(decompressed(inPieces(bytes, 1000), 'gzip'))
  it('one stream, and several behind each other', async () => {
    expect(((await run(packed)) as Buffer).equals(text)).toBe(true)
    expect(((await run(Buffer.concat([packed, packed]))) as Buffer).length).toBe(2 * text.length)
  })
  it('truncated and damaged', async () => {
    expect(await run(packed.subarray(0, -3))).toBe('truncated')
    expect(await run(Buffer.concat([packed, Buffer.from('more')]))).toBe('damaged')
    expect(await run(Buffer.concat([packed, Buffer.alloc(8)]))).toBe('behind-the-end')
    const flipped = Buffer.from(packed)
    flipped[packed.length - 6] = (flipped[packed.length - 6] ?? 0) ^ 1
    expect(await run(flipped)).toBe('damaged')
  })
})

describe('how something is packed', () => {
  it('is told by its first bytes', () => {
    expect(compressionOf(Buffer.from('1f8b0800', 'hex'))).toBe('gzip')
    expect(compressionOf(Buffer.from('28b52ffd00', 'hex'))).toBe('zstd')
    expect(compressionOf(skip)).toBe('zstd')
    expect(compressionOf(Buffer.from('plain'))).toBe('none')
    expect(compressionOf(Buffer.alloc(0))).toBe('none')
  })
  it.each([
    ['xz', 'fd377a585a00'],
    ['bzip2', '425a683931'],
    ['lz4', '04224d18'],
  ])('not-read: %s is named', (name, hex) =>
    expect(() => compressionOf(Buffer.from(hex, 'hex'))).toThrow(
      expect.objectContaining({ found: name }) as Error,
    ),
  )
  it('ratio: what is made to fill a disc is refused, long before it does', async () => {
    // Blocks of one repeated byte: 128 KiB from four.
    const block = Buffer.from([
      0x28,
      0xb5,
      0x2f,
      0xfd,
      0x00,
      0x50,
      ...Array.from({ length: 3000 }, () => [2, 0, 16, 0]).flat(),
      1,
      0,
      0,
    ])
    const found = await outcome(decompressed(inPieces(block, 65_536), 'zstd'))
    expect(found).toBe('ratio')
    expect(limits.unpackRatio).toBeGreaterThan(1032)
  })
})
