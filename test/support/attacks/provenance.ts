import { statement, type BundlePlan } from '../authority/bundle.ts'
import { fulcioExtension, fulcioIssuer, generalName, subjectAltName } from '../pki/extensions.ts'

/** Where honest builds come from. */
export const build = {
  issuer: 'https://token.actions.githubusercontent.com',
  workflow: 'https://github.com/org/builder/.github/workflows/build.yml@refs/tags/v1.0.0',
  repository: 'https://github.com/org/repo',
  ref: 'refs/tags/v2.0.0',
  commit: '1'.repeat(40),
  buildType: 'https://actions.github.io/buildtypes/workflow/v1',
  runner: 'github-hosted',
  trigger: 'push',
} as const

/** What the certificate of a build says, and what its statement does. */
export interface ProvenancePlan {
  readonly certified?: Partial<Record<keyof typeof build, string>>
  readonly said?: Partial<Record<keyof typeof build | 'builder', string>>
  readonly predicateType?: string
  readonly predicate?: object
}

/** SLSA provenance v1 as GitHub makes it. */
export function predicate1(said: Required<ProvenancePlan>['said']): object {
  const { repository = build.repository, ref = build.ref, commit = build.commit } = said
  return {
    buildDefinition: {
      buildType: said.buildType ?? build.buildType,
      externalParameters: { workflow: { ref, repository, path: '.github/workflows/build.yml' } },
      resolvedDependencies: [{ uri: `git+${repository}@${ref}`, digest: { gitCommit: commit } }],
    },
    runDetails: { builder: { id: said.builder ?? build.workflow } },
  }
}

/** SLSA provenance v0.2 as the generators make it. */
export function predicate02(said: Required<ProvenancePlan>['said']): object {
  const { repository = build.repository, ref = build.ref, commit = build.commit } = said
  const source = { uri: `git+${repository}@${ref}`, digest: { sha1: commit } }
  return {
    builder: { id: said.builder ?? build.workflow },
    buildType: said.buildType ?? build.buildType,
    invocation: { configSource: source },
    materials: [source],
  }
}

/** A build’s attestation, signed keyless with what its issuer certified. */
export function provenance(plan: ProvenancePlan = {}): BundlePlan {
  const own = { ...build, ...plan.certified }
  const predicateType = plan.predicateType ?? 'https://slsa.dev/provenance/v1'
  const predicate =
    plan.predicate ?? (predicateType.endsWith('v1') ? predicate1 : predicate02)(plan.said ?? {})
  return {
    content: 'envelope',
    payload: statement({ predicateType, predicate }),
    leaf: {
      names: [subjectAltName([generalName.uri(own.workflow)])],
      issuer: fulcioIssuer(own.issuer),
      more: [
        fulcioExtension(11, own.runner),
        fulcioExtension(12, own.repository),
        fulcioExtension(13, own.commit),
        fulcioExtension(14, own.ref),
        fulcioExtension(20, own.trigger),
      ],
    },
  }
}
