import { z } from 'zod'
import { isDigest, type Digest } from '../../../shared/digest.ts'
import { zBase64 } from '../../../shared/schema.ts'
import type { Signatures } from '../../landing/seal.ts'
import { canonical, parseCanonical } from '../../platform/json.ts'
import type { Desk } from '../desk.ts'

/*
 * Signatures of seals, kept so that sealing again makes the same seals, and so that one person can sign after the other.
 * Nothing is believed of the file: each signature is verified before it is used, and what does not verify is made anew.
 */

const zFile = z.strictObject({
  format: z.literal('sallyport.seals/v1'),
  signatures: z.record(z.string(), zBase64),
})

const fileOf = (fingerprint: string): string => `seals-${fingerprint.slice(0, 32)}.json`

/** What lies there by this key; nothing where it is missing or in no form of ours. */
export async function readSignatures(desk: Desk, id: string, fingerprint: string): Promise<Signatures> {
  const bytes = await desk.readIn(id, fileOf(fingerprint)).catch(() => null)
  if (bytes === null) return new Map()
  try {
    const { signatures } = zFile.parse(parseCanonical(bytes))
    return new Map(
      Object.entries(signatures).flatMap(([digest, text]): [Digest, Buffer][] =>
        isDigest(digest) ? [[digest, Buffer.from(text, 'base64')]] : [],
      ),
    )
  } catch {
    return new Map()
  }
}

/** Keeps what a key signed. */
export async function writeSignatures(
  desk: Desk,
  id: string,
  fingerprint: string,
  kept: Signatures,
): Promise<void> {
  const signatures = Object.fromEntries([...kept].map(([digest, one]) => [digest, one.toString('base64')]))
  await desk.writeIn(id, fileOf(fingerprint), canonical({ format: 'sallyport.seals/v1', signatures }))
}
