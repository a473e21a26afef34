import { createPublicKey } from 'node:crypto'
import { natural, sequence } from './x509/der-write.ts'
import { readVerifierKey, UnknownKey, type VerifierKey } from './verifier-key.ts'

/** Why bytes are not what SSH writes. */
export class WireError extends Error {}

/** Reads what SSH writes one after the other: numbers of 4 bytes, and strings with their length before them (RFC 4251, 5). */
export class WireReader {
  private readonly bytes: Buffer
  private at = 0
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  number(): number {
    if (this.at + 4 > this.bytes.length) throw new WireError('cut off')
    this.at += 4
    return this.bytes.readUInt32BE(this.at - 4)
  }

  string(): Buffer {
    const length = this.number()
    if (this.at + length > this.bytes.length) throw new WireError('cut off')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** A positive `mpint`, without the zero before it. */
  positive(): Buffer {
    const bytes = this.string()
    const [first = 0x80, second = 0] = bytes
    if (first >= 0x80 || (first === 0 && second < 0x80)) throw new WireError('a number that is not positive')
    return first === 0 ? bytes.subarray(1) : bytes
  }

  end(): void {
    if (this.at < this.bytes.length) throw new WireError('bytes after the end')
  }
}

/** A string as SSH writes it. */
export function wireString(bytes: Uint8Array | string): Buffer {
  const body = Buffer.from(bytes)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

/**
 * A name from a key or a signature, to be said in a sentence or in a command that somebody copies: as it is where it is a
 * name as OpenSSH's are (`git`, `rsa-sha2-256`, `name@domain`), and otherwise said to be none, without its text.
 */
export function nameOf(text: string): string {
  return /^[a-z0-9][\w.@-]{0,63}$/i.test(text) ? text : '(no name)'
}

const curves: Readonly<Record<string, { readonly crv: string; readonly size: number }>> = {
  nistp256: { crv: 'P-256', size: 32 },
  nistp384: { crv: 'P-384', size: 48 },
  nistp521: { crv: 'P-521', size: 66 },
}
const ed25519Head = Buffer.from('302a300506032b6570032100', 'hex')

function spkiOfJwk(jwk: Readonly<Record<string, string>>): Buffer {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' })
  } catch {
    throw new UnknownKey('not a public key')
  }
}

function spkiOf(type: string, wire: WireReader): Buffer {
  if (type === 'ssh-ed25519') {
    const point = wire.string()
    if (point.length !== 32) throw new WireError('not the bytes of a point')
    return Buffer.concat([ed25519Head, point])
  }
  if (type === 'ssh-rsa') {
    const [e, n] = [wire.positive(), wire.positive()]
    return spkiOfJwk({ kty: 'RSA', e: e.toString('base64url'), n: n.toString('base64url') })
  }
  const curve = type.startsWith('ecdsa-sha2-') ? curves[type.slice(11)] : undefined
  if (curve === undefined) {
    const hardware = type.startsWith('sk-') ? ', whose signatures are over more than the file' : ''
    throw new UnknownKey(`an OpenSSH key of the type ${nameOf(type)}${hardware}`)
  }
  const name = wire.string().toString('latin1')
  const point = wire.string()
  if (name !== type.slice(11) || point[0] !== 4 || point.length !== 1 + 2 * curve.size) {
    throw new UnknownKey('not a public key')
  }
  const [x, y] = [point.subarray(1, 1 + curve.size), point.subarray(1 + curve.size)]
  return spkiOfJwk({ kty: 'EC', crv: curve.crv, x: x.toString('base64url'), y: y.toString('base64url') })
}

/**
 * A public key as OpenSSH writes it (RFC 4253, 6.6; RFC 5656, 3.1; RFC 8709, 4), in our one form.
 *
 * @throws UnknownKey
 */
export function readSshKey(blob: Buffer): VerifierKey {
  try {
    const wire = new WireReader(blob)
    const spki = spkiOf(wire.string().toString('latin1'), wire)
    wire.end()
    return readVerifierKey(spki)
  } catch (error) {
    if (error instanceof WireError) throw new UnknownKey(`an OpenSSH key that is not whole: ${error.message}`)
    throw error
  }
}

/** An ECDSA signature as SSH writes it, as DER (RFC 5656, 3.1.2). @throws WireError */
export function derOfSshEcdsa(blob: Buffer): Buffer {
  const wire = new WireReader(blob)
  const parts = [wire.positive(), wire.positive()]
  wire.end()
  return sequence(...parts.map(natural))
}
