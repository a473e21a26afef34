import { verifies, type PublicKey } from '../sigstore/public-key.ts'
import type { Head } from './merkle.ts'

/** What signs a ledger's heads: the station. */
export interface HeadSigner {
  readonly key: PublicKey
  sign(data: Uint8Array): Promise<Buffer>
}

/** The origin line of a desk's ledger. */
export function originOf(desk: string): string {
  return `sallyport.ledger/${desk}`
}

// Rekor's convention for ECDSA keys: the first four bytes of the SHA-256 of the SPKI DER.
function keyHash(key: PublicKey): Buffer {
  return Buffer.from(key.fingerprint.slice(0, 8), 'hex')
}

const bodyOf = (desk: string, head: Head): string =>
  `${originOf(desk)}\n${head.size}\n${head.root.toString('base64')}\n`

/** A head as a C2SP checkpoint, signed by the station. */
export async function signCheckpoint(desk: string, head: Head, signer: HeadSigner): Promise<string> {
  const body = bodyOf(desk, head)
  const signature = Buffer.concat([keyHash(signer.key), await signer.sign(Buffer.from(body, 'utf8'))])
  return `${body}\n— ${originOf(desk)} ${signature.toString('base64')}\n`
}

const form = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n\n— ([^ \n]+) ([A-Za-z0-9+/=]+)\n$/

/** The head that a checkpoint states, if it is exactly in our form and signed by this desk's station; else `null`. */
export function readCheckpoint(text: string, desk: string, key: PublicKey): Head | null {
  const match = form.exec(text)
  if (match === null) return null
  const [, origin, size, root, name, signature] = match
  if (origin !== originOf(desk) || name !== origin) return null
  const head = { size: Number(size), root: Buffer.from(root ?? '', 'base64') }
  const signed = Buffer.from(signature ?? '', 'base64')
  if (signed.toString('base64') !== signature || !signed.subarray(0, 4).equals(keyHash(key))) return null
  const body = bodyOf(desk, head)
  if (!text.startsWith(`${body}\n`) || !Number.isSafeInteger(head.size)) return null
  return verifies(key, Buffer.from(body, 'utf8'), signed.subarray(4)) ? head : null
}
