import type { Group, KitSigner } from './demands.ts'
import type { KitFacts } from './kit-facts.ts'
import type { Part } from './kyverno-part.ts'
import { resourceName } from './resource-name.ts'
import type { Plain, Resource } from './yaml-file.ts'

const images = '(images.containers + images.initContainers + images.ephemeralContainers)'

// By a key, no log and no time is asked for: the seals of the landing are in none.
function cosignOf(signer: KitSigner): Plain {
  if (signer.kind === 'key') {
    return {
      key: { data: signer.pem, hashAlgorithm: 'sha256' },
      ctlog: { insecureIgnoreTlog: true, insecureIgnoreSCT: true },
    }
  }
  const root = signer.roots[0]?.bytes.toString('utf8') ?? ''
  return {
    keyless: { identities: [{ issuer: signer.issuer ?? '', subject: signer.identity }] },
    trustedRoot: { value: root },
  }
}

/** Names of attestors that CEL can say, for the signers of all groups. */
function named(groups: readonly Group[]): Map<string, { readonly id: string; readonly signer: KitSigner }> {
  const signers = new Map(groups.flatMap(({ of }) => of.map((one) => [one.name, one] as const)))
  return new Map([...signers].map(([name, signer], i) => [name, { id: `signer${i + 1}`, signer }]))
}

const refused = 'It is not sealed by the landing of this side.'

/** By the landing: the seal by its own predicate, so that no other statement counts as one; and a summary for this name. */
function bySeal(ids: readonly string[]): Plain[] {
  const asks = ids.flatMap((id) => [
    {
      expression: `${images}.all(image, verifyAttestationSignatures(image, attestations.seal, [attestors.${id}]) > 0)`,
      message: refused,
    },
    {
      expression: `${images}.all(image, verifyAttestationSignatures(image, attestations.summary, [attestors.${id}]) > 0 && extractPayload(image, attestations.summary).predicate.verificationResult == "PASSED")`,
      message: 'There is no verification summary of it that says PASSED.',
    },
    {
      // The name of an image begins with the repository that the summary is about, and a tag or a digest follows.
      expression: `${images}.all(image, verifyAttestationSignatures(image, attestations.summary, [attestors.${id}]) > 0 && [":", "@"].exists(sign, image.startsWith(extractPayload(image, attestations.summary).predicate.resourceUri.split("@")[0] + sign)))`,
      message: 'The verification summary is about another name.',
    },
  ])
  return asks
}

const bySigners = (groups: readonly Group[], ids: (name: string) => string): Plain[] =>
  groups.map(({ least, of }) => ({
    expression: `${images}.all(image, verifyImageSignatures(image, [${of.map(({ name }) => `attestors.${ids(name)}`).join(', ')}]) >= ${least})`,
    message: 'It is not signed by those whom the policy of this side asks for.',
  }))

/** `ImageValidatingPolicy` of Kyverno 1.19 and newer. */
export function imagePolicy(facts: KitFacts, { globs, groups }: Part, i: number): Resource {
  const signers = named(groups)
  const isLanding = facts.trust.kind === 'landing'
  const ids = [...signers.values()].map(({ id }) => id)
  return {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'ImageValidatingPolicy',
    metadata: { name: resourceName('sallyport', facts, { i, own: !isLanding }) },
    spec: {
      validationActions: ['Deny'],
      failurePolicy: 'Fail',
      webhookConfiguration: { timeoutSeconds: 30 },
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] },
        ],
      },
      matchImageReferences: globs.map((glob) => ({ glob })),
      ...(facts.target.plainHttp ? { credentials: { allowInsecureRegistry: true } } : {}),
      validationConfigurations: { mutateDigest: true, verifyDigest: true, required: true },
      attestors: [...signers.values()].map(({ id, signer }) => ({ name: id, cosign: cosignOf(signer) })),
      ...(isLanding ? { attestations } : {}),
      validations: isLanding ? bySeal(ids) : bySigners(groups, (name) => signers.get(name)?.id ?? ''),
    },
  }
}

const attestations = [
  { name: 'seal', intoto: { type: 'https://sigstore.dev/cosign/sign/v1' } },
  { name: 'summary', intoto: { type: 'https://slsa.dev/verification_summary/v1' } },
]
