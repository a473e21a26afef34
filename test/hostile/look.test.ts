import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Looked } from '../../shared/look.ts'
import { outcomes } from '../../shared/verdict.ts'
import {
  blobsOf,
  imageOf,
  imageManifestOf,
  indexOf,
  savedImage,
  tarOf,
  type Entries,
} from '../support/foreign-made.ts'
import { looked } from '../support/foreign.ts'

/*
 * Archives that somebody damaged anywhere: bits, cuts, repeats, blocks of other places. Whatever comes of it is a verdict;
 * what passes holds exactly what the undamaged one holds.
 */

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-damaged-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Damage = (bytes: Buffer, at: number, size: number) => Buffer

const kinds: Readonly<Record<string, Damage>> = {
  'a flipped bit': (bytes, at, size) => {
    const damaged = Buffer.from(bytes)
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (size % 8))
    return damaged
  },
  'bytes cut off': (bytes, at) => bytes.subarray(0, at),
  'bytes left out': (bytes, at, size) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]),
  'bytes twice': (bytes, at, size) =>
    Buffer.concat([bytes.subarray(0, at + size), bytes.subarray(at, at + size), bytes.subarray(at + size)]),
  'a block of another place': (bytes, at, size) => {
    const damaged = Buffer.from(bytes)
    const from = Math.floor(size % Math.max(1, bytes.length / 512)) * 512
    bytes.copy(damaged, Math.floor(at / 512) * 512, from, from + 512)
    return damaged
  },
}

/** What is held under a digest: names are the container's own word, which no sum of it covers. */
const held = ({ items }: Looked): string[] =>
  items.map(({ digest, platforms }) => `${digest} ${platforms.join()}`).sort()

const compress = (zlib as unknown as { readonly zstdCompressSync?: (bytes: Buffer) => Buffer })
  .zstdCompressSync

async function samples(): Promise<ReadonlyMap<string, Buffer>> {
  const image = await imageOf('first', 'second')
  const manifest = imageManifestOf(image)
  const layout: Entries = [
    ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
    ...blobsOf(manifest),
    indexOf([[manifest.descriptor, {}]]),
  ]
  const tar = await tarOf(layout)
  const { files, listed } = savedImage(image, ['registry.example/team/app:1'])
  const docker = await tarOf([...files, ['manifest.json', { json: [listed] }]])
  return new Map([
    ['layout.tar', tar],
    ['layout.tar.gz', zlib.gzipSync(tar)],
    ...(compress === undefined ? [] : ([['layout.tar.zst', compress(tar)]] as const)),
    ['docker.tar', docker],
  ])
}

describe('an archive that was damaged anywhere', () => {
  it('is refused, or holds what it held', async () => {
    for (const [name, whole] of await samples()) {
      const path = join(folder, name)
      writeFileSync(path, whole)
      const before = await looked(path)
      expect({ name, outcome: before.outcome }).toEqual({ name, outcome: 'passed' })
      let refused = 0
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...Object.keys(kinds)),
          fc.nat(whole.length - 1),
          fc.integer({ min: 1, max: 2000 }),
          async (kind, at, size) => {
            writeFileSync(path, kinds[kind]?.(whole, at, size) ?? whole)
            const after = await looked(path)
            expect(outcomes).toContain(after.outcome)
            if (after.outcome === 'passed') expect(held(after)).toEqual(held(before))
            else refused += 1
          },
        ),
        { numRuns: 150 },
      )
      expect({ name, most: refused > 75 }).toEqual({ name, most: true })
    }
  })
})
