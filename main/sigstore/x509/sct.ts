import { createHash } from 'node:crypto'
import { Refusal } from '../refusal.ts'
import { verifiesMessage } from '../signature.ts'
import type { TrustedLog } from '../trusted-root.ts'
import type { Certificate } from './certificate.ts'
import { within } from './chain.ts'
import { context, DerError, expectTag, inside, lastTime, readDer, tags } from './der.ts'
import { element, sequence } from './der-write.ts'
import { oids } from './extensions.ts'

/* Signed certificate timestamps inside a certificate (RFC 6962, 3.2 and 3.3). */

interface Sct {
  readonly logId: Buffer
  /** Milliseconds. */
  readonly time: bigint
  readonly extensions: Buffer
  readonly hash: number
  readonly algorithm: number
  readonly signature: Buffer
}

/** A log that promised to show this certificate. */
export interface ProvenSct {
  readonly log: TrustedLog
  readonly time: number
}

class Bytes {
  private at = 0
  private readonly bytes: Buffer
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
  take(length: number): Buffer {
    const end = this.at + length
    if (end > this.bytes.length) throw new DerError('cut off')
    const taken = this.bytes.subarray(this.at, end)
    this.at = end
    return taken
  }
  list(): Buffer {
    return this.take(this.take(2).readUInt16BE())
  }
  get ended(): boolean {
    return this.at === this.bytes.length
  }
}

function readSct(bytes: Buffer): Sct {
  const from = new Bytes(bytes)
  if (from.take(1)[0] !== 0) throw new DerError('a certificate timestamp of another version')
  const sct = {
    logId: from.take(32),
    time: from.take(8).readBigUInt64BE(),
    extensions: from.list(),
    hash: from.take(1)[0] ?? 0,
    algorithm: from.take(1)[0] ?? 0,
    signature: from.list(),
  }
  if (!from.ended) throw new DerError('bytes after the end')
  if (sct.time > BigInt(lastTime)) throw new DerError('a time after the year 9999')
  return sct
}

function readScts(leaf: Certificate): Sct[] {
  const extension = leaf.extensions.get(oids.scts)
  if (extension === undefined) return []
  const list = new Bytes(new Bytes(expectTag(readDer(extension.value), tags.octetString).content).list())
  const found: Sct[] = []
  while (!list.ended) {
    if (found.length === 16) throw new DerError('more than 16 certificate timestamps')
    found.push(readSct(list.list()))
  }
  if (new Set(found.map(({ logId }) => logId.toString('hex'))).size < found.length)
    throw new DerError('two certificate timestamps of one log')
  return found
}

// What the log saw: the certificate to be, without the list of timestamps that is in it now.
function precertificate(leaf: Certificate): Buffer {
  const parts = leaf.tbsParts.map((part) => {
    if (part.tag !== context(3)) return part.raw
    const [list] = inside(part)
    const kept = inside(expectTag(list, tags.sequence)).filter(
      (one) => !one.raw.equals(leaf.extensions.get(oids.scts)?.raw ?? Buffer.alloc(0)),
    )
    return element(context(3), sequence(...kept.map((one) => one.raw)))
  })
  return sequence(...parts)
}

const number = (value: number | bigint, size: number): Buffer =>
  Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex')

function signedBy(sct: Sct, leaf: Certificate, issuer: Certificate): Buffer {
  const tbs = precertificate(leaf)
  return Buffer.concat([
    Buffer.from([0, 0]),
    number(sct.time, 8),
    Buffer.from([0, 1]),
    createHash('sha256').update(issuer.key.spki).digest(),
    number(tbs.length, 3),
    tbs,
    number(sct.extensions.length, 2),
    sct.extensions,
  ])
}

// SHA-256 (4) with ECDSA (3) or RSA (1): the pairs that RFC 6962, 2.1.4 allows.
function says(sct: Sct, log: TrustedLog): boolean {
  return sct.hash === 4 && sct.algorithm === (log.key.kind.startsWith('rsa') ? 1 : 3)
}

/** How far the clocks of a certificate log and of whoever dates a signature may lie apart, in milliseconds. */
const clocksDiffer = 60_000

/**
 * Checks the certificate timestamps of known logs; those of unknown logs are passed over. One that is later than the
 * signature says nothing of the certificate that was used then, and is passed over too.
 *
 * @param signed when the signature was there, in milliseconds
 * @throws Refusal `sct.form`, `sct.bad`
 */
export function checkScts(
  leaf: Certificate,
  issuer: Certificate,
  logs: readonly TrustedLog[],
  signed: number,
): ProvenSct[] {
  let scts: Sct[]
  try {
    scts = readScts(leaf)
  } catch (error) {
    if (error instanceof DerError)
      throw new Refusal('sct.form', 'a list of certificate timestamps', error.message)
    throw error
  }
  return scts.flatMap((sct) => {
    const known = logs.filter((log) => log.id.equals(sct.logId))
    const time = Number(sct.time)
    const log = known.find((one) => within(time, one.window))
    if (log === undefined || time > signed + clocksDiffer) return []
    if (
      !says(sct, log) ||
      !verifiesMessage(log.key, log.scheme, signedBy(sct, leaf, issuer), sct.signature)
    ) {
      throw new Refusal(
        'sct.bad',
        `a certificate timestamp by ${log.baseUrl}`,
        'one that its key did not make',
      )
    }
    return [{ log, time }]
  })
}
