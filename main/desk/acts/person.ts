import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { personView } from '../views/people.ts'
import { writable, type Context } from '../work/context.ts'
import { checkName, checkText } from './input.ts'
import { makeChange } from './make-change.ts'
import { readPublicKey } from './prove-key.ts'

/** `person.add`. */
export async function add(
  context: Context,
  input: CallInput<'person.add'>,
): Promise<CallOutput<'person.add'>> {
  writable(context)
  const { id, name } = input
  checkName('the id', id)
  checkText('the name', name)
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
