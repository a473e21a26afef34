import type { EvidenceTrust, RootDemand } from '../../evidence/judge.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { readOnce } from '../../platform/read-once.ts'
import { readTrustedRoots } from '../../sigstore/root-forms.ts'
import { readTrustedRoot, type TrustedRoot } from '../../sigstore/trusted-root.ts'
import { readVerifierPem, type VerifierKey } from '../../sigstore/verifier-key.ts'
import { givenKey, rootFailure } from '../../trust/given.ts'
import { publicGoodRoot } from '../../trust/public-good.ts'
import type { Context } from '../work/context.ts'
import type { Desk } from '../desk.ts'
import type { DeskState } from '../state/state.ts'
import { installedRoot } from '../state/installed-root.ts'

/** The public key in a file, in whichever everyday form, of any algorithm that others may sign with. @throws Failure `key-unreadable` */
export async function verifierKey(context: Context, place: string): Promise<VerifierKey> {
  return givenKey(await readCapped(context.places.path(place, 'key'), limits.keyFileBytes))
}

/** The trusted roots in files that the caller names; none named: the public one that is built in. @throws Refusal */
export async function rootsFrom(context: Context, places: readonly string[]): Promise<TrustedRoot[]> {
  if (places.length === 0) return [readTrustedRoot(Buffer.from(publicGoodRoot, 'utf8'))]
  const roots: TrustedRoot[] = []
  for (const place of places) {
    const bytes = await readCapped(context.places.path(place, 'trusted-root'), limits.trustedRootBytes)
    roots.push(...readTrustedRoots(bytes))
  }
  return roots
}

// As many as a policy may name.
const keyOf = readOnce(readVerifierPem, 256)

/** The keys that the policy in force names and that nobody has revoked, by their fingerprints and as PEM. */
export function namedKeys({
  policy,
  revoked,
}: Pick<DeskState, 'policy' | 'revoked'>): { readonly fingerprint: string; readonly key: string }[] {
  return policy.document.identities.flatMap((one) =>
    'key' in one && !revoked.has(one.fingerprint) ? [one] : [],
  )
}

/** The least that the policy asks under each root that it names for somebody. */
function demandsOf({ policy }: Pick<DeskState, 'policy'>, now: string): RootDemand[] {
  const found = new Map<string, RootDemand>()
  for (const one of policy.document.identities) {
    if ('key' in one || one.root === undefined) continue
    const { root, issuer, logs, scts, time } = one
    const times = time === 'desk-clock' ? 0 : one.times
    const before = found.get(root)
    const issuers = issuer === undefined || before?.issuers === 'none-too' ? 'none-too' : 'named'
    found.set(root, {
      root,
      issuers,
      logs: Math.min(logs, before?.logs ?? logs),
      times: Math.min(times, before?.times ?? times),
      scts: Math.min(scts, before?.scts ?? scts),
      ...(time === 'desk-clock' || before?.clock !== undefined ? { clock: Date.parse(now) } : {}),
    })
  }
  return [...found.values()]
}

/**
 * What a desk judges evidence by: the roots that its officers installed, the keys that its policy names. Each is read
 * once and shared.
 */
export function trustOf(desk: Desk, document = desk.state.policy.document): EvidenceTrust {
  const state = { ...desk.state, policy: { ...desk.state.policy, document } }
  return {
    roots: state.roots.map(installedRoot),
    keys: namedKeys(state).map(({ key }) => keyOf(key)),
    demands: demandsOf(state, desk.now()),
  }
}

/**
 * What to judge by: what the caller names; else the desk's own, and without a desk the public root.
 *
 * @throws Failure `root-form` for a root that cannot be read
 */
export async function trustFrom(
  context: Context,
  input: { readonly roots: readonly string[]; readonly keys: readonly string[] },
): Promise<EvidenceTrust> {
  const own = context.opened === null ? null : trustOf(context.desk())
  const keys: VerifierKey[] = []
  for (const place of input.keys) keys.push(await verifierKey(context, place))
  try {
    const roots = own !== null && input.roots.length === 0 ? own.roots : await rootsFrom(context, input.roots)
    const demands = input.roots.length === 0 ? (own?.demands ?? []) : []
    return { roots, keys: [...keys, ...(own?.keys ?? [])], demands }
  } catch (error) {
    throw rootFailure(error)
  }
}
