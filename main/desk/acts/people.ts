import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { isFreeText, isName } from '../../../shared/names.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import { parsePolicy } from '../../policy/parse.ts'
import { writable, type Context } from '../work/context.ts'
import { personView, signerView } from '../views/people.ts'
import { makeChange } from './change.ts'
import { readPublicKey } from './key.ts'
import { checkTyped } from './typed.ts'

function badInput(found: string, expected: string): Failure {
  return new Failure('bad-input', { found, expected })
}

const nameForm = 'letters, digits and . _ / @ : + - (at most 200)'
const textForm = 'visible text of at most 500 characters'

/** `person.add`. */
export async function addPerson(
  context: Context,
  input: CallInput<'person.add'>,
): Promise<CallOutput<'person.add'>> {
  writable(context)
  const { id, name } = input
  if (!isName(id)) throw badInput('the id', nameForm)
  if (!isFreeText(name)) throw badInput('the name', textForm)
  const roles = [...new Set(input.roles)].sort()
  const { algorithm, fingerprint, spki } = await readPublicKey(context, input.key)
  const person = { id, name, roles, fingerprint, key: spki.toString('base64'), algorithm }
  const { pending } = await makeChange(context, { kind: 'person.add', person }, input.officer)
  return { ...personView(person), pending }
}

/** `person.key`: the person keeps id, name and roles; the key that is replaced is revoked. */
export async function replaceKey(
  context: Context,
  input: CallInput<'person.key'>,
): Promise<CallOutput<'person.key'>> {
  const person = writable(context).person(input.id)
  const { algorithm, fingerprint, spki } = await readPublicKey(context, input.key)
  const key = { fingerprint, key: spki.toString('base64'), algorithm }
  const made = await makeChange(context, { kind: 'person.key', id: person.id, ...key }, input.officer)
  return { ...personView({ ...person, ...key }), ...made }
}

/** `trust.add`: only with the whole fingerprint, typed from paper. */
export async function addTrust(
  context: Context,
  input: CallInput<'trust.add'>,
): Promise<CallOutput<'trust.add'>> {
  writable(context)
  const { name, sender, channel } = input
  if (!isFreeText(name)) throw badInput('the name', textForm)
  if (channel !== undefined && !isName(channel)) throw badInput('the channel', nameForm)
  const { fingerprint, spki } = await readPublicKey(context, input.key)
  checkTyped(input.fingerprint, fingerprint)
  const signer = {
    name,
    fingerprint,
    key: spki.toString('base64'),
    roles: [...new Set(input.roles)].sort(),
    senders: sender === undefined ? null : [sender],
    channels: channel === undefined ? null : [channel],
  }
  const { pending } = await makeChange(context, { kind: 'trust.add', signer }, input.officer)
  return { ...signerView(signer), pending }
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
  writable(context)
  const { version, digest, source } = await readPolicy(context, input.place)
  const change = { kind: 'policy.set' as const, version, digest, source }
  const { pending } = await makeChange(context, change, input.officer)
  return { version, digest, pending }
}
