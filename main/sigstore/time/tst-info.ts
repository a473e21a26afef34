import type { HashName } from '../verifier-key.ts'
import {
  boolean,
  context,
  DerError,
  expectTag,
  inside,
  integer,
  natural,
  oid,
  readDer,
  sequence,
  tags,
  time,
  type Der,
} from '../x509/der.ts'
import { hashOf } from './cms.ts'

/** What a timestamp token states (RFC 3161, 2.4.2). */
export interface Stated {
  readonly hash: HashName
  readonly imprint: Buffer
  /** Milliseconds. */
  readonly time: number
  /** How far the time may be off in each direction, in milliseconds; 0 when nothing is said. */
  readonly accuracy: number
  /** As the request had it; `null` when there was none. */
  readonly nonce: bigint | null
  /** What the authority calls itself, a GeneralName; `null` when it does not. */
  readonly authority: Der | null
}

// accuracy, ordering, nonce, tsa, extensions: each at most once, in this order.
const order = [tags.sequence, tags.boolean, tags.integer, context(0), context(1)].map(Number)

function optionalParts(parts: readonly Der[]): ReadonlyMap<number, Der> {
  const places = parts.map(({ tag }) => order.indexOf(tag))
  if (places.some((place, at) => place <= (places[at - 1] ?? -1)))
    throw new DerError('parts behind the time of another kind, number or order')
  return new Map(parts.map((part) => [part.tag, part]))
}

// Seconds, thousandths and millionths; the last two from 1 to 999, or left out.
function accuracyOf(der: Der | undefined): number {
  if (der === undefined) return 0
  const parts = sequence(der)
  const units = [tags.integer, context(0, false), context(1, false)].map(Number)
  const places = parts.map(({ tag }) => units.indexOf(tag))
  if (places.some((place, at) => place <= (places[at - 1] ?? -1)))
    throw new DerError('an accuracy of another form')
  return parts.reduce((sum, part) => {
    const value = Number(natural({ ...part, tag: tags.integer }))
    if (part.tag === tags.integer) return sum + value * 1000
    if (value < 1 || value > 999) throw new DerError('an accuracy of another form')
    return sum + (part.tag === context(0, false) ? value : value / 1000)
  }, 0)
}

// RFC 3161, 2.4.2: extensions as RFC 5280 has them; whoever does not know a critical one rejects the timestamp.
function checkExtensions(der: Der | undefined): void {
  if (der === undefined) return
  const seen = new Set<string>()
  for (const one of inside(der)) {
    const [name, ...rest] = sequence(one)
    const type = oid(name)
    if (seen.has(type)) throw new DerError(`extension ${type} twice`)
    seen.add(type)
    expectTag(rest.pop(), tags.octetString)
    const [critical, ...more] = rest
    if (more.length > 0) throw new DerError('an extension of another form')
    if (critical === undefined) continue
    if (!boolean(critical)) throw new DerError('a default that is written out')
    throw new DerError(`the critical extension ${type}, which is not understood`)
  }
  if (seen.size === 0) throw new DerError('a list of no extensions')
}

/** Reads a TSTInfo in order and to its end. @throws DerError */
export function readTstInfo(content: Buffer): Stated {
  const [version, policy, imprint, serial, at, ...rest] = sequence(readDer(content))
  if (natural(version) !== 1n) throw new DerError('a timestamp of another version')
  oid(policy)
  const [algorithm, hashed, ...more] = sequence(imprint)
  const hash = hashOf(algorithm)
  const digest = expectTag(hashed, tags.octetString).content
  if (more.length > 0 || digest.length !== Number(hash.slice(3)) / 8)
    throw new DerError('an imprint of another form')
  integer(serial)
  const optional = optionalParts(rest)
  const ordering = optional.get(tags.boolean)
  if (ordering !== undefined && !boolean(ordering)) throw new DerError('a default that is written out')
  checkExtensions(optional.get(context(1)))
  const nonce = optional.get(tags.integer)
  const named = optional.get(context(0))
  const [authority, ...others] = named === undefined ? [] : inside(named)
  if (named !== undefined && (authority === undefined || others.length > 0))
    throw new DerError('an authority of no name, or of two')
  return {
    hash,
    imprint: digest,
    time: time(expectTag(at, tags.generalizedTime)),
    accuracy: accuracyOf(optional.get(tags.sequence)),
    nonce: nonce === undefined ? null : integer(nonce),
    authority: authority ?? null,
  }
}
