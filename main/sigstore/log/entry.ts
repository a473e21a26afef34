import type { Entry } from '../bundle-file.ts'
import { needsMore, Refusal } from '../refusal.ts'
import type { TrustedLog } from '../trusted-root.ts'
import type { HashName } from '../verifier-key.ts'
import { within } from '../x509/chain.ts'
import { lastTime } from '../x509/der.ts'
import { readBody, type Logged } from './body.ts'
import { checkCheckpoint, readCheckpoint } from './checkpoint.ts'
import { leafOf, rootOf } from './inclusion.ts'
import { checkPromise } from './promise.ts'

/** What an entry must be about: the bundle's own content, signature and signer. */
export interface Signed {
  /**
   * The digest of the message that was signed (the artifact, or the pre-authentication encoding of an envelope), of an
   * envelope's payload, or of its bytes as they were published; `null` where they are not known.
   */
  readonly digest: (of: Logged['digest'][number]['of'], name: HashName) => Buffer | null
  readonly content: 'message' | 'envelope'
  readonly signature: Buffer
  /** DER of the certificate, or of the key. */
  readonly verifier: Buffer
}

/** An entry that is proven to be in a known log and to be about this signature. */
export interface ProvenEntry {
  readonly log: TrustedLog
  readonly entry: Entry
  readonly logged: Logged
  /** Milliseconds, from the log's promise; `null` where there is none. */
  readonly time: number | null
}

function checkDigests(logged: Logged, signed: Signed): void {
  for (const { of, name, value } of logged.digest) {
    const own = signed.digest(of, name)
    if (of === 'raw-envelope' && own === null) {
      // An envelope inside a bundle was written anew; its first bytes are gone, and payload and signature bind it.
      if (logged.signature !== null) continue
      throw new Refusal(
        'log.other-content',
        'the envelope as it was published',
        'an envelope that was written anew',
      )
    }
    if (own === null) throw needsMore(`its ${name}`)
    if (!own.equals(value)) {
      const [expected, found] = [own, value].map((one) => `${name}:${one.toString('hex')}`)
      throw new Refusal('log.other-content', expected ?? '', found ?? '')
    }
  }
}

function checkBody(logged: Logged, signed: Signed): void {
  if (signed.content === 'message' && logged.digest.some((one) => one.of !== 'message')) {
    throw new Refusal('log.kind', 'an entry about a file', 'an entry about an envelope')
  }
  checkDigests(logged, signed)
  if (logged.signature !== null && !logged.signature.equals(signed.signature)) {
    throw new Refusal('log.other-signature', 'the signature of the bundle', 'another signature')
  }
  if (!logged.verifier.equals(signed.verifier)) {
    throw new Refusal(
      'log.other-signer',
      'the certificate or key of the bundle',
      'another certificate or key',
    )
  }
}

// Rekor v2 takes entries of a version of its own, which v1 has not (Rekor v2 specification, entry types).
const isRekor2 = ({ kind, version }: Entry): boolean => kind === 'hashedrekord' && version === '0.0.2'

function checkProof(entry: Entry, log: TrustedLog): void {
  const { proof } = entry
  if (proof === null) return
  if (entry.promise === null && proof.index !== entry.index) {
    throw new Refusal('log.index', `index ${entry.index} in the proof`, String(proof.index))
  }
  const root = rootOf(leafOf(entry.body), proof.index, proof.treeSize, proof.hashes)
  if (root === null || !root.equals(proof.rootHash)) {
    const found = root === null ? 'a proof of another length' : root.toString('hex')
    throw new Refusal('log.proof-bad', `the root ${proof.rootHash.toString('hex')}`, found)
  }
  if (proof.checkpoint === null) return
  const checkpoint = readCheckpoint(proof.checkpoint)
  checkCheckpoint(checkpoint, log, isRekor2(entry))
  if (checkpoint.size !== proof.treeSize || !checkpoint.root.equals(proof.rootHash)) {
    const expected = `${checkpoint.size} entries under ${checkpoint.root.toString('hex')}, as the checkpoint says`
    throw new Refusal(
      'log.root-differs',
      expected,
      `${proof.treeSize} under ${proof.rootHash.toString('hex')}`,
    )
  }
}

const iso = (at: number): string => new Date(at).toISOString()

// An entry without a promise has no time of its own: the proven timestamps say when the log's key must have counted.
// With none of those either, a key that was retired cannot be told from one that was not.
function checkWindow(log: TrustedLog, times: readonly number[]): void {
  const outside = times.find((at) => !within(at, log.window))
  if (outside !== undefined) {
    throw new Refusal('log.window', `a time at which ${log.baseUrl} was trusted`, iso(outside))
  }
  if (times.length === 0 && log.window.end !== Infinity) {
    throw new Refusal(
      'log.window',
      `a time at which ${log.baseUrl} was trusted (until ${iso(log.window.end)})`,
      'no time',
    )
  }
}

// What is wrong with what the log signed, without a look at any time.
function refusalOf(entry: Entry, log: TrustedLog): Refusal | null {
  try {
    checkProof(entry, log)
    if (entry.promise !== null) checkPromise(entry, entry.promise, log)
    return null
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function checkWith(entry: Entry, log: TrustedLog, logged: Logged, times: readonly number[]): ProvenEntry {
  if (entry.promise === null) {
    checkWindow(log, times)
    return { log, entry, logged, time: null }
  }
  const time = entry.integratedTime * 1000
  if (time > lastTime)
    throw new Refusal('log.window', 'a time up to the year 9999', String(entry.integratedTime))
  if (!within(time, log.window)) {
    throw new Refusal('log.window', `a time at which ${log.baseUrl} was trusted`, iso(time))
  }
  return { log, entry, logged, time }
}

/**
 * Checks one entry against the logs that are known; `null` when no known log has its id.
 * A time is only read once the promise that binds it is proven.
 *
 * @param times what timestamp authorities proved, in milliseconds
 *
 * @throws Refusal `log.*`, `checkpoint.*`
 */
export function checkEntry(
  entry: Entry,
  logs: readonly TrustedLog[],
  signed: Signed,
  times: readonly number[],
): ProvenEntry | null {
  const known = logs.filter((log) => log.id.equals(entry.logId))
  if (known.length === 0) return null
  const logged = readBody(entry.body, entry.kind, entry.version)
  checkBody(logged, signed)
  if (entry.promise === null && (entry.proof?.checkpoint ?? null) === null) {
    throw new Refusal('log.proof-missing', 'a promise, or a proof with a checkpoint', 'neither')
  }
  // Several instances may share an id, each with a window of its own: one of them must hold. They have one key, and most
  // one address, so that what they signed is checked once.
  let first: Refusal | null = null
  const outcomes = new Map<string, Refusal | null>()
  for (const log of known) {
    try {
      const signer = JSON.stringify([log.names, log.noteId.toString('hex'), log.scheme])
      if (!outcomes.has(signer)) outcomes.set(signer, refusalOf(entry, log))
      const refusal = outcomes.get(signer) ?? null
      if (refusal !== null) throw refusal
      return checkWith(entry, log, logged, times)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      first ??= error
    }
  }
  throw first ?? new Error('no known log')
}
