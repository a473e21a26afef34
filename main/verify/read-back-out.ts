import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digest } from '../../shared/digest.ts'
import { visible } from '../../shared/names.ts'
import type { CheckId } from '../../shared/text/checks.ts'
import type { Verdict } from '../../shared/verdict.ts'
import type { LocatedOut } from '../bundle/locate.ts'
import { sumsBytes } from '../bundle/medium.ts'
import { outPredicate, outSmall, zOutMedium, type OutMedium } from '../bundle/out-medium.ts'
import { readCapped } from '../platform/files.ts'
import { digestOf, sha256Hex } from '../platform/hash.ts'
import { parseCanonical } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { pemOf, verifies, type PublicKey } from '../sigstore/public-key.ts'
import type { FoundFile } from '../store/hash-files.ts'
import { spread } from '../store/spread.ts'
import { CheckList } from './check.ts'
import { checkBeside, checkDrive } from './checks/medium.ts'
import { checkRegisterBack, type RegisterSaid } from './checks/register.ts'
import { leftInside, named } from './left-behind.ts'
import { reasonOf, signedDigest } from './station-record.ts'
import type { Tools } from './types.ts'

/** The small files whose sums are listed. */
const summed = ['VERIFY.txt', 'station.pub', 'export.json', 'export.sigstore.json'] as const

const required: readonly CheckId[] = [
  'medium.record',
  'medium.set',
  'medium.file',
  'medium.sums',
  'medium.beside',
  'medium.drive',
]

/** What reading such a medium back came to. */
export interface OutReading {
  /** Digest of the bytes found as `export.json`; `null` when there were none. */
  readonly record: Digest | null
  /** What it says, once it is known to be what this desk wrote. */
  readonly medium: OutMedium | null
  readonly verdict: Verdict
}

interface Input {
  readonly located: LocatedOut
  /** Serial of the drive that the medium is in now; `null` where that is not known. */
  readonly serial: string | null
  /** What the register of media says of it. */
  readonly register: RegisterSaid
  readonly station: PublicKey
  /** Whether this desk has such a record of a medium in its ledger. */
  readonly isOwn: (record: Digest) => boolean
}

/** The record, which must be one that this desk has in its ledger, and signed by its station. */
async function readRecord(
  { located, station, isOwn }: Input,
  list: CheckList,
): Promise<{ readonly digest: Digest | null; readonly medium: OutMedium | null }> {
  const { folder } = located
  let digest: Digest | null = null
  const expected = 'the record of a medium that this desk wrote, signed by its station'
  try {
    const bytes = await readCapped(join(folder, 'export.json'), limits.deskFileBytes)
    digest = digestOf(bytes)
    if (!isOwn(digest)) throw new Error(`a record that is not in this desk’s ledger (${digest})`)
    const envelope = await readCapped(join(folder, 'export.sigstore.json'), limits.smallFileBytes)
    const asked = { station, who: 'this station', predicate: outPredicate, name: 'export.json' }
    if (signedDigest(envelope, asked) !== digest)
      throw new Error('the signature is about another export.json')
    const medium = zOutMedium.parse(parseCanonical(bytes))
    list.pass('medium.record', 'export.json', digest)
    return { digest, medium }
  } catch (error) {
    list.fail('medium.record', 'export.json', expected, reasonOf(error), 'unreadable')
    return { digest, medium: null }
  }
}

/** Every path below a folder that is no folder itself; a link is one. */
async function pathsBelow(folder: string): Promise<string[]> {
  const found: string[] = []
  const visit = async (at: string): Promise<void> => {
    for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (entry.isDirectory()) await visit(path)
      else found.push(path)
      if (found.length > limits.outFiles) throw new Error(`more than ${limits.outFiles} files`)
    }
  }
  await visit('')
  return found
}

async function checkSet(folder: string, listed: ReadonlySet<string>, list: CheckList): Promise<void> {
  const expected = `exactly ${listed.size} listed files`
  try {
    const found = new Set(await pathsBelow(folder))
    const unlisted = [...found].filter((path) => !listed.has(path))
    const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
    const names = new Set([...listed].map(nameOf))
    const left = unlisted.filter((path) => leftInside(nameOf(path), names) !== null)
    const extra = unlisted.filter((path) => !left.includes(path))
    const missing = [...listed].filter((path) => !found.has(path))
    if (extra.length + missing.length > 0) {
      const say = [
        ...extra.slice(0, 20).map((path) => `not listed: ${visible(path)}`),
        ...missing.slice(0, 20).map((path) => `missing: ${path}`),
      ]
      list.fail('medium.set', 'the folder', expected, say.join('; '), 'set')
    } else if (left.length > 0) {
      const told = left
        .slice(0, 20)
        .map((path) => named(visible(path), leftInside(nameOf(path), names) ?? ''))
      list.add('medium.set', 'warn', {
        subject: 'the folder',
        expected,
        found: told.join('; '),
        reason: 'left-behind',
      })
    } else list.pass('medium.set', 'the folder', expected)
  } catch (error) {
    list.fail('medium.set', 'the folder', expected, reasonOf(error), 'unreadable')
  }
}

/** Reads every file of the content once; what differs is named. */
async function checkFiles(folder: string, medium: OutMedium, tools: Tools, list: CheckList): Promise<void> {
  const total = medium.files.reduce((sum, { size }) => sum + size, 0)
  tools.step('content', total)
  const paths = medium.files.map(({ path }) => join(folder, ...path.split('/')))
  const advance = (bytes: number): void => tools.advance(bytes)
  const answers = await spread<FoundFile[]>(tools.pool, 'hash-files', { paths }, paths.length, {
    signal: tools.signal,
    advance,
  })
  const found = new Map(answers.flat().map((one) => [one.path, one]))
  let good = 0
  medium.files.forEach(({ path, digest }, at) => {
    const one = found.get(paths[at] ?? '')
    if (one?.digest === digest) good += 1
    else
      list.fail(
        'medium.file',
        path,
        digest,
        one?.digest ?? one?.problem ?? 'not read',
        one?.problem === null ? 'differs' : 'unreadable',
      )
  })
  const all = medium.files.length
  if (good === all) list.pass('medium.file', 'every file of the content', `${all} files as they were written`)
}

const content = ({ files }: OutMedium): { readonly name: string; readonly sha256: string }[] =>
  files.map(({ path, digest }) => ({ name: path, sha256: digest.slice('sha256:'.length) }))

/** The small files: the sums are of what is listed, and signed; the key is the station's. */
async function checkSums({ located, station }: Input, medium: OutMedium, list: CheckList): Promise<void> {
  const read = (name: string): Promise<Buffer> => readCapped(join(located.folder, name), limits.deskFileBytes)
  try {
    const small = await Promise.all(
      summed.map(async (name) => ({ name, sha256: sha256Hex(await read(name)) })),
    )
    const expected = sumsBytes([...small, ...content(medium)])
    const [sums, signature, key] = await Promise.all(
      ['SHA256SUMS', 'SHA256SUMS.sig.bin', 'station.pub'].map(read),
    )
    const pem = Buffer.from(pemOf(station.spki), 'utf8')
    if (sums?.equals(expected) !== true)
      list.fail('medium.sums', 'SHA256SUMS', digestOf(expected), digestOf(sums ?? Buffer.alloc(0)))
    else if (signature === undefined || !verifies(station, sums, signature))
      list.fail('medium.sums', 'SHA256SUMS.sig.bin', 'a signature of this station', 'another signature')
    else if (key?.equals(pem) !== true)
      list.fail('medium.sums', 'station.pub', digestOf(pem), digestOf(key ?? Buffer.alloc(0)))
    else list.pass('medium.sums', 'SHA256SUMS', digestOf(expected))
  } catch (error) {
    list.fail('medium.sums', 'SHA256SUMS', 'sums of exactly the listed files', reasonOf(error), 'unreadable')
  }
}

/**
 * Reads a medium of accepted content back at the desk that wrote it: its record against the ledger, exactly the listed
 * files, each of them whole. Keeps nothing.
 *
 * @throws Failure `cancelled`
 */
export async function readBackOut(input: Input, tools: Tools): Promise<OutReading> {
  const { folder, beside } = input.located
  const list = new CheckList()
  list.skip(['medium.part', 'content.layout', 'content.blob'], 'no-bundle')
  checkRegisterBack(input.register, list)
  tools.step('medium')
  const { digest, medium } = await readRecord(input, list)
  if (input.serial === null) list.skip(['medium.drive'], 'drive-not-known')
  if (medium !== null) {
    checkDrive(input.serial, medium.serial, list)
    const listed = new Set<string>([...outSmall, ...medium.files.map(({ path }) => path)])
    await checkSet(folder, listed, list)
    await checkSums(input, medium, list)
    await checkFiles(folder, medium, tools, list)
    checkBeside(beside, list)
  }
  return { record: digest, medium, verdict: list.close(required) }
}
