import { createHash } from 'node:crypto'
import { ReadableStream } from 'node:stream/web'
import type { CleartextMessage, PublicKey, Signature, VerifyMessageResult } from 'openpgp'
import type { EvidenceSummary } from '../../shared/evidence.ts'
import { ArchiveProblem } from '../archive/problem.ts'
import type { Tree } from '../archive/tree.ts'
import { openPgp } from '../oci/file-evidence.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import { textOf } from '../platform/text-forms.ts'
import { isOpenPgp } from '../sigstore/bare/forms.ts'
import type { ContainerSignature } from '../source/foreign/contents.ts'
import { sumsIn } from './chart-provenance.ts'
import type { LookTrust } from './look-trust.ts'

/*
 * OpenPGP is judged by a library, which nobody but this file and its neighbour for keys loads, and only where there is
 * something of OpenPGP. Which algorithms and keys count is its policy.
 */

const armorLine = '-----BEGIN PGP SIGNATURE-----'

const library = () => import('openpgp')

/** Whether a signature is one of OpenPGP's, by its name or by what it is. */
export function isOpenPgpSignature({ type, bytes, over }: ContainerSignature): boolean {
  if (openPgp.some((one) => one === type)) return true
  return over === null && (isOpenPgp(bytes) || textOf(bytes)?.includes(armorLine) === true)
}

/** The bytes of a whole as the library takes them: as fast as it asks, and held against the digest of the first reading. */
function streamOf(tree: Tree): ReadableStream<Uint8Array> {
  const hash = createHash('sha256')
  const bytes = tree.whole()[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(control) {
      const next = await bytes.next()
      if (next.done !== true) {
        hash.update(next.value)
        control.enqueue(next.value)
        return
      }
      const found = `sha256:${hash.digest('hex')}`
      if (found !== tree.digest) {
        const expected = tree.digest ?? 'one file'
        throw new ArchiveProblem('changing', { subject: tree.name, expected, found })
      }
      control.close()
    },
    async cancel() {
      await bytes.return?.()
    },
  })
}

/** A text with a signature around it; `null` for what is none. */
async function cleartextOf(bytes: Buffer): Promise<CleartextMessage | null> {
  const text = textOf(bytes)
  if (text === null || bytes.length > limits.bareSignatureBytes) return null
  const { readCleartextMessage } = await library()
  return readCleartextMessage({ cleartextMessage: text }).catch(() => null)
}

async function detachedOf(bytes: Buffer): Promise<Signature | null> {
  if (bytes.length > limits.bareSignatureBytes) return null
  const { readSignature } = await library()
  const text = textOf(bytes)
  const isArmored = text?.includes(armorLine) === true
  const read = isArmored
    ? readSignature({ armoredSignature: text })
    : readSignature({ binarySignature: new Uint8Array(bytes) })
  return read.catch(() => null)
}

/** By whose keys, and at which time: the desk's own, never that of the system. */
interface By {
  readonly keys: readonly PublicKey[]
  readonly now: Date
}

const asked = ({ keys, now }: By): { verificationKeys: PublicKey[]; date: Date } => ({
  verificationKeys: [...keys],
  date: now,
})

/** What the library said of one signature: it throws what is wrong with it. */
type Answer = VerifyMessageResult['signatures'][number]

async function verifiedText(message: CleartextMessage, by: By): Promise<readonly Answer[]> {
  const { verify } = await library()
  return (await verify({ message, ...asked(by) })).signatures
}

async function verifiedWhole(tree: Tree, signature: Signature, by: By): Promise<readonly Answer[]> {
  const { createMessage, verify } = await library()
  const message = await createMessage({ binary: streamOf(tree) as never })
  const verified = await verify({ message, signature, ...asked(by), format: 'binary' })
  // They are made while the content goes by; what is wrong with one is asked for after that.
  for (const one of verified.signatures) one.verified.catch(() => undefined)
  const reader = (verified.data as unknown as ReadableStream<Uint8Array>).getReader()
  while (!(await reader.read()).done);
  return verified.signatures
}

type About = Pick<EvidenceSummary, 'blob' | 'subject'>

function summary(
  about: About,
  result: EvidenceSummary['result'],
  reason: string | null,
  more: Partial<EvidenceSummary> = {},
): EvidenceSummary {
  const nothing = { type: null, signer: null, times: [], build: null, sbom: null, notChecked: [] }
  return { ...about, kind: 'signature', ...nothing, result, reason, ...more }
}

/** What went wrong, by the words of the library: the wrong signature of a known key, or a key that does not count. */
function failed(about: About, error: unknown): EvidenceSummary {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 300)
  if (/could not find signing key/i.test(message)) return summary(about, 'unknown', 'key.unknown')
  if (/digest did not match|verification failed|invalid signature/i.test(message)) {
    return summary(about, 'bad', 'signature.bad')
  }
  return summary(about, 'unknown', 'key.unknown', { notChecked: [`The key does not count: ${message}.`] })
}

/** What is not proven by a signature that is right. */
async function reservations(key: PublicKey, created: Date | null, now: Date): Promise<string[]> {
  const at = created?.toISOString() ?? 'an unknown time'
  const found = [`When it was signed is the signer’s own word (${at}): no authority states it.`]
  const expires = await key.getExpirationTime()
  if (expires instanceof Date && expires <= now) {
    const day = expires.toISOString()
    found.push(
      `The key expired at ${day}: the signature counts because it says that it was made before that.`,
    )
  }
  return found
}

async function judged(about: About, answer: Answer, { keys, now }: By): Promise<EvidenceSummary> {
  try {
    await answer.verified
    const { packets } = await answer.signature
    const key = keys.find((one) => one.getKeys(answer.keyID).length > 0)
    if (key === undefined) return summary(about, 'unknown', 'key.unknown')
    const [user = ''] = key.getUserIDs()
    return summary(about, 'proven', null, {
      signer: `OpenPGP key ${key.getFingerprint().toUpperCase()} (${user.slice(0, 200)})`,
      notChecked: await reservations(key, packets[0]?.created ?? null, now),
    })
  } catch (error) {
    return failed(about, error)
  }
}

/**
 * Judges a signature of OpenPGP: one over the whole, which is read again for it, or one around the sums of a chart.
 *
 * @throws ArchiveProblem `changing`; Failure
 */
export async function openPgpSummaries(
  { bytes, type }: ContainerSignature,
  tree: Tree,
  { keyrings, now }: Pick<LookTrust, 'keyrings' | 'now'>,
): Promise<EvidenceSummary[]> {
  const about = { blob: digestOf(bytes), subject: tree.digest ?? '' }
  const by = { keys: keyrings.flatMap((one) => one.keys), now }
  const text = type === openPgp[1] ? await cleartextOf(bytes) : null
  const detached = type === openPgp[1] ? null : await detachedOf(bytes)
  if (text === null && detached === null) return [summary(about, 'unknown', 'signature.form')]
  // Without keys there is nothing to read the whole again for.
  if (by.keys.length === 0) return [summary(about, 'unknown', 'key.unknown')]
  const answers =
    text === null
      ? detached === null
        ? []
        : await verifiedWhole(tree, detached, by)
      : await verifiedText(text, by)
  const found = await Promise.all(
    answers.slice(0, limits.signatureLines).map((one) => judged(about, one, by)),
  )
  if (text === null) return found.length === 0 ? [summary(about, 'unknown', 'signature.form')] : found
  const sums = sumsIn(text.getText())
  const isOver = sums !== null && [...sums.values()].includes(tree.digest ?? '')
  return isOver ? found : found.map((one) => other(one))
}

/** A signature that is right, over the sums of something else. */
function other(one: EvidenceSummary): EvidenceSummary {
  return one.result === 'proven' ? summary(one, 'bad', 'statement.other-subject') : one
}

/**
 * Judges a text with signatures of OpenPGP around it.
 *
 * @returns `text` is `null` for what is none
 */
export async function signedText(
  bytes: Buffer,
  { keyrings, now }: Pick<LookTrust, 'keyrings' | 'now'>,
): Promise<{ readonly text: string | null; readonly found: readonly EvidenceSummary[] }> {
  const message = await cleartextOf(bytes)
  if (message === null) return { text: null, found: [] }
  const by = { keys: keyrings.flatMap((one) => one.keys), now }
  const about = { blob: digestOf(bytes), subject: digestOf(bytes) }
  const answers = (await verifiedText(message, by)).slice(0, limits.signatureLines)
  const found = await Promise.all(answers.map((one) => judged(about, one, by)))
  return { text: message.getText(), found }
}

/** The signed text of a chart's provenance; `null` for what is none. */
export async function provenanceText(bytes: Buffer): Promise<string | null> {
  return (await cleartextOf(bytes))?.getText() ?? null
}
