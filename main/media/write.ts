import { randomBytes } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { hexOf, type Digest } from '../../shared/digest.ts'
import { folderNameOf, mediumPredicate, sumsBytes, type Medium } from '../bundle/medium.ts'
import type { Layout } from '../bundle/layout.ts'
import { mediaOf, type MediumParts } from '../bundle/media-plan.ts'
import type { Part } from '../bundle/parts.ts'
import type { WritePartInput } from '../bundle/write-task.ts'
import type { MadeWaybill } from '../bundle/waybill.ts'
import { causeOf, Failure } from '../platform/failure.ts'
import { digestOfFile, flushFile, flushFolder, writeRecord } from '../platform/files.ts'
import { makeNewFolder } from '../platform/made-folder.ts'
import { digestOf, sha256Hex } from '../platform/hash.ts'
import { canonical } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { allOrFirst, type Pool } from '../platform/workers.ts'
import type { Signer } from '../sign/signer.ts'
import { signStatement } from '../sign/signer.ts'
import { pemOf } from '../sigstore/public-key.ts'
import { instructions, type SignedLine } from './instructions.ts'
import type { Target } from './target.ts'

/** Bytes for the small files of a medium and the file system's own needs. */
export const spare = 4 * 1024 * 1024

/** A plan of one writing, frozen before the first byte. */
export interface WritePlan {
  readonly made: MadeWaybill
  readonly signatures: Buffer
  readonly lines: readonly SignedLine[]
  readonly layout: Layout
  /** Those of this medium. */
  readonly parts: readonly Part[]
  /** Of all media. */
  readonly partsInAll: readonly Part[]
  readonly number: number
  readonly of: number
  /** Makes recovery data of the parts in the folder, and names its files; `null` where none is asked for. */
  readonly parity: ((folder: string, signal: AbortSignal) => Promise<readonly string[]>) | null
  readonly run: string
  readonly copy: number
  readonly written: string
  /** The folder on the medium, as it will be named. */
  readonly folder: string
  /** The drive that the target lies on; `null` for a plain folder, or where it is not known. */
  readonly drive: { readonly serial: string | null; readonly volume: string | null } | null
  /** Where a blob of the store lies. */
  readonly blob: (digest: Digest) => string
}

/** Bytes that a medium takes beside its parts: the small files, and what the file system needs. */
export function besideParts(waybill: Buffer, signatures: Buffer): number {
  return spare + waybill.length + signatures.length
}

/**
 * How a bundle is cut.
 *
 * @param room bytes of the tar that each medium takes; `null`: one medium takes all
 * @param largest the largest part
 * @throws Failure `part-size`
 */
export function planMedia(size: number, room: number | null, largest: number | null): readonly MediumParts[] {
  if (largest !== null && largest < 512)
    throw new Failure('part-size', { found: largest, expected: 'at least 512' })
  const media = mediaOf(size, room ?? size, largest)
  const parts = media.reduce((sum, one) => sum + one.parts.length, 0)
  if (parts > limits.parts) {
    const least = Math.ceil(size / limits.parts)
    const found = Math.min(room ?? size, largest ?? size)
    throw new Failure('part-size', { found, expected: `at least ${least}: at most ${limits.parts} parts` })
  }
  return media
}

/**
 * Demands that a medium can take its parts, before the first byte, and gives the folder that will be made.
 *
 * @param beside bytes that it takes beside its parts
 * @throws Failure `medium-full`, `medium-file`, `medium-exists`
 */
export async function checkTarget(
  target: Target,
  waybill: Digest,
  parts: readonly Part[],
  beside: number,
): Promise<string> {
  const needed = parts.reduce((sum, { size }) => sum + size, beside)
  const { free, largest } = target
  if (free !== null && free < needed) throw new Failure('medium-full', { expected: needed, found: free })
  const most = parts.reduce((found, { size }) => Math.max(found, size), 0)
  if (largest !== null && most > largest) throw new Failure('medium-file', { expected: largest, found: most })
  const name = folderNameOf(waybill)
  const folder = join(target.path, name)
  for (const one of [folder, `${folder}.part`]) {
    if ((await lstat(one).catch(() => null)) !== null) throw new Failure('medium-exists', { found: name })
  }
  return folder
}

function membersOf(plan: WritePlan): WritePartInput['members'] {
  return plan.layout.entries.map(({ name, size, at, content }) => ({
    name,
    size,
    at,
    bytes: typeof content === 'string' ? null : new Uint8Array(content),
    file: typeof content === 'string' ? plan.blob(content) : null,
  }))
}

interface WrittenPart extends Part {
  readonly sha256: string
}

async function writeParts(
  plan: WritePlan,
  into: string,
  tools: { pool: Pool; signal: AbortSignal; advance: (bytes: number) => void },
): Promise<WrittenPart[]> {
  const members = membersOf(plan)
  return allOrFirst(
    plan.parts.map(async (part) => {
      const until = part.offset + part.size
      // Each thread gets only what its part holds.
      const own = members.filter((one) => one.at < until && one.at + 1024 + one.size + 512 > part.offset)
      const input: WritePartInput = {
        to: join(into, part.name),
        from: part.offset,
        until,
        members: own,
        size: plan.layout.size,
      }
      const { signal, advance } = tools
      const done = await tools.pool.run<{ size: number; sha256: string }>('write-part', input, {
        signal,
        advance,
      })
      if (done.size !== part.size) {
        throw new Failure('medium-failed', { found: `${done.size} of ${part.size} bytes of ${part.name}` })
      }
      return { ...part, sha256: done.sha256 }
    }),
  )
}

function mediumOf(
  plan: WritePlan,
  files: ReadonlyMap<string, Buffer>,
  parts: readonly WrittenPart[],
  parity: readonly ParityFile[],
): Medium {
  return {
    format: 'sallyport.medium/v1',
    waybill: plan.made.digest,
    run: plan.run,
    number: plan.number,
    of: plan.of,
    copy: plan.copy,
    written: plan.written,
    files: [...files]
      .map(([name, bytes]) => ({ name, digest: digestOf(bytes), size: bytes.length }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    parts: parts.map(({ name, offset, size, sha256 }) => ({
      name,
      offset,
      size,
      digest: `sha256:${sha256}`,
    })),
    ...(parity.length === 0 ? {} : { parity: [...parity] }),
    serial: plan.drive?.serial ?? null,
    volume: plan.drive?.volume ?? null,
    stamp: randomBytes(32).toString('hex'),
  }
}

async function writeSmall(
  plan: WritePlan,
  into: string,
  { parts, parity }: { readonly parts: readonly WrittenPart[]; readonly parity: readonly ParityFile[] },
  station: Signer,
): Promise<Digest> {
  const { made, signatures, lines } = plan
  const files = new Map<string, Buffer>([
    ['waybill.json', made.bytes],
    ['waybill.sigstore.jsonl', signatures],
    [
      'VERIFY.txt',
      Buffer.from(instructions(made.waybill, made.digest, lines, plan.partsInAll, plan.of), 'utf8'),
    ],
    ['station.pub', Buffer.from(pemOf(station.key.spki), 'utf8')],
  ])
  const medium = canonical(mediumOf(plan, files, parts, parity))
  const subject = { name: 'medium.json', digest: digestOf(medium) }
  files.set('medium.json', medium)
  files.set('medium.sigstore.json', await signStatement(station, [subject], mediumPredicate, {}))
  const listed = [...files].map(([name, bytes]) => ({ name, sha256: sha256Hex(bytes) }))
  const recovery = parity.map(({ name, digest }) => ({ name, sha256: hexOf(digest) }))
  const sums = sumsBytes([...listed, ...recovery, ...parts.map(({ name, sha256 }) => ({ name, sha256 }))])
  files.set('SHA256SUMS', sums)
  files.set('SHA256SUMS.sig.bin', await station.sign(sums))
  for (const [name, bytes] of files) await writeRecord(join(into, name), bytes, 0o644)
  return subject.digest
}

type ParityFile = NonNullable<Medium['parity']>[number]

/** Recovery data, flushed like all else. What the program wrote is what is hashed here. */
async function writeParity(
  { parity, parts }: WritePlan,
  into: string,
  tools: { readonly signal: AbortSignal; readonly step: (name: string) => void },
): Promise<ParityFile[]> {
  if (parity === null || parts.length === 0) return []
  tools.step('parity')
  const files: ParityFile[] = []
  for (const name of await parity(into, tools.signal)) {
    const path = join(into, name)
    await flushFile(path)
    files.push({ name, digest: await digestOfFile(path, tools.signal), size: (await lstat(path)).size })
  }
  return files
}

function mediumFailure(error: unknown): Failure {
  if (error instanceof Failure && error.code !== 'disk-failed' && error.code !== 'disk-full') return error
  const found = causeOf(error instanceof Failure ? error.cause : error)
  return new Failure('medium-failed', { found }, error)
}

export interface WrittenMedium {
  readonly medium: Digest
  readonly parts: readonly {
    readonly name: string
    readonly offset: number
    readonly size: number
    readonly digest: Digest
  }[]
}

/**
 * Writes a medium: everything under a name that ends in `.part`, flushed, renamed last. Whatever goes wrong, nothing
 * that looks whole stays behind.
 *
 * @throws Failure `medium-full`, `medium-failed`, `content-damaged`, `cancelled`
 */
export async function writeMedium(
  plan: WritePlan,
  station: Signer,
  tools: {
    pool: Pool
    signal: AbortSignal
    step: (name: string, total?: number) => void
    advance: (bytes: number) => void
  },
): Promise<WrittenMedium> {
  // Readable on the other side whoever wrote it; nothing on a medium is secret.
  const made = await makeNewFolder(`${plan.folder}.part`, 0o755).catch((error: unknown) => {
    throw mediumFailure(error)
  })
  const into = made.path
  try {
    tools.step(
      'write',
      plan.parts.reduce((sum, { size }) => sum + size, 0),
    )
    const parts = await writeParts(plan, into, tools)
    await made.check()
    const parity = await writeParity(plan, into, tools)
    tools.step('finish')
    const medium = await writeSmall(plan, into, { parts, parity }, station)
    await flushFolder(into)
    if (tools.signal.aborted) throw new Failure('cancelled')
    await made.name(plan.folder)
    return {
      medium,
      parts: parts.map(({ name, offset, size, sha256 }) => ({
        name,
        offset,
        size,
        digest: `sha256:${sha256}`,
      })),
    }
  } catch (error) {
    await made.remove()
    throw mediumFailure(error)
  }
}
