import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import { visible } from '../../../shared/names.ts'
import { mediumPredicate, namesOf, sumsBytes, zMedium, type Medium } from '../../bundle/medium.ts'
import type { Piece } from '../../bundle/parts.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf, sha256Hex } from '../../platform/hash.ts'
import { parseCanonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { pemOf, readSpki, verifies, type PublicKey } from '../../sigstore/public-key.ts'
import type { CheckId } from '../../../shared/text/checks.ts'
import type { CheckList } from '../check.ts'
import { leftBehind, leftInside, named } from '../left-behind.ts'
import { reasonOf, signedDigest } from '../station-record.ts'

export const mediumIds: readonly CheckId[] = [
  'medium.all',
  'medium.record',
  'medium.set',
  'medium.file',
  'medium.sums',
  'medium.part',
  'medium.parity',
  'medium.beside',
  'medium.drive',
]

/** What is not asked where a reading knows nothing of a medium, or not which drive it is in. */
export function skipMedium(scope: 'medium' | 'tar', serial: string | null, list: CheckList): void {
  if (scope === 'tar') list.skip(mediumIds, 'bare-tar')
  else if (serial === null) list.skip(['medium.drive'], 'drive-not-known')
}

/** What a check is about, by the medium that it is on. */
type Say = (subject: string) => string

interface Known {
  readonly medium: Medium
  readonly say: Say
}

interface Input {
  readonly folder: string
  readonly beside: readonly string[]
  readonly waybill: Digest
  readonly waybillBytes: Buffer
  readonly signatures: Buffer
  /** SPKI DER of the sending station, base64, as the waybill certifies it. */
  readonly station: string
  /** Bytes of the whole tar. */
  readonly size: number
  /** Serial of the drive that the medium is in now; `null` where that is not known. */
  readonly serial: string | null
}

/**
 * The record of a medium: about this waybill, and signed by the sender's station.
 *
 * @throws Error in plain words
 */
export async function readRecord(
  input: Pick<Input, 'folder' | 'waybill'>,
  station: PublicKey,
): Promise<{ medium: Medium; bytes: Buffer; envelope: Buffer }> {
  const envelope = await readCapped(join(input.folder, 'medium.sigstore.json'), limits.smallFileBytes)
  const asked = { station, who: 'the sender’s station', predicate: mediumPredicate, name: 'medium.json' }
  const signed = signedDigest(envelope, asked)
  const bytes = await readCapped(join(input.folder, 'medium.json'), limits.mediumBytes)
  if (signed !== digestOf(bytes)) throw new Error('the signature is about another medium.json')
  const medium = zMedium.parse(parseCanonical(bytes))
  if (medium.waybill !== input.waybill) throw new Error(`a record about ${medium.waybill}`)
  if (medium.number > medium.of) throw new Error(`medium ${medium.number} of ${medium.of}`)
  return { medium, bytes, envelope }
}

// Which of several media a check is about.
const sayOf =
  ({ number, of }: Medium): Say =>
  (subject) =>
    of === 1 ? subject : `medium ${number}: ${subject}`

async function checkSet(input: Input, { medium, say }: Known, list: CheckList): Promise<void> {
  const expected = namesOf(medium)
  const found = new Set(await readdir(input.folder).catch(() => []))
  const unlisted = [...found].filter((name) => !expected.has(name))
  const left = unlisted.flatMap((name) => {
    const what = leftInside(name, expected)
    return what === null ? [] : [named(name, what)]
  })
  const extra = unlisted.filter((name) => leftInside(name, expected) === null)
  const missing = [...expected].filter((name) => !found.has(name))
  if (extra.length === 0 && missing.length === 0) {
    const about = { subject: say('the folder'), expected: `exactly ${expected.size} listed files` }
    if (left.length === 0) list.pass('medium.set', say('the folder'), `${expected.size} listed files`)
    else
      list.add('medium.set', 'warn', { ...about, found: left.slice(0, 20).join('; '), reason: 'left-behind' })
    return
  }
  const strange = [
    ...extra.slice(0, 20).map((name) => `not listed: ${visible(name)}`),
    ...missing.slice(0, 20).map((name) => `missing: ${name}`),
  ]
  list.fail(
    'medium.set',
    say('the folder'),
    `exactly ${expected.size} listed files`,
    strange.join('; '),
    'set',
  )
}

async function checkFiles(
  input: Input,
  { medium, say }: Known,
  list: CheckList,
): Promise<Map<string, string>> {
  const sums = new Map<string, string>()
  for (const { name, digest, size } of medium.files) {
    const known = { 'waybill.json': input.waybillBytes, 'waybill.sigstore.jsonl': input.signatures }[name]
    try {
      const bytes = known ?? (await readCapped(join(input.folder, name), limits.smallFileBytes))
      const found = digestOf(bytes)
      sums.set(name, sha256Hex(bytes))
      const same = found === digest && bytes.length === size
      const pem =
        name !== 'station.pub' || bytes.equals(Buffer.from(pemOf(Buffer.from(input.station, 'base64'))))
      if (same && pem) list.pass('medium.file', say(name), digest)
      else
        list.fail(
          'medium.file',
          say(name),
          digest,
          same ? 'another key than the waybill’s sender has' : found,
        )
    } catch (error) {
      list.fail('medium.file', say(name), digest, reasonOf(error), 'unreadable')
    }
  }
  return sums
}

async function checkSums(
  input: Input,
  sums: ReadonlyMap<string, string>,
  station: PublicKey,
  say: Say,
  list: CheckList,
): Promise<void> {
  const expected = sumsBytes([...sums].map(([name, sha256]) => ({ name, sha256 })))
  try {
    const bytes = await readCapped(join(input.folder, 'SHA256SUMS'), limits.smallFileBytes)
    const signature = await readCapped(join(input.folder, 'SHA256SUMS.sig.bin'), limits.smallFileBytes)
    if (!bytes.equals(expected)) {
      list.fail('medium.sums', say('SHA256SUMS'), digestOf(expected), digestOf(bytes))
    } else if (!verifies(station, bytes, signature)) {
      list.fail(
        'medium.sums',
        say('SHA256SUMS.sig.bin'),
        'a signature of the sender’s station',
        'another signature',
      )
    } else {
      list.pass('medium.sums', say('SHA256SUMS'), digestOf(expected))
    }
  } catch (error) {
    list.fail('medium.sums', say('SHA256SUMS'), digestOf(expected), reasonOf(error), 'unreadable')
  }
}

async function checkParts(input: Input, { medium, say }: Known, list: CheckList): Promise<Piece[] | null> {
  const start = medium.of === 1 || medium.number === 1 ? 0 : (medium.parts[0]?.offset ?? 0)
  let at = start
  let whole = true
  const pieces: Piece[] = []
  for (const { name, offset, size } of medium.parts) {
    const path = join(input.folder, name)
    const info = await lstat(path).catch(() => null)
    const found = info === null ? 'missing' : info.isFile() ? `${info.size} bytes` : 'not a regular file'
    if (info?.isFile() === true && info.size === size && offset === at) {
      list.pass('medium.part', say(name), `${size} bytes from ${at}`)
    } else {
      const expected = `${size} bytes from ${at}`
      list.fail('medium.part', say(name), expected, found === `${size} bytes` ? `from ${offset}` : found)
      whole = false
    }
    pieces.push({ path, offset, size })
    at += size
  }
  // The last medium ends where the tar does; the others before.
  const ends = medium.number === medium.of ? at === input.size : at < input.size
  if (!ends) {
    const expected = medium.of === 1 ? input.size : input.size - start
    const atMost = medium.number === medium.of ? '' : 'less than '
    list.fail('medium.part', say('all parts together'), `${atMost}${expected} bytes`, `${at - start} bytes`)
    whole = false
  }
  return whole ? pieces : null
}

/** What lies beside the folder of a medium at the root of its file system. */
export function checkBeside(beside: readonly string[], list: CheckList): void {
  const strange = beside.filter((name) => leftBehind(name) === null)
  // What nobody expects comes first: it must not drown in what systems leave.
  const sorted = [
    ...strange.map(visible),
    ...beside.flatMap((name) => {
      const what = leftBehind(name)
      return what === null ? [] : [named(visible(name), what)]
    }),
  ]
  const found = sorted.slice(0, 20).join(', ')
  const about = { subject: 'beside the folder', expected: 'nothing', found: found || 'nothing' }
  if (strange.length > 0) list.add('medium.beside', 'fail', { ...about, reason: 'not-listed' })
  else if (beside.length > 0) list.add('medium.beside', 'warn', { ...about, reason: 'left-behind' })
  else list.add('medium.beside', 'pass', about)
}

/**
 * Whether a medium is in the drive that it was written in, by the serials then and now. A serial is what a drive says of
 * itself, and a copy is no fault: another one is told, and blocks nothing.
 */
export function checkDrive(now: string | null, then: string | null, list: CheckList): void {
  if (now === null) return
  if (then === null) {
    list.skip(['medium.drive'], 'drive-not-recorded')
    return
  }
  const about = { subject: 'the drive', expected: `serial ${then}`, found: `serial ${now}` }
  if (now === then) list.add('medium.drive', 'pass', about)
  else list.add('medium.drive', 'warn', { ...about, reason: 'other-drive' })
}

/** A medium as its files say it is. */
export interface MediumRead {
  readonly medium: Medium | null
  /** Where its parts lie, if all of them are whole. */
  readonly pieces: readonly Piece[] | null
  /** Whether nothing was found wrong with its files, and nothing lies beside them. */
  readonly sound: boolean
  /** Names what a check is about: with the medium, where there are several. */
  readonly say: Say
}

/** The small files of a medium, in the order of bundle.md, "Reading". */
export async function checkMedium(input: Input, list: CheckList): Promise<MediumRead> {
  const before = list.checks.length
  checkBeside(input.beside, list)
  const station = readSpki(Buffer.from(input.station, 'base64'))
  let record: Awaited<ReturnType<typeof readRecord>>
  try {
    record = await readRecord(input, station)
  } catch (error) {
    const expected = 'a medium.json about this waybill, signed by the sender’s station'
    list.fail('medium.record', 'medium.json', expected, reasonOf(error), 'record')
    return { medium: null, pieces: null, sound: false, say: (subject) => subject }
  }
  const { medium } = record
  const known = { medium, say: sayOf(medium) }
  const { say } = known
  const place = `medium ${medium.number} of ${medium.of}, copy ${medium.copy}`
  list.pass('medium.record', say('medium.json'), `signed by station ${station.fingerprint}`, place)
  checkDrive(input.serial, medium.serial, list)
  await checkSet(input, known, list)
  const sums = await checkFiles(input, known, list)
  for (const { name, digest } of [...medium.parts, ...(medium.parity ?? [])]) sums.set(name, hexOf(digest))
  sums.set('medium.json', sha256Hex(record.bytes))
  sums.set('medium.sigstore.json', sha256Hex(record.envelope))
  await checkSums(input, sums, station, say, list)
  const pieces = await checkParts(input, known, list)
  const sound = !list.checks.slice(before).some(({ result }) => result === 'fail')
  return { ...known, pieces, sound }
}
