import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { line, measure, median, must, sallyport, type Measured } from './measure.ts'
import { bundleOf, makeStage } from './stage.ts'

const rounds = 3
const gibs = [1, 4] as const
const ratio = (theirs: number, ours: number): string => `${(theirs / ours).toFixed(2)} ×`

async function forge(folder: string): Promise<void> {
  const file = await open(join(folder, 'waybill.json'), 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, 100)
  byte[0] = (byte[0] ?? 0) ^ 1
  await file.write(byte, 0, 1, 100)
  await file.close()
}

const openssl = (path: string): Promise<Measured> => measure('openssl', ['dgst', '-sha256', path])

/** Seconds of `cp` followed by `openssl dgst`. */
async function copyAndHash(tar: string, copy: string): Promise<number> {
  const [first, second] = [await measure('cp', [tar, copy]), await openssl(copy)]
  await rm(copy)
  return first.seconds + second.seconds
}

/** The same undecided bundle again, its quarantine emptied before: the whole way with all its writing. */
async function verifyAnew(folder: string, high: string): Promise<Measured> {
  await rm(join(high, 'store', 'quarantine'), { recursive: true, force: true })
  return must(0, 'verify', folder, '--desk', high)
}

async function readingOf(gib: number): Promise<void> {
  const stage = await makeStage()
  try {
    const { folder, tar } = await bundleOf(stage, gib)
    const seconds = {
      back: [] as number[],
      openssl: [] as number[],
      verify: [] as number[],
      copy: [] as number[],
    }
    const peaks = { back: 0, verify: 0 }
    await openssl(tar)
    for (let round = 0; round < rounds; round++) {
      seconds.openssl.push((await openssl(tar)).seconds)
      const back = await must(0, 'readback', folder, '--desk', stage.low)
      seconds.back.push(back.seconds)
      seconds.copy.push(await copyAndHash(tar, join(stage.root, 'copy.tar')))
      const verify = await verifyAnew(folder, stage.high)
      seconds.verify.push(verify.seconds)
      peaks.back = Math.max(peaks.back, back.peak)
      peaks.verify = Math.max(peaks.verify, verify.peak)
    }
    const [back, dgst, verify, copy] = [seconds.back, seconds.openssl, seconds.verify, seconds.copy].map(
      median,
    ) as [number, number, number, number]
    line(
      `readback ${gib} GiB`,
      `${ratio(dgst, back)} openssl dgst (${back.toFixed(2)} s, ${dgst.toFixed(2)} s)`,
    )
    line(
      `verify ${gib} GiB`,
      `${ratio(copy, verify)} cp + openssl dgst (${verify.toFixed(2)} s, ${copy.toFixed(2)} s)`,
    )
    line(
      `peak memory, ${gib} GiB`,
      `readback ${peaks.back.toFixed(0)} MB, verify ${peaks.verify.toFixed(0)} MB`,
    )
    await forge(folder)
    const refused = await sallyport('verify', folder, '--desk', stage.high)
    if (refused.code !== 3) throw new Error(`a forged waybill ended with ${refused.code}`)
    line(
      `forged waybill refused, ${gib} GiB`,
      `${refused.seconds.toFixed(2)} s, the start of the program included`,
    )
  } finally {
    await rm(stage.root, { recursive: true, force: true })
  }
}

/**
 * Read-back against `openssl dgst`, verify against `cp` followed by `openssl dgst`, in turn and in one run; peak
 * memory of both at 1 and 4 GiB; time to refuse a forged waybill.
 */
export async function readingBench(): Promise<void> {
  for (const gib of gibs) await readingOf(gib)
}
