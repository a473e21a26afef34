import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import { parseNewPolicy } from '../../policy/parse.ts'
import { writable, type Context } from '../work/context.ts'
import { makeChange } from './make-change.ts'

/** A policy file, read strictly: its text and what it says. */
async function readPolicy(context: Context, place: string): Promise<CallOutput<'policy.preview'>> {
  const bytes = await readCapped(context.places.path(place, 'policy'), limits.policyBytes)
  const document = parseNewPolicy(bytes)
  const source = bytes.toString('utf8')
  if (!Buffer.from(source, 'utf8').equals(bytes)) {
    throw new Failure('policy-form', { line: 1, column: 1, expected: 'UTF-8', found: 'other bytes' })
  }
  return { version: document.version, digest: digestOf(bytes), source, document }
}

/** `policy.preview`. */
export async function preview(
  context: Context,
  input: CallInput<'policy.preview'>,
): Promise<CallOutput<'policy.preview'>> {
  context.desk()
  return readPolicy(context, input.place)
}

/** `policy.set`: the version must rise. */
export async function set(
  context: Context,
  input: CallInput<'policy.set'>,
): Promise<CallOutput<'policy.set'>> {
  writable(context)
  const { version, digest, source } = await readPolicy(context, input.place)
  const change = { kind: 'policy.set' as const, version, digest, source }
  const { pending } = await makeChange(context, change, input.officer)
  return { version, digest, pending }
}
