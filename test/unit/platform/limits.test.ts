import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { splitSignatureFile } from '../../../main/bundle/signature-lines.ts'
import { locate } from '../../../main/bundle/locate.ts'
import { readLedger } from '../../../main/ledger/read.ts'
import { besideParts, checkTarget, planMedia } from '../../../main/media/write.ts'
import { Failure } from '../../../main/platform/failure.ts'
import { readCapped } from '../../../main/platform/files.ts'
import { fatFileBytes, limits } from '../../../main/platform/limits.ts'
import { parsePolicy } from '../../../main/policy/parse.ts'
import { readFirst } from '../../../main/verify/first.ts'

/* The limits of registries, requests and graphs are reached in test/unit/{oci,request,collect} and test/hostile. */

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-limits-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function sized(name: string, bytes: number): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, '')
  await truncate(path, bytes)
  return path
}
const codeOf = async (run: () => unknown): Promise<string> => {
  try {
    await run()
    return 'nothing'
  } catch (error) {
    return error instanceof Failure ? error.code : error instanceof Error ? error.constructor.name : 'unknown'
  }
}

describe('limits', () => {
  it('row 23: a capped file: exactly the limit is read, one byte more is not', async () => {
    expect((await readCapped(await sized('at', 1000), 1000)).length).toBe(1000)
    expect(await codeOf(async () => readCapped(await sized('over', 1001), 1000))).toBe('file-too-large')
  })

  it('what never ends is not read for ever', async () => {
    expect(await codeOf(() => readCapped('/dev/zero', 1000))).not.toBe('nothing')
  })

  it('waybill and signatures: one byte more than allowed is as if missing', async () => {
    for (const [waybill, signatures] of [
      [limits.waybillBytes + 1, 10],
      [10, limits.signatureBytes + 1],
    ] as const) {
      await sized('waybill.json', waybill)
      await sized('waybill.sigstore.jsonl', signatures)
      const first = await readFirst({ scope: 'medium', folder, beside: [] })
      expect(first.waybill === null || first.signatures === null).toBe(true)
      expect(first.problem).toContain('json')
    }
  })

  it('signature lines: 8, not 9; not empty', () => {
    const lines = (count: number): Buffer => Buffer.from('{}\n'.repeat(count))
    expect(splitSignatureFile(lines(limits.signatureLines))).toHaveLength(limits.signatureLines)
    expect(() => splitSignatureFile(lines(limits.signatureLines + 1))).toThrow()
    expect(() => splitSignatureFile(Buffer.alloc(0))).toThrow()
  })

  it('a policy of more than its bytes', async () => {
    const text = 'sallyport: policy/v1\nversion: 1\n'
    const fits = text + '#'.repeat(limits.policyBytes - text.length)
    expect(parsePolicy(Buffer.from(fits)).version).toBe(1)
    expect(await codeOf(() => parsePolicy(Buffer.from(`${fits}#`)))).toBe('policy-form')
  })

  it('parts: 999, not 1000, on one medium or on several', async () => {
    const most = limits.parts * 512
    expect(planMedia(most, null, 512)[0]?.parts).toHaveLength(limits.parts)
    expect(await codeOf(() => planMedia(most + 1, null, 512))).toBe('part-size')
    expect(await codeOf(() => planMedia(10_000, null, 511))).toBe('part-size')
    expect(planMedia(most, 512, null)).toHaveLength(limits.parts)
    expect(await codeOf(() => planMedia(most + 1, 512, null))).toBe('part-size')
  })

  it('FAT32: 4 GiB − 1 in one file, one byte more in two', () => {
    const parts = (size: number): number | undefined => planMedia(size, null, fatFileBytes)[0]?.parts.length
    expect([parts(2 ** 32 - 1), parts(2 ** 32)]).toEqual([1, 2])
  })

  it('free space is asked first, with room for the small files; then the largest file', async () => {
    const digest = `sha256:${'c'.repeat(64)}` as const
    const [one] = planMedia(10_000_000, null, null)
    const beside = besideParts(Buffer.alloc(1000), Buffer.alloc(1000))
    const check = (free: number, largest: number | null = null): Promise<string> =>
      codeOf(() => checkTarget({ path: folder, free, largest }, digest, one?.parts ?? [], beside))
    expect(await check(10_000_000)).toBe('medium-full')
    expect(await check(10_000_000 + beside - 1)).toBe('medium-full')
    expect(await check(10_000_000 + beside)).toBe('nothing')
    expect(await check(20_000_000, 9_999_999)).toBe('medium-file')
  })

  it('a ledger line without an end is not read into memory for ever', async () => {
    const desk = await mkdtemp(join(folder, 'desk-'))
    const path = join(desk, 'ledger.jsonl')
    await writeFile(path, '')
    await truncate(path, limits.ledgerLineBytes * 8)
    const read = await readLedger(desk)
    expect(read.events).toEqual([])
    expect(read.torn !== null || read.bad !== null).toBe(true)
    expect(read.torn?.length ?? 0).toBeLessThanOrEqual(limits.ledgerLineBytes + 1024 * 1024)
  })

  it('a folder of more entries than anybody looks through', async () => {
    const many = await mkdtemp(join(folder, 'many-'))
    const names = Array.from({ length: limits.folderEntries + 1 }, (_, i) => join(many, String(i)))
    for (let i = 0; i < names.length; i += 1000) {
      await Promise.all(names.slice(i, i + 1000).map((name) => writeFile(name, '')))
    }
    expect(await codeOf(() => locate(many))).toBe('file-too-large')
  })
})
