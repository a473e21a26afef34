import type { Ask } from '../../../main/sigstore/verify-bundle.ts'
import type { EntryKind } from '../authority/bodies.ts'
import { bundleForms, makeBundle, type BundlePlan, type MadeBundle } from '../authority/bundle.ts'
import { noteLine, witnessId } from '../authority/log.ts'
import { sharedKey, type SignPlan } from '../authority/scheme.ts'
import { alice, moment, rootFrom, world, worldRoot } from '../authority/world.ts'
import { distinguishedName, makeAuthority, type TestAuthority } from '../pki/certificate.ts'
import { bits, bodyOf, explicit, octets, oid, sequence, tlv } from '../pki/der.ts'
import { basicConstraints, extension, generalName, keyUsage, subjectAltName } from '../pki/extensions.ts'
import type { TestKeyKind } from '../pki/key.ts'
import { paths, put, type Given } from './attack.ts'
import { honestTokens } from './honest-tokens.ts'

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

const seconds = (n: number): Date => new Date(moment.getTime() + n * 1000)
/** The same, with members that are null where something may be left out. */
const withNulls = (): Honest['given'] => () => {
  const { json, artifact, ask } = makeBundle({ entry: { before: 0, after: 0 } })
  const { proof, entry, material } = paths
  for (const path of [`${proof}.hashes`, `${proof}.logIndex`, `${entry}.logIndex`, `${entry}.integratedTime`])
    put(json, path, null)
  for (const name of ['publicKey', 'x509CertificateChain']) put(json, `${material}.${name}`, null)
  put(json, `${entry}.inclusionPromise`, null)
  put(json, 'dsseEnvelope', null)
  put(json, 'messageSignature.messageDigest', null)
  const root = worldRoot()
    .toString()
    .replaceAll('"hashAlgorithm":"SHA2_256"', '"hashAlgorithm":null,"checkpointKeyId":null')
    .replaceAll('"start":', '"end":null,"start":')
  return {
    bytes: Buffer.from(JSON.stringify(json)),
    artifact,
    ask: { ...ask, roots: [rootFrom(Buffer.from(root))] },
  }
}

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
const bounded = (...parts: readonly Buffer[]): TestAuthority =>
  makeAuthority({
    name: 'bounded',
    parent: world.root,
    change: {
      extensions: [
        basicConstraints(true),
        keyUsage('keyCertSign'),
        extension('2.5.29.30', sequence(...parts)),
      ],
    },
  })
const trees =
  (tag: number) =>
  (...bases: readonly Buffer[]): Buffer =>
    tlv(tag, ...bases.map((base) => sequence(base)))
const [permitted, excluded] = [trees(0xa0), trees(0xa1)]
const { email, uri, dns, other } = generalName
const organisation = explicit(
  4,
  sequence(tlv(0x31, sequence(oid('2.5.4.10'), tlv(0x13, Buffer.from('Sallyport  TEST'))))),
)
/** An authority that may vouch for some names only, and a name that it may vouch for. */
const bounds: readonly (readonly [name: string, authority: TestAuthority, san: Buffer, subject?: string])[] =
  [
    ['addresses of this host', bounded(permitted(email('PRIV.test'))), email(alice.san)],
    ['addresses of hosts below', bounded(permitted(email('.test'))), email(alice.san)],
    ['this address', bounded(permitted(email('alice@Priv.test'), email('b.test'))), email(alice.san)],
    [
      'no addresses of other hosts',
      bounded(excluded(email('.priv.test'), email('b.test'))),
      email(alice.san),
    ],
    ['hosts alone, of which it states none', bounded(permitted(dns('elsewhere.test'))), email(alice.san)],
    [
      'URIs of this host',
      bounded(permitted(uri('priv.test')), excluded(uri('.b.test'))),
      uri('https://me@priv.test:8443/x'),
    ],
    ['user names of another type', bounded(permitted(other('x', '1.2.3.4'))), other('alice')],
    ['an organisation', bounded(permitted(organisation)), email(alice.san), 'alice'],
  ]
const sanOf = (san: Buffer): string =>
  bodyOf(san)
    .toString('utf8')
    .replace(/^.*\x0c\x05/su, '')
const bareAnchor = makeAuthority({
  name: 'bare anchor',
  change: { extensions: [basicConstraints(true, undefined, false)] },
})
const rootWith = (authority: TestAuthority) => ({
  roots: [
    rootFrom(
      worldRoot((plan) => ({ ...plan, authorities: [{ url: 'https://ca.test', chain: authority.chain }] })),
    ),
  ],
})

// A key that the authority certified for itself, under its own name: that name is not asked about (RFC 5280, 6.1.3).
const named = makeAuthority({
  name: 'renewed',
  change: {
    extensions: [
      basicConstraints(true),
      keyUsage('keyCertSign'),
      extension('2.5.29.30', sequence(permitted(explicit(4, distinguishedName('alice'))))),
    ],
  },
})
const renewed = makeAuthority({ name: 'renewed', parent: named })

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
  ...honestTokens.map(([name, stamp]) => honest(`a timestamp with ${name}`, { stamps: [stamp] })),
  ...bounds.map(([name, authority, san, subject]) =>
    honest(
      `an authority for ${name}`,
      {
        leaf: {
          authority,
          names: [subjectAltName([san])],
          ...(subject === undefined ? {} : { change: { subject } }),
        },
      },
      () => ({ ...rootWith(authority), identity: { san: sanOf(san), issuer: alice.issuer } }),
    ),
  ),
  honest(
    'an authority of bounds with a newer key of its own',
    { leaf: { authority: renewed, change: { subject: 'alice' } } },
    () => rootWith(renewed),
  ),
  honest('an anchor that says little of itself', { leaf: { authority: bareAnchor } }, () =>
    rootWith(bareAnchor),
  ),
  honest('a key usage with its ninth bit', {
    leaf: { usage: [extension('2.5.29.15', bits(Buffer.from([0x80, 0x80]), 7), true)] },
  }),
  honest('a serial number of 20 bytes', { leaf: { change: { serial: Buffer.alloc(20, 0xff) } } }),
  honest('a certificate that lasts beyond 2049', {
    leaf: { change: { notAfter: new Date('2051-01-01T00:00:00Z') } },
  }),
  honest('a certificate timestamp by a clock that is half a minute ahead', {
    leaf: { sct: { at: seconds(30) } },
  }),
  ...(['0.1', '0.2'] as const).map((form) => ({
    name: `version ${form} with the anchor of the trusted root in its chain`,
    given: (): Given => {
      const { json, artifact, ask } = makeBundle({ form, logs: [world.one] })
      const rawBytes = world.root.certificate.toString('base64')
      json.verificationMaterial.x509CertificateChain?.certificates.push({ rawBytes })
      return { bytes: Buffer.from(JSON.stringify(json)), artifact, ask }
    },
  })),
  { name: 'nulls where nothing is', given: withNulls() },
  honest('a head of Rekor v1 that was started under another name', {
    logs: [{ ...world.one, origin: 'inside.test - 17', name: 'inside.test' }],
  }),
  honest('a log with one entry only: index 0, no hashes', { entry: { before: 0, after: 0 } }),
  honest('a head with lines of other programs under the root', {
    entry: { head: (text) => `${text}Timestamp: 1768046400\n` },
  }),
]
