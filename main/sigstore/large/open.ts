import { createHash } from 'node:crypto'
import type { Digest } from '../../../shared/digest.ts'
import type { Through } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import type { Bundle } from '../bundle-file.ts'
import { readBody } from '../log/body.ts'
import { signedHead } from '../pae.ts'
import { Refusal } from '../refusal.ts'
import { StatementStream } from '../subject.ts'
import { hashesOf, type HashName, type VerifierKey } from '../verifier-key.ts'
import { Base64Stream } from './base64-stream.ts'
import { LargePayload, plainChecks, type DigestOf } from './payload.ts'
import { damaged, refusalIn, type SetAside, type Sizes } from './set-aside.ts'

/** That a document is too large for how it is made. */
export function tooLarge(size: number): Refusal {
  const { sigstoreBundleBytes: whole, largeBundleBytes: streamed } = limits
  const expected = `at most ${whole} bytes, or ${streamed} where one payload is most of it`
  return new Refusal('bundle.too-large', expected, `${size} bytes`)
}

// What log entries and keys will ask for: an entry that cannot be read asks for nothing, and is refused later.
function digestsAsked({ entries }: Bundle, keys: readonly VerifierKey[]): Set<string> {
  const asked = new Set<string>(keys.flatMap(({ kind }) => hashesOf(kind)).map((name) => `message ${name}`))
  for (const { body, kind, version } of entries) {
    try {
      for (const { of, name } of readBody(body, kind, version).digest) asked.add(`${of} ${name}`)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
  return asked
}

/** A bundle with its payload, and digests of the document around it, where a log entry of the bundle asks for them. */
export interface Opened {
  readonly bundle: Bundle
  readonly rawDigest: (name: HashName) => Buffer
}

/**
 * Reads a document a second time and gives the bundle its payload: hashed for everything that will be asked, and held
 * only where it is small.
 *
 * @param bundle what the rest came to, with the stand-in for a payload
 * @param keys who may have signed it, where no certificate says so
 * @throws Refusal `bundle.too-large` where the long text is no payload, `bundle.base64`
 * @throws Failure `content-damaged` where it is not what it was the first time
 */
export async function withPayload(
  through: Through,
  aside: SetAside,
  bundle: Bundle,
  keys: readonly VerifierKey[],
  sizes: Sizes,
): Promise<Opened> {
  const { content, signer } = bundle
  if (content.kind !== 'envelope' || !isStandIn(content.payload, aside)) throw tooLarge(aside.size)
  const signers = signer.kind === 'certificate' ? [signer.leaf.key] : keys
  const length = Math.floor((aside.end - aside.start) / 4) * 3 - Math.min(aside.padding, 2)
  const plain = plainChecks(signers, content.signature)
  const sinks = [...digestsAsked(bundle, signers)].map((asked) => {
    const [of, name] = asked.split(' ') as [DigestOf, HashName]
    return { asked, of, hash: createHash(name) }
  })
  const of = (what: DigestOf): (typeof sinks)[number]['hash'][] =>
    sinks.filter((sink) => sink.of === what).map(({ hash }) => hash)
  const whole = createHash('sha256')
  const documents = [whole, ...of('raw-envelope')]
  const messages = [...of('message'), ...[...plain.values()].map(({ hash }) => hash)]
  const payloads = [...messages, ...of('payload')]
  const head = signedHead(content.payloadType, length)
  for (const hash of messages) hash.update(head)
  const held = length <= sizes.held ? Buffer.allocUnsafeSlow(length) : null
  const base64 = new Base64Stream()
  const statement = new StatementStream()
  let filled = 0
  const take = (part: Buffer): void => {
    const bytes = base64.write(part)
    if (held !== null) filled += bytes.copy(held, filled)
    else statement.write(bytes)
    for (const hash of payloads) hash.update(bytes)
  }
  let at = 0
  const wrong: { first: Refusal | null } = { first: null }
  await through((piece) => {
    for (const hash of documents) hash.update(piece)
    const [from, to] = [aside.start, aside.end].map((one) => Math.min(Math.max(one - at, 0), piece.length))
    at += piece.length
    wrong.first ??= refusalIn(() => take(piece.subarray(from, to)))
  })
  const found: Digest = `sha256:${whole.digest('hex')}`
  if (found !== aside.digest) throw damaged(aside.digest, found)
  wrong.first ??= refusalIn(() => base64.end())
  if (wrong.first !== null) throw wrong.first
  const payload = new LargePayload({
    length,
    digests: new Map(sinks.map(({ asked, hash }) => [asked, hash.digest()])),
    signers: new Set([...plain].filter(([, { fits }]) => fits()).map(([fingerprint]) => fingerprint)),
    statement: statement.end(),
  })
  const withIt = { ...bundle, content: { ...content, payload: held ?? payload } }
  return { bundle: withIt, rawDigest: (name) => payload.digest('raw-envelope', name) }
}

function isStandIn(payload: Buffer | LargePayload, { standIn }: SetAside): boolean {
  return payload instanceof Buffer && payload.equals(standIn)
}
