import { Readable } from 'node:stream'
import { extract, pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { headerOf, padded } from '../../../main/bundle/layout.ts'
import { partsOf, slicesOf } from '../../../main/bundle/parts.ts'

const gib = 1024 ** 3

/** The first header that another implementation reads. */
function read(header: Buffer): Promise<{
  name: string
  size: number | undefined
  mode: number | undefined
  type: string | null | undefined
}> {
  return new Promise((resolve, reject) => {
    const reader = extract()
    reader.on('entry', ({ name, size, mode, type }) => {
      resolve({ name, size, mode, type })
      reader.destroy()
    })
    reader.on('error', reject)
    Readable.from([header]).pipe(reader)
  })
}

describe('tar headers', () => {
  const sizes = [0, 1, 511, 512, 513, 2 ** 31, 8 * gib - 1, 8 * gib, 8 * gib + 1, 100 * gib, 2 ** 50]
  for (const size of sizes) {
    it(`of ${size} bytes are read by another implementation`, async () => {
      const name = `blobs/sha256/${'a'.repeat(64)}`
      expect(await read(headerOf(name, size))).toEqual({ name, size, mode: 0o644, type: 'file' })
    })
  }

  it('are those of another implementation, byte for byte but for what ustar leaves open', async () => {
    const packed = pack()
    packed.entry({ name: 'index.json', mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 }, 'x')
    packed.finalize()
    const chunks: Buffer[] = []
    for await (const chunk of packed) chunks.push(chunk as Buffer)
    const theirs = Buffer.concat(chunks).subarray(0, 512)
    const ours = headerOf('index.json', 1)
    const numbers = (bytes: Buffer): number[] =>
      [
        [100, 108],
        [108, 116],
        [116, 124],
        [124, 136],
        [136, 148],
      ].map(([from, to]) => Number.parseInt(bytes.toString('latin1', from, to), 8))
    expect(numbers(ours)).toEqual(numbers(theirs))
    expect(ours.subarray(0, 100)).toEqual(theirs.subarray(0, 100))
    expect(ours.subarray(257, 265)).toEqual(theirs.subarray(257, 265))
  })

  it('pad to whole blocks', () => {
    expect([0, 1, 512, 513, 8 * gib + 1].map(padded)).toEqual([0, 512, 512, 1024, 8 * gib + 512])
  })
})

describe('parts', () => {
  it('cover the whole, in order, none larger than asked', () => {
    for (const [size, largest] of [
      [1000, 300],
      [900, 300],
      [1, 1],
      [4 * gib + 5, 4 * gib - 1],
    ] as const) {
      const parts = partsOf(size, largest)
      let at = 0
      for (const [i, part] of parts.entries()) {
        expect(part.offset).toBe(at)
        expect(part.size).toBeLessThanOrEqual(largest)
        if (parts.length > 1) expect(part.name).toBe(`bundle.tar.${String(i + 1).padStart(3, '0')}`)
        at += part.size
      }
      expect(at).toBe(size)
    }
    expect(partsOf(1000, null)).toEqual([{ name: 'bundle.tar', offset: 0, size: 1000 }])
    expect(partsOf(1000, 1000)).toEqual([{ name: 'bundle.tar', offset: 0, size: 1000 }])
  })

  it('give the slices of any range', () => {
    const pieces = partsOf(1000, 300).map(({ name, offset, size }) => ({ path: name, offset, size }))
    for (let from = 0; from < 1000; from += 37) {
      for (let to = from + 1; to <= 1000; to += 91) {
        const slices = slicesOf(pieces, from, to)
        expect(slices.reduce((sum, slice) => sum + slice.length, 0)).toBe(to - from)
      }
    }
  })
})
