import type { ReasonCode } from '../../../shared/reason.ts'
import type { BundlePlan } from '../authority/bundle.ts'
import { makeAuthority, makeCertificate } from '../pki/certificate.ts'
import { sharedKey } from '../authority/scheme.ts'
import { world } from '../authority/world.ts'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import { attack, paths, put, type Attack } from './attack.ts'

const { material, entry, proof, stamps } = paths

/** What each part of a bundle must be: the reason when it is absent, or null, which is the same in protobuf’s JSON. */
const parts: readonly (readonly [path: string, absent: ReasonCode, plan?: BundlePlan])[] = [
  ['mediaType', 'bundle.shape'],
  [material, 'bundle.shape'],
  [`${material}.certificate`, 'bundle.shape'],
  [`${material}.certificate.rawBytes`, 'bundle.shape'],
  [`${material}.x509CertificateChain`, 'bundle.shape', { form: '0.2' }],
  [`${material}.x509CertificateChain.certificates`, 'bundle.shape', { form: '0.2' }],
  [`${material}.publicKey`, 'bundle.shape', { signer: 'key' }],
  [`${material}.tlogEntries`, 'log.none'],
  [`${entry}.logIndex`, 'log.index'],
  [`${entry}.logId`, 'bundle.shape'],
  [`${entry}.logId.keyId`, 'bundle.shape'],
  [`${entry}.kindVersion`, 'bundle.shape'],
  [`${entry}.kindVersion.kind`, 'bundle.shape'],
  [`${entry}.kindVersion.version`, 'bundle.shape'],
  [`${entry}.inclusionPromise`, 'log.promise-missing', { form: '0.1' }],
  [`${entry}.integratedTime`, 'log.promise-bad', { form: '0.1' }],
  [proof, 'log.proof-missing'],
  [`${proof}.logIndex`, 'log.index'],
  [`${proof}.rootHash`, 'bundle.shape'],
  [`${proof}.treeSize`, 'log.proof-bad'],
  [`${proof}.hashes`, 'log.proof-bad'],
  [`${proof}.checkpoint`, 'log.proof-missing'],
  [`${proof}.checkpoint.envelope`, 'bundle.shape'],
  [`${entry}.canonicalizedBody`, 'bundle.shape'],
  [`${material}.timestampVerificationData`, 'time.none'],
  [stamps, 'time.none'],
  [`${stamps}.0.signedTimestamp`, 'bundle.shape'],
  ['messageSignature', 'bundle.shape'],
  ['messageSignature.signature', 'bundle.shape'],
  ['messageSignature.messageDigest.algorithm', 'bundle.shape'],
  ['messageSignature.messageDigest.digest', 'bundle.shape'],
  ['dsseEnvelope', 'bundle.shape', { content: 'envelope' }],
  ['dsseEnvelope.payload', 'bundle.shape', { content: 'envelope' }],
  ['dsseEnvelope.payloadType', 'bundle.shape', { content: 'envelope' }],
  ['dsseEnvelope.signatures', 'bundle.shape', { content: 'envelope' }],
  ['dsseEnvelope.signatures.0.sig', 'bundle.shape', { content: 'envelope' }],
]

const cve = 'CVE-2022-36056'
const eachPart = parts.flatMap(([path, absent, plan = {}]): Attack[] => [
  attack(`${cve}: ${path} absent`, absent, plan, { change: (json) => put(json, path, undefined) }),
  attack(`${cve}: ${path} null`, absent, plan, { change: (json) => put(json, path, null) }),
  attack(`${cve}: ${path} a number`, 'bundle.shape', plan, { change: (json) => put(json, path, 7) }),
  attack(`${cve}: ${path} a list in a list`, 'bundle.shape', plan, {
    change: (json) => put(json, path, [[]]),
  }),
])

const mediaType = (value: string): Attack =>
  attack(
    `calls itself ${value === '' ? 'nothing' : value}`,
    'bundle.media-type',
    {},
    {
      change: (json) => put(json, 'mediaType', value),
    },
  )

const envelope = { payload: '', payloadType: '', signatures: [{ sig: '', keyid: '' }] }
const rawBytes = world.codeSigner.certificate.toString('base64')
const strange = makeAuthority({ name: 'root' }).certificate.toString('base64')
const otherAnchor = makeCertificate({
  subject: world.root.name,
  issuer: world.root.name,
  key: world.root.key,
  signer: world.root.key,
  notBefore: new Date('2020-01-01T00:00:00Z'),
  notAfter: new Date('2050-01-01T00:00:00Z'),
})
const one = { content: 'envelope' } as const
const otherKey = readVerifierKey(sharedKey('p256', 'another').spki)

const setting = (path: string, value: unknown) => ({
  change: (json: Parameters<typeof put>[0]) => put(json, path, value),
})

/** Bundles whose parts are missing, of another kind, or too many. */
export const bundleAttacks: readonly Attack[] = [
  ...eachPart,
  ...[`${material}.tlogEntries`, stamps, `${proof}.hashes`].map((path) =>
    attack(`a null in ${path}`, 'bundle.shape', {}, setting(path, [null])),
  ),
  mediaType(''),
  mediaType('application/vnd.dev.sigstore.bundle.v0.4+json'),
  mediaType('application/vnd.dev.sigstore.bundle+json;version=0.9'),
  mediaType('application/vnd.dev.sigstore.bundle.v0.3+json;x=y'),
  mediaType('application/vnd.dev.sigstore.bundle.v0.3+json '),
  mediaType('application/vnd.dev.sigstore.bundle.V0.3+json'),
  mediaType('toString'),
  attack('both contents at once', 'bundle.shape', {}, setting('dsseEnvelope', envelope)),
  attack(
    'certificate and key at once',
    'bundle.shape',
    {},
    setting(`${material}.publicKey`, { hint: 'AA==' }),
  ),
  attack(
    'certificate and chain at once',
    'bundle.shape',
    {},
    setting(`${material}.x509CertificateChain`, { certificates: [{ rawBytes }] }),
  ),
  attack(
    'a chain without certificates',
    'bundle.shape',
    { form: '0.2' },
    setting(`${material}.x509CertificateChain.certificates`, []),
  ),
  attack(
    'a chain of eleven certificates',
    'bundle.shape',
    { form: '0.2' },
    setting(`${material}.x509CertificateChain.certificates`, Array(11).fill({ rawBytes })),
  ),
  attack(
    'version 0.3 with a chain',
    'bundle.version-form',
    { form: '0.2' },
    setting('mediaType', 'application/vnd.dev.sigstore.bundle.v0.3+json'),
  ),
  attack(
    'version 0.2 with a single certificate',
    'bundle.version-form',
    {},
    setting('mediaType', 'application/vnd.dev.sigstore.bundle+json;version=0.2'),
  ),
  attack(
    'another root inside the chain',
    'bundle.root-in-chain',
    { form: '0.2' },
    {
      change: (json) =>
        void json.verificationMaterial.x509CertificateChain?.certificates.push({ rawBytes: strange }),
    },
  ),
  attack(
    'a root of the same name and key inside the chain, which is another certificate',
    'bundle.root-in-chain',
    { form: '0.2' },
    {
      change: (json) =>
        void json.verificationMaterial.x509CertificateChain?.certificates.push({
          rawBytes: otherAnchor.toString('base64'),
        }),
    },
  ),
  attack(
    'the anchor of timestamps inside the chain',
    'bundle.root-in-chain',
    { form: '0.2' },
    {
      change: (json) =>
        void json.verificationMaterial.x509CertificateChain?.certificates.push({
          rawBytes: world.stamper.chain.at(-1)?.toString('base64') ?? '',
        }),
    },
  ),
  attack(
    'a log entry twice',
    'bundle.twice',
    {},
    {
      change: (json) =>
        void json.verificationMaterial.tlogEntries.push(...json.verificationMaterial.tlogEntries),
    },
  ),
  attack(
    'one place of a log twice, differently',
    'bundle.twice',
    { logs: [world.one] },
    {
      change: ({ verificationMaterial: { tlogEntries } }) =>
        void tlogEntries.push(...tlogEntries.map((own) => ({ ...own, inclusionPromise: null }))),
    },
  ),
  attack(
    'a timestamp twice',
    'bundle.twice',
    {},
    {
      change: (json) => {
        const all = json.verificationMaterial.timestampVerificationData?.rfc3161Timestamps ?? []
        all.push(...all)
      },
    },
  ),
  attack('an envelope without a signature', 'bundle.shape', one, setting('dsseEnvelope.signatures', [])),
  attack('an envelope with two signatures', 'bundle.shape', one, {
    change: (json) => void json.dsseEnvelope?.signatures.push({ sig: 'AA==', keyid: '' }),
  }),
  attack(
    'a key id that is not the hint',
    'bundle.key-id',
    { ...one, signer: 'key' },
    setting('dsseEnvelope.signatures.0.keyid', 'another'),
  ),
  attack(
    'GHSA-cq38-jh5f-37mq: 33 log entries',
    'bundle.shape',
    {},
    {
      change: (json) =>
        put(json, `${material}.tlogEntries`, Array(33).fill(json.verificationMaterial.tlogEntries[0])),
    },
  ),
  attack('GHSA-cq38-jh5f-37mq: 33 timestamps', 'bundle.shape', { stamps: Array(33).fill({}) as object[] }),
  attack(
    'gitsign CVE-2023-47122: a key where a certificate was asked for',
    'key.none-given',
    { signer: 'key' },
    { ask: { key: null } },
  ),
  attack('a certificate where a key was asked for', 'key.certificate', {}, { ask: { key: otherKey } }),
  attack('a key of somebody else', 'log.other-signer', { signer: 'key' }, { ask: { key: otherKey } }),
  attack(
    'a key of somebody else, without a log',
    'signature.bad',
    { signer: 'key', logs: [] },
    { ask: { key: otherKey, logs: 0 } },
  ),
]
