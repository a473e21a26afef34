import { z } from 'zod'
import type { Digest } from '../../shared/digest.ts'
import { zDigest, zHex64, zText, zTime } from '../../shared/schema.ts'
import { canonical, parseCanonical, parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import type { Signer } from '../sign/signer.ts'
import { isStandardForm } from '../sigstore/ecdsa.ts'
import { preAuthEncoding } from '../sigstore/pae.ts'
import { verifies, type PublicKey } from '../sigstore/public-key.ts'

/** The payload type of a list in its envelope (DSSE v1). */
export const listType = 'application/vnd.sallyport.admitted.v1+json'

const zList = z.strictObject({
  format: z.literal('sallyport.admitted/v1'),
  /** The desk whose site it is of. */
  site: zHex64,
  name: zText,
  /** Rises with each list of this site. */
  sequence: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  made: zTime,
  expires: zTime,
  digests: z.array(zDigest).max(limits.listedDigests),
})
/** What a site admits: every digest that it accepted and still stands by, sorted, each once. */
export type AdmitList = z.infer<typeof zList>

const zEnvelope = z.strictObject({
  payloadType: z.literal(listType),
  payload: z.string(),
  signatures: z.array(z.strictObject({ keyid: zHex64, sig: z.string() })).length(1),
})

/** Why a file is no list by this key. */
export class ListError extends Error {}

/** A list as one signed file. */
export async function signList(signer: Signer, list: AdmitList): Promise<Buffer> {
  const payload = canonical(zList.parse(list))
  const signature = await signer.sign(preAuthEncoding(listType, payload))
  return Buffer.from(
    JSON.stringify({
      payload: payload.toString('base64'),
      payloadType: listType,
      signatures: [{ keyid: signer.key.fingerprint, sig: signature.toString('base64') }],
    }),
  )
}

function decoded(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw new ListError(`${what} is not standard base64`)
  return bytes
}

function envelopeIn(bytes: Buffer): z.output<typeof zEnvelope> {
  try {
    return zEnvelope.parse(parseStrict(bytes, 1000))
  } catch {
    throw new ListError('it is no signed list')
  }
}

/**
 * The list in a file, once its signature by this key is found right; nothing in it is looked at before.
 *
 * @throws ListError
 */
export function readList(bytes: Buffer, key: PublicKey): AdmitList {
  const { payload: text, signatures } = envelopeIn(bytes)
  const payload = decoded(text, 'its payload')
  const signature = decoded(signatures[0]?.sig ?? '', 'its signature')
  if (signatures[0]?.keyid !== key.fingerprint) throw new ListError('it is signed by another key')
  const right =
    isStandardForm(key.algorithm, signature) && verifies(key, preAuthEncoding(listType, payload), signature)
  if (!right) throw new ListError('its signature does not fit')
  const parsed = zList.safeParse(payloadIn(payload))
  if (!parsed.success) throw new ListError('it does not say what a list says')
  return parsed.data
}

function payloadIn(payload: Buffer): unknown {
  try {
    return parseCanonical(payload)
  } catch {
    throw new ListError('its content is not canonical JSON')
  }
}

/** The digests of a list: sorted, each once. */
export const listed = (digests: Iterable<Digest>): Digest[] => [...new Set(digests)].sort()
