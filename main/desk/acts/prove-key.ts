import type { KeyBy } from '../../../shared/calls/call.ts'
import { causeOf, Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { openKey } from '../../sign/key-file.ts'
import type { Signer } from '../../sign/signer.ts'
import { KeyError, readPublicKeyFile, type PublicKey } from '../../sigstore/public-key.ts'
import { wordsOf } from '../../trust/fingerprint.ts'
import type { Desk } from '../desk.ts'
import type { Person } from '../state/entries.ts'
import type { Context } from '../work/context.ts'

/**
 * The public key in a file.
 *
 * @throws Failure `key-unreadable`
 */
export async function readPublicKey(context: Context, place: string): Promise<PublicKey> {
  const bytes = await readCapped(context.places.path(place, 'key'), limits.keyFileBytes)
  try {
    return readPublicKeyFile(bytes)
  } catch (error) {
    const expected =
      'the public key (FILE.pub) of an ECDSA P-256, P-384 or P-521, RSA 3072 or 4096, or Ed25519 key'
    throw new Failure('key-unreadable', {
      expected,
      found: error instanceof KeyError ? error.message : causeOf(error),
    })
  }
}

/**
 * What signs, wherever the private key is kept.
 *
 * @throws Failure `key-locked`, `key-unreadable`, `file-unreadable`
 */
export async function openBy(context: Context, by: KeyBy): Promise<Signer> {
  const pem = await readCapped(context.places.path(by.file, 'key'), limits.keyFileBytes)
  return openKey(pem.toString('utf8'), by.passphrase)
}

// Enough to tell two keys apart; the facts have both fingerprints whole.
const firstWords = (fingerprint: string): string => wordsOf(fingerprint).slice(0, 4).join(' ')

function whose({ state }: Desk, fingerprint: string): string {
  const one = [...state.people, ...state.trust].find((other) => other.fingerprint === fingerprint)
  const gone = state.revoked.get(fingerprint)
  if (one !== undefined) return `the key of ${one.name}`
  return gone === undefined ? 'a key that nobody has at this desk' : `a revoked key of ${gone.name}`
}

/**
 * Opens a person's key for one act and holds it against the record. The key is gone when the act is done.
 *
 * @throws Failure `person-unknown`, `key-locked`, `key-unreadable`, `key-not-this-person`
 */
export async function proveKey(
  context: Context,
  desk: Desk,
  input: { readonly person: string; readonly by: KeyBy },
): Promise<{ readonly person: Person; readonly signer: Signer }> {
  const person = desk.person(input.person)
  const signer = await openBy(context, input.by)
  const found = signer.key.fingerprint
  if (found !== person.fingerprint) {
    const expected = person.fingerprint
    const owner = whose(desk, found)
    throw new Failure('key-not-this-person', {
      person: person.name,
      owner,
      expected,
      expectedWords: firstWords(expected),
      found,
      foundWords: firstWords(found),
    })
  }
  context.tell('proved', { person: person.id, name: person.name, roles: [...person.roles] })
  return { person, signer }
}
