import { Failure, causeOf } from '../platform/failure.ts'
import { textOf } from '../platform/text-forms.ts'
import type { Keyring } from './look-trust.ts'

const armored = /-----BEGIN PGP (PUBLIC|PRIVATE) KEY BLOCK-----/
// A packet with a key first of all, of either format (RFC 9580, 4.2 and 5.5).
const packets: ReadonlySet<number> = new Set([0x94, 0x95, 0x98, 0x99, 0xc5, 0xc6])

/** Whether a file of keys is one of OpenPGP, by what it begins with. */
export function isKeyring(bytes: Buffer): boolean {
  return packets.has(bytes[0] ?? 0) || armored.test(textOf(bytes) ?? '')
}

/**
 * The public keys of OpenPGP in a file, binary or as text.
 *
 * @throws Failure `key-unreadable`
 */
export async function readKeyring(bytes: Buffer): Promise<Keyring> {
  const refuse = (found: string, cause?: unknown): Failure =>
    new Failure('key-unreadable', { expected: 'a keyring of OpenPGP with public keys', found }, cause)
  const { readKeys } = await import('openpgp')
  const text = packets.has(bytes[0] ?? 0) ? null : textOf(bytes)
  const read =
    text === null ? readKeys({ binaryKeys: new Uint8Array(bytes) }) : readKeys({ armoredKeys: text })
  const keys = await read.catch((error: unknown) => {
    throw refuse(causeOf(error), error)
  })
  if (keys.some((one) => one.isPrivate())) throw refuse('a private key, which nobody else should have')
  if (keys.length === 0) throw refuse('no key')
  return { keys: keys.map((one) => one.toPublic()) }
}
