import { lstat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { passphraseLacks } from '../../../shared/rules/passphrase.ts'
import { Failure } from '../../platform/failure.ts'
import { writeRecord } from '../../platform/files.ts'
import { pemOf } from '../../sigstore/public-key.ts'
import { fingerprintOf } from '../../trust/fingerprint.ts'
import { landingKeyOf, makeLandingKey, settleLandingKeys } from '../disk/landing-keys.ts'
import { checkOutside } from '../disk/outside.ts'
import { checkOfficer } from '../state/changes.ts'
import { writable, type Context } from '../work/context.ts'
import { makeChange } from './make-change.ts'

// On a sealed desk whoever reads the folder could seal for the whole far side: without a passphrase only by two officers’ word.
function passphraseFor(
  founding: boolean,
  { passphrase, unlocked }: CallInput<'landing.create'>,
): string | null {
  if (passphrase === undefined) {
    if (!founding && unlocked !== true)
      throw new Failure('landing-locked', {
        found: 'none was given',
        expected: 'one for the new key, or that it shall have none',
      })
    return null
  }
  if (unlocked === true)
    throw new Failure('landing-locked', {
      found: 'one was given, and that there shall be none',
      expected: 'one of the two',
    })
  const lacks = passphraseLacks(passphrase)
  if (lacks !== null) throw new Failure('passphrase-weak', { expected: lacks })
  return passphrase
}

/** `landing.create`: a key pair in the desk's folder; the change that puts it in force is the officers'. */
export async function create(
  context: Context,
  input: CallInput<'landing.create'>,
): Promise<CallOutput<'landing.create'>> {
  const desk = writable(context)
  desk.need('high')
  const { state } = desk
  const passphrase = passphraseFor(state.founding, input)
  // Before a key is made for nothing.
  if (!state.founding) {
    if (input.officer === undefined) throw new Failure('officers-needed')
    const officer = desk.person(input.officer.person)
    const asked = { kind: 'landing.key', fingerprint: '', key: '', locked: passphrase !== null } as const
    checkOfficer(state, officer, asked, null)
  }
  const { key } = await makeLandingKey(desk, passphrase)
  const locked = passphrase !== null
  const change = {
    kind: 'landing.key',
    fingerprint: key.fingerprint,
    key: key.spki.toString('base64'),
    locked,
  } as const
  try {
    const { pending } = await makeChange(context, change, input.officer)
    return { fingerprint: fingerprintOf(key.fingerprint), locked, pending }
  } finally {
    await settleLandingKeys(desk)
  }
}

/** `landing.show`. */
export async function show(context: Context): Promise<CallOutput<'landing.show'>> {
  const { state } = context.desk()
  const { landing, listed, policy } = state
  const key =
    landing === null
      ? null
      : {
          fingerprint: fingerprintOf(landing.fingerprint),
          locked: landing.locked,
          at: landing.at,
          by: [...landing.by],
        }
  return { key, signers: policy.document.landing.signers, listed }
}

/** `landing.save`: the public half alone. */
export async function save(
  context: Context,
  input: CallInput<'landing.save'>,
): Promise<CallOutput<'landing.save'>> {
  const desk = context.desk()
  const { key } = landingKeyOf(desk)
  const path = context.places.path(input.place, 'landing')
  await checkOutside(desk, path)
  if ((await lstat(path).catch(() => null)) !== null) throw new Failure('file-exists', { path })
  await writeRecord(path, pemOf(Buffer.from(key, 'base64')), 0o644)
  return { file: basename(path) }
}
