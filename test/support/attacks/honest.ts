import type { Ask } from '../../../main/sigstore/verify-bundle.ts'
import type { EntryKind } from '../authority/bodies.ts'
import { bundleForms, makeBundle, type BundlePlan, type MadeBundle } from '../authority/bundle.ts'
import { noteLine, witnessId } from '../authority/log.ts'
import { sharedKey, type SignPlan } from '../authority/scheme.ts'
import { rootFrom, world, worldRoot } from '../authority/world.ts'
import { makeAuthority } from '../pki/certificate.ts'
import { octets } from '../pki/der.ts'
import { basicConstraints, extension, keyUsage } from '../pki/extensions.ts'
import type { TestKeyKind } from '../pki/key.ts'
import type { Given } from './attack.ts'

/** A bundle with which nothing is wrong: only because it is accepted does the refusal of a flawed one mean anything. */
export interface Honest {
  readonly name: string
  readonly given: () => Given
}

const honest = (
  name: string,
  plan: BundlePlan,
  more: (made: MadeBundle) => Partial<Ask> = () => ({}),
): Honest => ({
  name,
  given: () => {
    const made = makeBundle(plan)
    const bytes = Buffer.from(JSON.stringify(made.json))
    return { bytes, artifact: made.artifact, ask: { ...made.ask, ...more(made) } }
  },
})

const kinds: readonly TestKeyKind[] = ['p256', 'p384', 'p521', 'rsa2048', 'rsa3072', 'rsa4096', 'ed25519']
const signers = ['certificate', 'key'] as const
const contents = ['message', 'envelope'] as const
const envelopes: readonly EntryKind[] = ['dsse 0.0.1', 'intoto 0.0.1', 'intoto 0.0.2', 'hashedrekord 0.0.1']
const deprecated: readonly (readonly [TestKeyKind, SignPlan])[] = [
  ['p384', { form: 'ecdsa', hash: 'sha256' }],
  ['p521', { form: 'ecdsa', hash: 'sha256' }],
]
const { rsaStamper, embeddedStamper } = world
const narrow = makeAuthority({
  name: 'narrow',
  change: {
    extensions: [basicConstraints(true), keyUsage('keyCertSign'), extension('1.2.3.4', octets(), true)],
  },
})
const weakRoot = makeAuthority({ name: 'weak root', kind: 'rsa1024' })
const witness = sharedKey('ed25519', 'witness')

// Before and after the line of the log.
const withWitness = (note: string, text: string): string => {
  const [head = '', lines = ''] = note.split('\n\n')
  const line = noteLine(witness, 'witness.test', witnessId(witness, 'witness.test'), text)
  return `${head}\n\n${line}${lines}${line}`
}

/** Every kind of bundle, key, log entry and timestamp that is to be taken. */
export const honestBundles: readonly Honest[] = [
  ...signers.flatMap((signer) =>
    contents.flatMap((content) => [
      ...bundleForms.map((form) =>
        honest(`version ${form}, signed with a ${signer}, ${content}`, {
          form,
          signer,
          content,
          logs: [world.one],
        }),
      ),
      ...kinds.map((kind) => honest(`${kind}, ${signer}, ${content}`, { kind, signer, content })),
      honest(
        `two logs of two operators, ${signer}, ${content}`,
        { signer, content, logs: [world.two, world.three] },
        () => ({ logs: 2 }),
      ),
    ]),
  ),
  ...envelopes.map((entryKind) =>
    honest(
      `an envelope, logged as ${entryKind}`,
      { content: 'envelope', entryKind, logs: [world.one] },
      ({ rawEnvelope }) => ({ rawEnvelope }),
    ),
  ),
  ...(['rsa2048', 'rsa3072', 'rsa4096'] as const).map((kind) =>
    honest(`${kind} with PSS, as the log says`, { kind, way: { form: 'rsa-pss', hash: 'sha256' } }),
  ),
  ...deprecated.map(([kind, way]) =>
    honest(`${kind} over SHA-256: deprecated, met in the field`, { kind, way }),
  ),
  honest('plain Ed25519 over a file, as the log says', {
    kind: 'ed25519',
    way: { form: 'pure', hash: 'sha512' },
  }),
  honest('a timestamp by an RSA authority', {
    stamps: [{ certificate: rsaStamper.certificate, key: rsaStamper.key }],
  }),
  honest('a timestamp that brings its certificate along', {
    stamps: [
      {
        certificate: embeddedStamper.certificate,
        key: embeddedStamper.key,
        embed: [embeddedStamper.certificate],
      },
    ],
  }),
  ...(['sha256', 'sha384', 'sha512'] as const).map((imprintHash) =>
    honest(`a timestamp over ${imprintHash}`, { stamps: [{ imprintHash }] }),
  ),
  honest('a head that a witness signed too, before and after the log', { entry: { note: withWitness } }),
  honest('an authority beside, with an extension that nobody understands', {}, () => ({
    roots: [
      rootFrom(
        worldRoot((plan) => ({
          ...plan,
          authorities: [{ url: 'https://narrow.test', chain: narrow.chain }, ...plan.authorities],
          timestampAuthorities: [
            { url: 'https://narrow.test', chain: narrow.chain },
            ...plan.timestampAuthorities,
          ],
        })),
      ),
    ],
  })),
  honest('a timestamp that brings along a certificate of a kind that is not taken', {
    stamps: [
      {
        certificate: embeddedStamper.certificate,
        key: embeddedStamper.key,
        embed: [weakRoot.certificate, embeddedStamper.certificate],
      },
    ],
  }),
  honest('a log with one entry only: index 0, no hashes', { entry: { before: 0, after: 0 } }),
  honest('a head with lines of other programs under the root', {
    entry: { head: (text) => `${text}Timestamp: 1768046400\n` },
  }),
]
