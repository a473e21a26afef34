import type { KeptSet } from '../../../shared/calls/policy.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { RuleSet } from '../../../shared/policy-content.ts'
import { Failure } from '../../platform/failure.ts'
import { makeFolder, readCapped, writeRecord } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import { parsePolicy } from '../../policy/parse.ts'
import { askInThread } from '../../policy/rego/thread.ts'
import type { Desk } from '../desk.ts'
import type { Context } from './context.ts'

/** A file of a rule set as it was read. */
interface GivenSet {
  readonly path: string
  readonly bytes: Buffer
}
type Given = ReadonlyMap<Digest, GivenSet>

/**
 * The files of rule sets that somebody gives, by their digests.
 *
 * @throws Failure `rego-unnamed` for one that the policy does not name
 */
export async function givenSets(
  context: Context,
  { rego }: { readonly rego: readonly RuleSet[] },
  places: readonly string[] = [],
): Promise<Given> {
  const given = new Map<Digest, GivenSet>()
  for (const place of places) {
    const path = context.places.path(place, 'rule-set')
    const bytes = await readCapped(path, limits.regoBytes)
    const found = digestOf(bytes)
    if (!rego.some(({ digest }) => digest === found)) {
      const expected = rego.map(({ name, digest }) => `${name} (${digest})`).join(', ') || 'none'
      throw new Failure('rego-unnamed', { path, found, expected })
    }
    given.set(found, { path, bytes })
  }
  return given
}

/**
 * That every rule set of a policy can be asked, by the file that is given or kept here.
 *
 * @throws Failure `rego-missing`, `rego-module`
 */
export async function checkSets(
  desk: Desk,
  { rego }: { readonly rego: readonly RuleSet[] },
  given: Given,
): Promise<void> {
  for (const { name, digest, entrypoint } of rego) {
    const path = given.get(digest)?.path ?? desk.folder.ruleSet(digest)
    const said = await askInThread({ path, digest, entrypoint, input: null, items: [] })
    if (said.answered) continue
    const { reason, expected, found } = said
    const isMissing = reason === 'missing' || reason === 'other-file'
    throw new Failure(isMissing ? 'rego-missing' : 'rego-module', { subject: name, expected, found })
  }
}

/** Keeps files of rule sets in the desk's folder. They are held against their digests whenever they are used. */
export async function keepSets(desk: Desk, given: Given): Promise<void> {
  if (given.size > 0) await makeFolder(desk.folder.ruleSets)
  for (const [digest, { bytes }] of given) await writeRecord(desk.folder.ruleSet(digest), bytes)
}

/** The rule sets of the policy in force, and of those that officers are asked for. */
export function namedSets({ state }: Desk): RuleSet[] {
  const asked = state.changes
    .filter(({ signed, withdrawn }) => signed === null && withdrawn === null)
    .flatMap(({ document: { change } }) => (change.kind === 'policy.set' ? [change.source] : []))
  return [...state.policy.document.rego, ...asked.flatMap(setsOf)]
}

// What was asked for under older rules may be no policy any more: then it can come to nothing, and names nothing.
function setsOf(source: string): readonly RuleSet[] {
  try {
    return parsePolicy(Buffer.from(source, 'utf8')).rego
  } catch (error) {
    if (error instanceof Failure) return []
    throw error
  }
}

// As whoever asks the rule set sees it: what cannot be read is not there.
async function stateOf(desk: Desk, digest: Digest): Promise<KeptSet['state']> {
  try {
    const bytes = await readCapped(desk.folder.ruleSet(digest), limits.regoBytes)
    return digestOf(bytes) === digest ? 'kept' : 'other-file'
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error.code === 'file-too-large' ? 'other-file' : 'missing'
  }
}

/** Each rule set that is named, once, and whether its very file is kept: asked of the bytes that lie there now. */
export async function keptSets(desk: Desk): Promise<KeptSet[]> {
  const named = namedSets(desk)
  const each = named.filter(
    ({ name, digest }, i) => named.findIndex((other) => other.name === name && other.digest === digest) === i,
  )
  return Promise.all(
    each.map(async ({ name, digest }) => ({ name, digest, state: await stateOf(desk, digest) })),
  )
}
