import type { Bundle } from '../sigstore/bundle-file.ts'
import { Refusal } from '../sigstore/refusal.ts'
import type { Readable } from './readable.ts'

/** A signature of 8,192 bits, in base64, with line ends. */
const most = 2048

/**
 * A bare signature that lies beside a file, as its bytes or in base64 (`.sig`, `.sig.bin`). Nothing in it says by whom or
 * how: each known key is tried.
 *
 * @throws Refusal `bundle.too-large`, `bundle.shape` for what is empty
 */
export function bareSignature(bytes: Buffer): Readable {
  if (bytes.length > most)
    throw new Refusal('bundle.too-large', `at most ${most} bytes`, `${bytes.length} bytes`)
  const text = bytes.toString('latin1').replace(/\s+/g, '')
  const decoded = Buffer.from(text, 'base64')
  const signature = decoded.length > 0 && decoded.toString('base64') === text ? decoded : bytes
  if (signature.length === 0) throw new Refusal('bundle.shape', 'a signature', 'nothing')
  const bundle: Bundle = {
    mediaType: 'signature',
    version: '0.3',
    signer: { kind: 'key', hint: '' },
    entries: [],
    timestamps: [],
    content: { kind: 'message', digest: null, signature },
  }
  return { bundle, simple: null, rawEnvelope: null, json: () => null }
}
