import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { isFreeText, isName } from '../../../shared/names.ts'
import type { Role } from '../../../shared/schema.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import { parsePolicy } from '../../policy/parse.ts'
import { compareTyped } from '../../trust/fingerprint.ts'
import { trustDigest } from '../../trust/signers.ts'
import { writeCaches } from '../caches.ts'
import { writable, type Context } from '../context.ts'
import { personView, signerView } from '../views.ts'
import { readPublicKey } from './key.ts'

function badInput(found: string, expected: string): Failure {
  return new Failure('bad-input', { found, expected })
}

const nameForm = 'letters, digits and . _ / @ : + - (at most 200)'
const textForm = 'visible text of at most 500 characters'

// Every pair is allowed for one person but these (the built-in policy).
function excludedPair(roles: readonly Role[]): [Role, Role] | null {
  if (roles.includes('requester') && roles.includes('release-authority'))
    return ['requester', 'release-authority']
  const other = roles.find((role) => role !== 'auditor')
  return roles.includes('auditor') && other !== undefined ? ['auditor', other] : null
}

/** `person.add`. */
export async function addPerson(
  context: Context,
  input: CallInput<'person.add'>,
): Promise<CallOutput<'person.add'>> {
  const desk = writable(context)
  const { id, name } = input
  if (!isName(id)) throw badInput('the id', nameForm)
  if (!isFreeText(name)) throw badInput('the name', textForm)
  const roles = [...new Set(input.roles)].sort()
  const pair = excludedPair(roles)
  if (pair !== null) throw new Failure('roles-exclude', { person: name, first: pair[0], second: pair[1] })
  const { algorithm, fingerprint, spki } = await readPublicKey(context, input.key)
  if (desk.state.people.some((one) => one.id === id || one.fingerprint === fingerprint)) {
    throw new Failure('person-exists', { person: id })
  }
  const person = { id, name, roles, fingerprint, key: spki.toString('base64'), algorithm }
  await desk.record('person.added', { person })
  await writeCaches(desk.folder, desk.state)
  return personView(person)
}

/** `trust.add`: only with the whole fingerprint, typed from paper. */
export async function addTrust(
  context: Context,
  input: CallInput<'trust.add'>,
): Promise<CallOutput<'trust.add'>> {
  const desk = writable(context)
  const { name, sender, channel } = input
  if (!isFreeText(name)) throw badInput('the name', textForm)
  if (channel !== undefined && !isName(channel)) throw badInput('the channel', nameForm)
  const { fingerprint, spki } = await readPublicKey(context, input.key)
  const compared = compareTyped(input.fingerprint, fingerprint)
  if (compared === 'form') throw new Failure('fingerprint-form', { found: input.fingerprint.slice(0, 200) })
  if (compared === 'differs') throw new Failure('fingerprint-differs')
  const known = desk.state.trust.find((one) => one.fingerprint === fingerprint)
  if (known !== undefined) throw new Failure('trust-exists', { found: known.name })
  const signer = {
    name,
    fingerprint,
    key: spki.toString('base64'),
    roles: [...new Set(input.roles)].sort(),
    senders: sender === undefined ? null : [sender],
    channels: channel === undefined ? null : [channel],
  }
  const subjects = [trustDigest([...desk.state.trust, signer])]
  await desk.record('trust.added', { signer }, { subjects })
  await writeCaches(desk.folder, desk.state)
  return signerView(signer)
}

/** A policy file, read strictly: its text and what it says. */
async function readPolicy(context: Context, place: string): Promise<CallOutput<'policy.preview'>> {
  const bytes = await readCapped(context.places.path(place, 'policy'), limits.policyBytes)
  const document = parsePolicy(bytes)
  const source = bytes.toString('utf8')
  if (!Buffer.from(source, 'utf8').equals(bytes)) {
    throw new Failure('policy-form', { line: 1, column: 1, expected: 'UTF-8', found: 'other bytes' })
  }
  return { version: document.version, digest: digestOf(bytes), source, document }
}

/** `policy.preview`. */
export async function previewPolicy(
  context: Context,
  input: CallInput<'policy.preview'>,
): Promise<CallOutput<'policy.preview'>> {
  context.desk()
  return readPolicy(context, input.place)
}

/** `policy.set`: the version must rise. */
export async function setPolicy(
  context: Context,
  input: CallInput<'policy.set'>,
): Promise<CallOutput<'policy.set'>> {
  const desk = writable(context)
  const { version, digest, source } = await readPolicy(context, input.place)
  const current = desk.state.policy.document.version
  if (version <= current) throw new Failure('policy-version', { found: version, expected: current })
  await desk.record('policy.set', { version, digest, source }, { subjects: [digest] })
  await writeCaches(desk.folder, desk.state)
  return { version, digest }
}
