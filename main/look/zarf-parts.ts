import { createHash } from 'node:crypto'
import type { Digest } from '../../shared/digest.ts'
import { bytesOf, type Reading } from '../archive/bytes.ts'
import { ArchiveProblem } from '../archive/problem.ts'
import type { Tree } from '../archive/tree.ts'
import { Failure } from '../platform/failure.ts'
import { readCapped } from '../platform/files.ts'
import { JsonError, parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import type { Joined, PartPlace } from './part-place.ts'

/** What `X.part000` says of the parts that follow it. Zarf itself compares only their number. */
interface Head {
  readonly digest: Digest
  readonly bytes: number
  readonly count: number
}

const partName = /^(.+)\.part([0-9]{3})$/s
const headBytes = 4096

function headOf(bytes: Buffer): Head | null {
  try {
    const head = parseStrict(bytes, 16) as Readonly<Record<string, unknown>> | null
    const { Sha256Sum: sum, Bytes: size, Count: count } = head ?? {}
    if (typeof sum !== 'string' || !/^[0-9a-f]{64}$/.test(sum)) return null
    if (!Number.isSafeInteger(size) || !Number.isSafeInteger(count)) return null
    return { digest: `sha256:${sum}`, bytes: size as number, count: count as number }
  } catch (error) {
    if (error instanceof JsonError) return null
    throw error
  }
}

/** The head of a file that was cut; `null` where there is none, or what is called so is something else. */
async function headAt(path: string): Promise<Head | null> {
  try {
    return headOf(await readCapped(path, headBytes))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.code === 'file-too-large' || error.facts.found === 'ENOENT') return null
    throw error
  }
}

const partOf = (whole: string, number: number): string => `${whole}.part${String(number).padStart(3, '0')}`

/** The parts that must be there, in their order, and no other. @throws ArchiveProblem */
async function partsOf(whole: string, { count, bytes }: Head, place: PartPlace): Promise<string[]> {
  const head = partOf(whole, 0)
  if (count < 1 || count > limits.parts) {
    const expected = `a count of 1 to ${limits.parts} parts`
    throw new ArchiveProblem('part-missing', { subject: head, expected, found: String(count) })
  }
  const names = Array.from({ length: count }, (_, at) => partOf(whole, at + 1))
  const there = new Set((await place.beside()).filter((one) => partName.exec(one)?.[1] === whole))
  for (const subject of names) {
    if (there.has(subject)) continue
    const expected = `${count} parts behind ${head}`
    throw new ArchiveProblem('part-missing', { subject, expected, found: 'not here' })
  }
  const extra = [...there].find((one) => one !== head && !names.includes(one))
  if (extra !== undefined) {
    const expected = `${count} parts behind ${head}`
    throw new ArchiveProblem('part-extra', { subject: extra, expected, found: 'one more' })
  }
  let found = 0
  for (const name of names) found += await place.sizeOf(name)
  if (found !== bytes) {
    const about = { subject: whole, expected: `${bytes} bytes`, found: `${found} bytes` }
    throw new ArchiveProblem('part-size', about)
  }
  return names
}

/** Holds the digest of the whole against that in the head. What was put together wrongly is said to be that first. */
function checked(whole: string, paths: readonly string[], { digest }: Head, reading: Reading) {
  const compare = (found: string | null): void => {
    if (found === digest) return
    const about = { subject: whole, expected: digest, found: found ?? 'none' }
    throw new ArchiveProblem('part-sum', about)
  }
  return async (open: () => Promise<Tree>): Promise<Tree> => {
    try {
      const tree = await open()
      compare(tree.digest)
      return tree
    } catch (error) {
      if (!(error instanceof ArchiveProblem) || error.reason === 'part-sum') throw error
      const hash = createHash('sha256')
      for await (const piece of bytesOf({ paths }, reading)) hash.update(piece)
      compare(`sha256:${hash.digest('hex')}`)
      throw error
    }
  }
}

/** A package that `zarf package create -m` cut: any of its files leads to the whole. */
export async function zarfParts(place: PartPlace, reading: Reading): Promise<Joined | null> {
  const [, whole] = partName.exec(place.name) ?? []
  if (whole === undefined) return null
  const head = await headAt(place.pathOf(partOf(whole, 0)))
  if (head === null) return null
  const paths = (await partsOf(whole, head, place)).map((one) => place.pathOf(one))
  return { name: whole, paths, opened: checked(whole, paths, head, reading) }
}
