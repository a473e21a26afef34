import type { Group, KitSigner } from './demands.ts'
import type { KitFacts } from './kit-facts.ts'
import type { Part } from './kyverno-part.ts'
import { resourceName } from './resource-name.ts'
import { pemRoot } from './roots.ts'
import type { Plain, Resource } from './yaml-file.ts'

function entryOf(signer: KitSigner): Plain {
  if (signer.kind === 'key') {
    return {
      keys: {
        publicKeys: signer.pem,
        signatureAlgorithm: 'sha256',
        rekor: { ignoreTlog: true },
        ctlog: { ignoreSCT: true },
      },
    }
  }
  const [root] = signer.roots
  const { authorities, logs, certificateLogs } =
    root === undefined ? { authorities: [], logs: [], certificateLogs: [] } : pemRoot(root)
  return {
    keyless: {
      issuer: signer.issuer ?? '',
      subject: signer.identity,
      roots: authorities.map(({ chain }) => chain).join(''),
      rekor: { url: logs[0]?.baseUrl ?? '', pubkey: logs.map(({ key }) => key).join('') },
      ctlog:
        certificateLogs.length === 0
          ? { ignoreSCT: true }
          : { pubkey: certificateLogs.map(({ key }) => key).join('') },
    },
  }
}

const attestors = (groups: readonly Group[]): Plain[] =>
  groups.map(({ least, of }) => ({ count: least, entries: of.map(entryOf) }))

// A summary by every key, which says PASSED and is about the name under which the image is asked for.
const summary = (groups: readonly Group[]): Plain[] => [
  {
    type: 'https://slsa.dev/verification_summary/v1',
    attestors: attestors(groups),
    conditions: [
      {
        all: [
          { key: '{{ verificationResult }}', operator: 'Equals', value: 'PASSED' },
          {
            key: "{{ starts_with(resourceUri, join('', [image.registry, '/', image.path, '@'])) }}",
            operator: 'Equals',
            value: true,
          },
        ],
      },
    ],
  },
]

/** `ClusterPolicy` of Kyverno before 1.19: it reads signatures of the older form, at their tags. */
export function clusterPolicy(facts: KitFacts, { globs, groups }: Part, i: number): Resource {
  return {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: resourceName('sallyport', facts, { i, own: facts.trust.kind === 'signers' }) },
    spec: {
      background: false,
      webhookConfiguration: { failurePolicy: 'Fail', timeoutSeconds: 30 },
      rules: [
        {
          name: 'landed',
          match: { any: [{ resources: { kinds: ['Pod'] } }] },
          verifyImages: [
            {
              type: 'Cosign',
              imageReferences: globs,
              failureAction: 'Enforce',
              mutateDigest: true,
              verifyDigest: true,
              required: true,
              attestors: attestors(groups),
              ...(facts.trust.kind === 'landing' ? { attestations: summary(groups) } : {}),
            },
          ],
        },
      ],
    },
  }
}
