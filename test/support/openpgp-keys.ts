import {
  createCleartextMessage,
  createMessage,
  enums,
  generateKey,
  reformatKey,
  revokeKey,
  sign,
  type PrivateKey,
  type PublicKey,
} from 'openpgp'
import { placed } from './foreign-packages.ts'

/* Keys of OpenPGP, and what they sign, as people and Helm make them. */

export interface Pair {
  readonly privateKey: PrivateKey
  readonly publicKey: PublicKey
}

const userIDs = [{ name: 'Maker', email: 'maker@example.test' }]
const day = 86_400

/** A key pair of somebody. @param days after which it expires; 0: never */
export function pgpPair(days = 0, date = new Date('2026-11-01T00:00:00Z')): Promise<Pair> {
  const curve = { type: 'ecc', curve: 'ed25519Legacy' } as const
  return generateKey({ ...curve, userIDs, date, keyExpirationTime: days * day, format: 'object' })
}

/** The same key, which says that it expires earlier. */
export function expiringPair({ privateKey }: Pair, days: number, date: Date): Promise<Pair> {
  return reformatKey({ privateKey, userIDs, date, keyExpirationTime: days * day, format: 'object' })
}

/** The same key, which its holder revoked. */
export function revokedPair({ privateKey }: Pair, date: Date): Promise<Pair> {
  const reasonForRevocation = { flag: enums.reasonForRevocation.keyCompromised, string: 'lost' }
  return revokeKey({ key: privateKey, reasonForRevocation, date, format: 'object' })
}

/** A file with the public key, as text or as bytes. */
export function keyringFile({ publicKey }: Pick<Pair, 'publicKey'>, armored = false): string {
  return placed('ring.gpg', armored ? publicKey.armor() : Buffer.from(publicKey.write()))
}

/** A text with a signature around it. */
export async function signedText({ privateKey }: Pair, text: string, date: Date): Promise<string> {
  return sign({ message: await createCleartextMessage({ text }), signingKeys: privateKey, date })
}

/** A signature beside a file, as text or as bytes. */
export async function detached(
  { privateKey }: Pair,
  content: Buffer,
  date: Date,
  armored: boolean,
): Promise<Buffer> {
  const message = await createMessage({ binary: new Uint8Array(content) })
  const by = { message, signingKeys: privateKey, detached: true, date }
  const made: unknown = armored ? await sign(by) : await sign({ ...by, format: 'binary' })
  return Buffer.from(made as string)
}
