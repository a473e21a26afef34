import {
  makeAuthority,
  makeCertificate,
  makeTimestampLeaf,
  type CertificatePlan,
  type TestAuthority,
} from '../pki/certificate.ts'
import { generalizedTime, integer, nothing, octets, oid, sequence, tlv } from '../pki/der.ts'
import { extendedKeyUsage, extension, keyUsage } from '../pki/extensions.ts'
import { testAlgorithms } from '../pki/key.ts'
import { artifact, type BundlePlan } from '../authority/bundle.ts'
import { digest } from '../authority/scheme.ts'
import type { StampPlan } from '../authority/stamp.ts'
import { minutes, moment, world, rootFrom, worldRoot } from '../authority/world.ts'
import type { ChainPlan } from '../sigstore/documents.ts'
import type { ReasonCode } from '../../../shared/reason.ts'
import { attack, paths, put, type Attack } from './attack.ts'

const { stamper, stampAuthority, one } = world
const by = (authority: TestAuthority, embed = true): Partial<StampPlan> => ({
  certificate: authority.certificate,
  key: authority.key,
  ...(embed ? { embed: [authority.certificate] } : {}),
})
const stamped = (name: string, code: ReasonCode, ...stamps: readonly Partial<StampPlan>[]): Attack =>
  attack(name, code, { stamps })
const rootWith = (...timestampAuthorities: readonly ChainPlan[]) => ({
  ask: { roots: [rootFrom(worldRoot((plan) => ({ ...plan, timestampAuthorities })))] },
})
const known = { url: 'https://stamp.test', chain: stamper.chain, operator: 'stamp' }
const v1: BundlePlan = { form: '0.1', logs: [one], stamps: [] }

/** When something was signed: outside the certificate's minutes, or by nobody's word. */
const moments: readonly Attack[] = [
  stamped('a timestamp before the certificate', 'time.outside-certificate', { at: minutes(-2) }),
  stamped('a timestamp after the certificate', 'time.outside-certificate', { at: minutes(10) }),
  stamped(
    'two authorities that disagree',
    'time.outside-certificate',
    {},
    { ...by(world.rsaStamper), at: minutes(60) },
  ),
  attack('sigstore-rust#160: log and authority that disagree', 'time.outside-certificate', {
    form: '0.1',
    logs: [one],
    entry: { at: minutes(60) },
  }),
  attack('a log that saw it after the certificate', 'time.outside-certificate', {
    ...v1,
    entry: { at: minutes(10) },
  }),
  attack('no time at all', 'time.none', { stamps: [] }),
  attack(
    'no time asked for, and none there',
    'time.none',
    { stamps: [], logs: [] },
    { ask: { logs: 0, times: 0 } },
  ),
  attack(
    'sigstore-js#1659: a time by a log without its promise',
    'time.none',
    { stamps: [] },
    {
      change: (json) => put(json, `${paths.entry}.integratedTime`, String(moment.getTime() / 1000)),
    },
  ),
  attack(
    'one authority twice where two are asked for',
    'time.none',
    { stamps: [{}, { at: minutes(1) }] },
    { ask: { times: 2 } },
  ),
  attack(
    'two authorities of one operator where two are asked for',
    'time.none',
    { stamps: [{}, by(world.rsaStamper)] },
    {
      ask: {
        times: 2,
        ...rootWith(known, { url: 'https://other.test', chain: world.rsaStamper.chain, operator: 'stamp' })
          .ask,
      },
    },
  ),
  stamped('the year 9999', 'time.window', { at: new Date('9999-12-31T23:59:59Z') }),
  attack('a promise in the year 285 million', 'log.window', {
    ...v1,
    entry: { promised: { integratedTime: Number.MAX_SAFE_INTEGER } },
  }),
  attack('a promise in the year 285 million, with a key', 'log.window', {
    ...v1,
    signer: 'key',
    entry: { promised: { integratedTime: Number.MAX_SAFE_INTEGER } },
  }),
]

const leaf = (change: Partial<CertificatePlan>): Partial<StampPlan> =>
  by(makeTimestampLeaf(stampAuthority, 'p256', change))
const uses = (...extensions: readonly Buffer[]): Partial<StampPlan> => leaf({ extensions })
const signing = keyUsage('digitalSignature')
const strangerRoot = makeAuthority({ name: 'stamps' })
const stranger = makeTimestampLeaf(strangerRoot)
const expired = makeAuthority({
  name: 'expired stamps',
  parent: stampAuthority,
  purposes: ['timeStamping'],
  notAfter: minutes(-60),
})
const expiredLeaf = makeTimestampLeaf(expired)
const noStamps = makeAuthority({ name: 'web', parent: stampAuthority, purposes: ['serverAuth'] })
const webLeaf = makeTimestampLeaf(noStamps)
const bySigners = makeTimestampLeaf(world.codeSigner)
// Names issuer and serial number of the real authority; only the key is another.
const double: TestAuthority = {
  ...stranger,
  certificate: makeCertificate({
    subject: 'timestamps',
    issuer: stampAuthority.name,
    key: stranger.key,
    signer: stranger.key,
    notBefore: minutes(-60),
    notAfter: minutes(60),
    extensions: [signing, extendedKeyUsage(['timeStamping'], true)],
  }),
}

/** Who stamped: certificates that may not, are not valid, or are not known. */
const authorities: readonly Attack[] = [
  stamped(
    'no certificate in the answer, and none in the trusted root',
    'time.none',
    by(world.embeddedStamper, false),
  ),
  stamped('an authority nobody knows', 'time.none', by(stranger)),
  stamped('an authority for signers', 'time.none', by(bySigners)),
  stamped('an intermediate for web servers', 'time.none', { ...by(webLeaf), embed: [webLeaf.certificate] }),
  stamped('CVE-2026-39984: a second certificate, of the attacker, who signs as the first', 'time.bad', {
    key: stranger.key,
    embed: [stamper.certificate, stranger.certificate],
  }),
  stamped('CVE-2026-39984: the attacker’s certificate first, who signs as the second', 'time.bad', {
    key: stranger.key,
    embed: [stranger.certificate, stamper.certificate],
  }),
  stamped('CVE-2026-39984: a second certificate of the same issuer and number', 'time.none', {
    ...by(double),
    embed: [double.certificate, world.embeddedStamper.certificate],
  }),
  stamped('CVE-2025-66564: the signer means another certificate', 'time.bad', {
    means: stranger.certificate,
  }),
  stamped('CVE-2026-49835: a certificate without purposes', 'time.purpose', uses(signing)),
  stamped(
    'CVE-2026-49835: purposes that are not critical',
    'time.purpose',
    uses(signing, extendedKeyUsage(['timeStamping'])),
  ),
  stamped(
    'two purposes',
    'time.purpose',
    uses(signing, extendedKeyUsage(['timeStamping', 'codeSigning'], true)),
  ),
  stamped('a purpose for signers', 'time.purpose', uses(signing, extendedKeyUsage(['codeSigning'], true))),
  stamped('any purpose', 'time.purpose', uses(signing, extendedKeyUsage(['any'], true))),
  stamped(
    'a key that may not sign',
    'time.purpose',
    uses(keyUsage('keyEncipherment'), extendedKeyUsage(['timeStamping'], true)),
  ),
  stamped(
    'purposes that cannot be read',
    'certificate.form',
    uses(signing, extension('2.5.29.37', Buffer.from('x'), true)),
  ),
  stamped(
    'an unknown critical extension',
    'certificate.critical-extension',
    uses(signing, extendedKeyUsage(['timeStamping'], true), extension('1.2.3.4', octets(), true)),
  ),
  stamped('a key of 1024 bits', 'certificate.algorithm', by(makeTimestampLeaf(stampAuthority, 'rsa1024'))),
  stamped('a certificate that began later', 'time.window', leaf({ notBefore: minutes(60) })),
  stamped('a certificate that ended before', 'time.window', leaf({ notAfter: minutes(-60) })),
  attack(
    'CVE-2026-24122: an expired intermediate',
    'time.window',
    { stamps: [by(expiredLeaf)] },
    rootWith({ ...known, chain: expiredLeaf.chain }),
  ),
  attack(
    'CVE-2026-54787: an authority that counted before',
    'time.window',
    {},
    rootWith({ ...known, end: minutes(-60).toISOString() }),
  ),
  attack(
    'CVE-2026-54787: an authority that counts later',
    'time.window',
    {},
    rootWith({ ...known, start: minutes(60).toISOString() }),
  ),
]

const imprint = sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), nothing), octets(digest('sha256', artifact)))
const stated = (at: Buffer, version = 1): Buffer =>
  sequence(integer(version), oid('1.2.3'), imprint, integer(1), at)
const time = (text: string): Buffer => tlv(0x18, Buffer.from(text))
const told = (name: string, at: string): Attack => stamped(name, 'time.form', { stated: stated(time(at)) })
const bytes = (name: string, change: (stamp: Buffer) => Buffer): Attack =>
  attack(
    name,
    'time.form',
    {},
    {
      change: (json) => {
        const [stamp] = json.verificationMaterial.timestampVerificationData?.rfc3161Timestamps ?? []
        const made = change(Buffer.from(stamp?.signedTimestamp ?? '', 'base64'))
        put(json, `${paths.stamps}.0.signedTimestamp`, made.toString('base64'))
      },
    },
  )
const huge = (tag: number, size: number): Buffer => tlv(tag, Buffer.alloc(size, 0x7f))

/** Answers that are not what RFC 3161 and CMS say. */
const forms: readonly Attack[] = [
  stamped('a timestamp over the file instead of the signature', 'time.other-signature', { over: artifact }),
  stamped('a timestamp of another bundle', 'time.other-signature', {
    over: Buffer.from('another signature'),
  }),
  stamped('an imprint by SHA-1', 'time.form', { imprintHash: 'sha1' }),
  stamped('attributes by SHA-1', 'time.form', { hash: 'sha1' }),
  stamped('signed over SHA-1', 'time.bad', { algorithm: testAlgorithms.ecdsaSha1 }),
  stamped('says RSA, the key is ECDSA', 'time.bad', {
    algorithm: { ...testAlgorithms.ecdsaSha256, identifier: testAlgorithms.rsaSha256.identifier },
  }),
  stamped('a changed signature', 'time.bad', {
    changeSignature: (one) => Buffer.from(one.map((byte, n) => (n === 20 ? byte ^ 1 : byte))),
  }),
  stamped('an answer that was refused', 'time.form', { status: 2 }),
  stamped('an answer that is waiting', 'time.form', { status: 3 }),
  stamped('two signers', 'time.form', { signers: (one) => [one, one] }),
  stamped('no signer', 'time.form', { signers: () => [] }),
  stamped('no attribute of the certificate', 'time.form', { attributes: (all) => all.slice(0, 2) }),
  stamped('no digest in the attributes', 'time.form', {
    attributes: (all) => [all[0] ?? nothing, all[2] ?? nothing],
  }),
  stamped('no type in the attributes', 'time.form', { attributes: (all) => all.slice(1) }),
  stamped('an attribute twice', 'time.form', { attributes: (all) => [...all, all[1] ?? nothing] }),
  stamped('another version', 'time.form', { stated: stated(generalizedTime(moment), 2) }),
  told('a time without its zone', '20260110120000'),
  told('a time with an offset', '20260110120000+0100'),
  told('the thirty-first of February', '20260231120000Z'),
  told('a leap second that no clock has', '20260110120060Z'),
  told('a fraction with a zero at its end', '20260110120000.10Z'),
  told('the year 10000', '100000110120000Z'),
  bytes('bytes after the end', (stamp) => Buffer.concat([stamp, Buffer.from([0])])),
  bytes('cut off', (stamp) => stamp.subarray(0, -1)),
  bytes('nothing', () => Buffer.alloc(0)),
  bytes('only a status', () => sequence(sequence(integer(0)))),
  bytes('the token without its answer', (stamp) => stamp.subarray(9)),
  bytes('an object identifier of 200,000 bytes', () =>
    sequence(sequence(integer(0)), sequence(huge(6, 200_000))),
  ),
  bytes('an object identifier of 20 MiB', () =>
    sequence(sequence(integer(0)), sequence(huge(6, 20 * 1024 * 1024))),
  ),
  bytes('a status of 200,000 bytes', () => sequence(sequence(huge(2, 200_000)))),
  bytes('20 MiB of empty elements', () => sequence(Buffer.alloc(20 * 1024 * 1024, nothing))),
]

/** Timestamps and times. */
export const timeAttacks: readonly Attack[] = [...moments, ...authorities, ...forms]
