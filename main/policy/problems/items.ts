import type { ItemRule } from '../../../shared/policy-items.ts'
import { namesOf } from '../../../shared/policy-items.ts'
import type { Policy, PolicyIdentity } from '../../../shared/policy.ts'
import { readVerifierPem } from '../../sigstore/verifier-key.ts'
import { isApproved } from '../approved.ts'
import type { Problem } from './problem.ts'

// Two names for one key, or for one person at one issuer, are one signer.
const signerOf = (one: PolicyIdentity): string =>
  'key' in one ? one.fingerprint : JSON.stringify([one.issuer ?? null, one.identity])

type Known = ReadonlyMap<string, PolicyIdentity>

function tooFew({ signedBy }: ItemRule, known: Known): Problem[] {
  if (signedBy === undefined) return []
  const found = signedBy.identities.flatMap((name) => known.get(name) ?? []).map(signerOf)
  const signers = new Set(found).size
  if (signers >= signedBy.least) return []
  return [
    {
      path: ['signedBy', 'least'],
      expected: `at least ${signedBy.least} different signers`,
      found: `${signers} under several names`,
    },
  ]
}

// Kinds that a request can name by a digest; of others it names a place.
const byDigest: readonly ItemRule['kind'][] = ['image', 'artifact', 'chart', 'any']

function unanswerable(rule: ItemRule, { forbidden }: Policy): Problem[] {
  const { sbom, pinned, free, kind } = rule
  const silent =
    sbom?.format === 'syft'
      ? sbom.fields.filter((field) => ['created', 'supplier', 'hash'].includes(field))
      : []
  return [
    ...silent.map((field) => ({
      path: ['sbom', 'fields'],
      expected: 'what documents of Syft say',
      found: field,
    })),
    ...(sbom?.fields.includes('version') === true && (sbom.unversioned ?? 0) > 0
      ? [{ path: ['sbom', 'unversioned'], expected: '0, or fields without version', found: 'both' }]
      : []),
    ...(pinned === 'requested' && !byDigest.includes(kind)
      ? [{ path: ['pinned'], expected: 'a kind that is requested by a digest', found: kind }]
      : []),
    ...(free !== undefined && forbidden.length === 0
      ? [{ path: ['free'], expected: 'something that the policy forbids', found: 'nothing in forbidden' }]
      : []),
  ]
}

// An age is asked by times that are proven; whoever has none but this desk’s clock has none.
function ageless(rule: ItemRule, known: Known): Problem[] {
  const asks = [
    { names: rule.signedBy?.identities ?? [], days: rule.signedBy?.maxAge, path: ['signedBy', 'maxAge'] },
    { names: rule.sbom?.signedBy ?? [], days: rule.sbom?.maxAge, path: ['sbom', 'maxAge'] },
    {
      names: rule.scan?.signedBy ?? [],
      days: rule.scan?.maxAge ?? rule.scan?.databaseMaxAge,
      path: ['scan'],
    },
    ...(rule.provenance ?? []).map(({ signedBy, maxAge }, i) => ({
      names: [signedBy],
      days: maxAge,
      path: ['provenance', i, 'maxAge'],
    })),
    ...(rule.summary ?? []).map(({ signedBy, maxAge }, i) => ({
      names: [signedBy],
      days: maxAge,
      path: ['summary', i, 'maxAge'],
    })),
  ]
  const hasNone = (name: string): boolean => {
    const one = known.get(name)
    return one !== undefined && !('key' in one) && one.time === 'desk-clock'
  }
  return asks.flatMap(({ names, days, path }) =>
    days !== undefined && names.every(hasNone)
      ? [{ path, expected: 'a signer whose times can be proven', found: 'time: desk-clock' }]
      : [],
  )
}

function notApproved(rule: ItemRule, { algorithms }: Policy, known: Known): Problem[] {
  if (algorithms === 'default') return []
  return namesOf(rule).flatMap(({ name, path }) => {
    const one = known.get(name)
    const isOdd = one !== undefined && 'key' in one && !isApproved(readVerifierPem(one.key).kind)
    return isOdd ? [{ path, expected: 'a key with an approved algorithm', found: name }] : []
  })
}

/** Rules that no item could ever fulfil: somebody meant another one. */
export function itemProblems(rule: ItemRule, policy: Policy): Problem[] {
  const known = new Map(policy.identities.map((one) => [one.name, one]))
  return [
    ...tooFew(rule, known),
    ...unanswerable(rule, policy),
    ...ageless(rule, known),
    ...notApproved(rule, policy, known),
  ]
}
