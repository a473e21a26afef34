import { lstat } from 'node:fs/promises'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure, causeOf } from '../../platform/failure.ts'
import { readCapped, writeRecord } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { createKey, openKey } from '../../sign/key-file.ts'
import type { Signer } from '../../sign/signer.ts'
import { KeyError, readPem, type PublicKey } from '../../sigstore/public-key.ts'
import { fingerprintOf } from '../../trust/fingerprint.ts'
import type { Context } from '../work/context.ts'
import type { Desk } from '../desk.ts'
import type { Person } from '../state/entries.ts'

/** `key.create`: FILE (encrypted, 0600) and FILE.pub (PEM SPKI). Neither may exist. */
export async function create(
  context: Context,
  input: CallInput<'key.create'>,
): Promise<CallOutput<'key.create'>> {
  const path = context.places.path(input.place, 'key')
  if (input.passphrase.length < limits.passphraseLeast) {
    throw new Failure('passphrase-weak', { found: input.passphrase.length, expected: limits.passphraseLeast })
  }
  for (const one of [path, `${path}.pub`]) {
    if ((await lstat(one).catch(() => null)) !== null) throw new Failure('file-exists', { path: one })
  }
  const { secret, open, signer } = createKey(input.algorithm, input.passphrase, input.form)
  await writeRecord(path, secret, 0o600)
  await writeRecord(`${path}.pub`, open, 0o644)
  const { fingerprint, algorithm } = signer.key
  return {
    fingerprint: fingerprintOf(fingerprint),
    algorithm,
    public: context.places.register('key', `${path}.pub`),
  }
}

/**
 * The public key in a file.
 *
 * @throws Failure `key-unreadable`
 */
export async function readPublicKey(context: Context, place: string): Promise<PublicKey> {
  const bytes = await readCapped(context.places.path(place, 'key'), limits.keyFileBytes)
  try {
    return readPem(bytes.toString('utf8'))
  } catch (error) {
    const expected =
      'the public key (FILE.pub) of an ECDSA P-256, P-384 or P-521, RSA 3072 or 4096, or Ed25519 key'
    throw new Failure('key-unreadable', {
      expected,
      found: error instanceof KeyError ? error.message : causeOf(error),
    })
  }
}

/** `key.show`. */
export async function show(context: Context, input: CallInput<'key.show'>): Promise<CallOutput<'key.show'>> {
  const { fingerprint, algorithm } = await readPublicKey(context, input.place)
  return { fingerprint: fingerprintOf(fingerprint), algorithm }
}

/**
 * Opens a person's key for one act and holds it against the record. The key is gone when the act is done.
 *
 * @throws Failure `person-unknown`, `key-locked`, `key-unreadable`, `key-not-this-person`
 */
export async function proveKey(
  context: Context,
  desk: Desk,
  input: { readonly person: string; readonly key: string; readonly passphrase: string },
): Promise<{ readonly person: Person; readonly signer: Signer }> {
  const person = desk.person(input.person)
  const pem = await readCapped(context.places.path(input.key, 'key'), limits.keyFileBytes)
  const signer = openKey(pem.toString('utf8'), input.passphrase)
  const found = signer.key.fingerprint
  if (found !== person.fingerprint) {
    throw new Failure('key-not-this-person', { person: person.name, expected: person.fingerprint, found })
  }
  context.tell('proved', { person: person.id, name: person.name, roles: [...person.roles] })
  return { person, signer }
}
