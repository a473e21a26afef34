import { lstat } from 'node:fs/promises'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { passphraseLacks } from '../../../shared/rules/passphrase.ts'
import { Failure } from '../../platform/failure.ts'
import { writeRecord } from '../../platform/files.ts'
import { createKey } from '../../sign/key-file.ts'
import { fingerprintOf } from '../../trust/fingerprint.ts'
import type { Context } from '../work/context.ts'
import { readPublicKey } from './prove-key.ts'

/** `key.create`: FILE (encrypted, 0600) and FILE.pub (PEM SPKI). Neither may exist. */
export async function create(
  context: Context,
  input: CallInput<'key.create'>,
): Promise<CallOutput<'key.create'>> {
  const path = context.places.path(input.place, 'key')
  const lacks = passphraseLacks(input.passphrase)
  if (lacks !== null) throw new Failure('passphrase-weak', { expected: lacks })
  for (const one of [path, `${path}.pub`]) {
    if ((await lstat(one).catch(() => null)) !== null) throw new Failure('file-exists', { path: one })
  }
  const { secret, open, signer } = await createKey(input.algorithm, input.passphrase, input.form)
  await writeRecord(path, secret, 0o600)
  await writeRecord(`${path}.pub`, open, 0o644)
  const { fingerprint, algorithm } = signer.key
  return {
    fingerprint: fingerprintOf(fingerprint),
    algorithm,
    public: context.places.register('key', `${path}.pub`),
  }
}

/** `key.show`. */
export async function show(context: Context, input: CallInput<'key.show'>): Promise<CallOutput<'key.show'>> {
  const { fingerprint, algorithm } = await readPublicKey(context, input.place)
  return { fingerprint: fingerprintOf(fingerprint), algorithm }
}
