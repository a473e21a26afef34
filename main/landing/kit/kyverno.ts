import { demandsOf, type Demand, type KitSigner } from './demands.ts'
import type { Engine, KitFacts, NotExpressed } from './kit-facts.ts'
import { fromElsewhere, leftOut, rulesNotHeld, strangeNames } from './not-expressed.ts'
import { sorted, targetPlace } from './places.ts'
import { clusterPolicy } from './kyverno-cluster-policy.ts'
import type { Part } from './kyverno-part.ts'
import { imagePolicy } from './kyverno-image-policy.ts'
import { pieces, resourceFiles } from './yaml-file.ts'

/** Repositories of one policy, two patterns each: the longest make half a megabyte, of the 1.5 that etcd takes. */
const mostRepositories = 500

// `*` fits slashes too. What follows a repository is a tag or a digest, so that no longer name begins with it.
const globsOf = (facts: KitFacts, repositories: readonly string[] | null): string[] =>
  repositories === null
    ? [`${targetPlace(facts)}/*`]
    : repositories.flatMap((one) => [`${one}:*`, `${one}@*`])

const partsOf = (facts: KitFacts, { repositories, groups }: Demand): Part[] =>
  (repositories === null ? [null] : pieces(repositories, mostRepositories)).map((some) => ({
    globs: globsOf(facts, some),
    groups,
  }))

// A person is asked for under one root at least.
const isSayable = (one: KitSigner): boolean =>
  one.kind === 'key' || (one.issuer !== null && one.roots.length === 1)

const steps = [
  'Kyverno 1.19 or newer: apply the ImageValidatingPolicy files. Older ones: the ClusterPolicy files. Not both: what one takes the other may refuse.',
  'Kyverno before 1.19 looks for a root of trust outside for an ImageValidatingPolicy, and fails in the gap.',
  'Kyverno must read the registry: give it the certificate of its authority and, where needed, a secret to pull.',
  'A policy is about pods and what makes pods. Check that no namespace is excluded in Kyverno’s own configuration.',
  'Check that it refuses: `kyverno apply FILE --resource POD.yaml --registry` with an image that has no seal must end with 1; then run such a pod.',
]

/** Kyverno: a policy for 1.19 and newer, and one for older versions. */
export const kyverno: Engine = (facts) => {
  const { strange } = sorted(facts)
  const { asked, unasked } = demandsOf(facts)
  const sayable = asked.filter(({ groups }) => groups.every(({ of }) => of.every(isSayable)))
  const unsaid = asked
    .filter((one) => !sayable.includes(one))
    .flatMap(({ repositories }) => repositories ?? [targetPlace(facts)])
  const isLanding = facts.trust.kind === 'landing'
  const parts = sayable.flatMap((demand) => partsOf(facts, demand))
  return {
    versions:
      'Kyverno 1.19.1 or newer for the ImageValidatingPolicy (tried with 1.19.1), older ones for the ClusterPolicy (tried with 1.17.1 and 1.19.1)',
    files: resourceFiles([
      ...parts.map((part, i) => imagePolicy(facts, part, i)),
      ...parts.map((part, i) => clusterPolicy(facts, part, i)),
    ]),
    steps,
    notExpressed: [
      ...strangeNames(strange),
      ...leftOut(
        'Signers that Kyverno cannot be asked for (a person without an issuer, or under several roots)',
        unsaid,
        'No policy is about these repositories: they are let by.',
      ),
      ...leftOut(
        'Repositories for which the policy asks no signature',
        unasked,
        'No policy is about them: they are let by.',
      ),
      ...(isLanding ? [] : signersOnly),
      ...(asked.some(({ groups }) => groups.some(({ of }) => of.some((one) => one.kind === 'person')))
        ? rootOutside
        : []),
      fromElsewhere,
      ...rulesNotHeld(facts, isLanding ? 'seal' : 'signers', ['signedBy']),
    ],
  }
}

const signersOnly: readonly NotExpressed[] = [
  {
    rule: 'A signature is no attestation',
    means:
      'Where an image has bundles, the ImageValidatingPolicy takes any statement by a known signer for a signature, also one that says something bad.',
  },
  {
    rule: 'An image counts under the name that it landed under',
    means:
      'Kyverno compares no names: an image that is copied with its signatures to another repository of the same rule is admitted.',
  },
]

const rootOutside: readonly NotExpressed[] = [
  {
    rule: 'People whom an issuer vouched for, with nothing outside',
    means:
      'Kyverno 1.19.1 asks a TUF server before it reads the trusted root of the ImageValidatingPolicy (tried): in the gap it refuses what such people signed, unless it is given a mirror inside by --tufMirror and --tufRoot. The ClusterPolicy has the keys of the root in it, and takes the older form alone.',
  },
]
