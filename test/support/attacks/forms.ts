import type { ReasonCode } from '../../../shared/reason.ts'
import { makeAuthority, type CertificatePlan, type TestAuthority } from '../pki/certificate.ts'
import { bits, boolean, explicit, implicit, integer, nothing, oid, sequence, tlv, utf8 } from '../pki/der.ts'
import { basicConstraints, extension, generalName, keyUsage, subjectAltName } from '../pki/extensions.ts'
import { algorithmFor } from '../pki/key.ts'
import { minutes, rootFrom, world, worldRoot } from '../authority/world.ts'
import { leafAttack, type Attack } from './attack.ts'

/* Certificates that a lenient reader takes: DER that is none, and what RFC 5280 forbids in so many words. */

const { root } = world
const userType = '1.3.6.1.4.1.57264.1.7'
const form = (name: string, change: Partial<CertificatePlan>): Attack =>
  leafAttack(name, 'certificate.form', { change })
const saying = (name: string, ...more: readonly Buffer[]): Attack =>
  leafAttack(name, 'certificate.form', { more })
const named = (name: string, ...parts: readonly Buffer[]): Attack =>
  leafAttack(name, 'certificate.form', { names: [subjectAltName([tlv(0xa0, ...parts)])] })
const constraints = (...parts: readonly Buffer[]): Buffer => extension('2.5.29.19', sequence(...parts), true)
const usage = (bytes: readonly number[], unused: number): Buffer =>
  extension('2.5.29.15', bits(Buffer.from(bytes), unused), true)
const usages = (name: string, bytes: readonly number[], unused: number): Attack =>
  leafAttack(name, 'certificate.form', { usage: [usage(bytes, unused)] })
const time = (tag: number, text: string): Buffer => tlv(tag, Buffer.from(text, 'latin1'))
const lasting = (name: string, ...times: readonly Buffer[]): Attack =>
  form(name, { validity: sequence(...times) })
const [began, ended] = [time(0x17, '260110115900Z'), time(0x17, '260110120900Z')]
const withNull = algorithmFor('p384')

/** One certificate, taken by itself. */
const leaves: readonly Attack[] = [
  form('a signature algorithm of ECDSA with NULL', {
    algorithm: { ...withNull, identifier: sequence(oid('1.2.840.10045.4.3.3'), nothing) },
  }),
  named('a user name under another tag', oid(userType), explicit(5, utf8('alice'))),
  named('a user name with a third part', oid(userType), explicit(0, utf8('alice')), nothing),
  named('two user names in one', oid(userType), explicit(0, utf8('alice'), utf8('mallory'))),
  named('a user name that is empty', oid(userType), explicit(0)),
  saying('basic constraints that begin with a number', constraints(integer(0), boolean(true))),
  saying('basic constraints that write their default out', constraints(boolean(false))),
  saying('a path length of what is no authority', constraints(boolean(false), integer(0))),
  saying('a path length alone', constraints(integer(0))),
  saying('a negative path length', constraints(boolean(true), tlv(0x02, Buffer.from([0xff])))),
  saying('basic constraints with a third part', constraints(boolean(true), integer(0), nothing)),
  usages('key usage with unused bits that are set', [0x81], 7),
  usages('key usage with a zero byte at its end', [0x80, 0x00], 7),
  usages('key usage with a zero bit at its end', [0x80], 6),
  usages('key usage without any bit', [], 0),
  usages('key usage of three bytes', [0x80, 0x80, 0x80], 7),
  form('the serial number 0', { serial: Buffer.from([0]) }),
  form('a serial number of 21 bytes', { serial: Buffer.alloc(21, 0x7f) }),
  form('a serial number of 64 bytes', { serial: Buffer.alloc(64, 0x7f) }),
  lasting('a long form of a time before 2050', began, time(0x18, '20260110120900Z')),
  lasting('a fraction of a second', began, time(0x18, '20500110120900.5Z')),
  lasting('a third time', began, ended, ended),
  leafAttack('a signer whose key may issue', 'certificate.is-authority', {
    usage: [keyUsage('digitalSignature', 'keyCertSign')],
  }),
]

const between = (name: string, ...extensions: readonly Buffer[]): TestAuthority =>
  makeAuthority({ name, parent: root, change: { extensions } })
const rootWith = (...authorities: readonly TestAuthority[]) => ({
  roots: [
    rootFrom(
      worldRoot((plan) => ({
        ...plan,
        authorities: authorities.map(({ chain }) => ({ url: 'https://ca.test', chain })),
      })),
    ),
  ],
})
const by = (name: string, code: ReasonCode, ...extensions: readonly Buffer[]): Attack => {
  const authority = between(name, ...extensions)
  return leafAttack(name, code, { authority }, rootWith(authority))
}
const issuing = [basicConstraints(true), keyUsage('keyCertSign')]
const subtree = (base: Buffer, ...more: readonly Buffer[]): Buffer => sequence(base, ...more)
const permitted = (...subtrees: readonly Buffer[]): Buffer => tlv(0xa0, ...subtrees)
const excluded = (...subtrees: readonly Buffer[]): Buffer => tlv(0xa1, ...subtrees)
const onlyNames = (critical: boolean, ...parts: readonly Buffer[]): readonly Buffer[] => [
  ...issuing,
  extension('2.5.29.30', sequence(...parts), critical),
]
const { email, uri, dns, other } = generalName
const broken = (name: string, ...parts: readonly Buffer[]): Attack =>
  by(name, 'certificate.form', ...onlyNames(true, ...parts))
const barred = (
  name: string,
  constraint: readonly Buffer[],
  names: readonly Buffer[],
  code: ReasonCode = 'certificate.name-constraints',
  critical = false,
): Attack => {
  const authority = between(name, ...onlyNames(critical, ...constraint))
  return leafAttack(name, code, { authority, names: [subjectAltName(names)] }, rootWith(authority))
}
const alice = [email('alice@priv.test')]

const elsewhere = between(
  'elsewhere',
  ...onlyNames(
    false,
    permitted(subtree(explicit(4, sequence(tlv(0x31, sequence(oid('2.5.4.10'), utf8('elsewhere'))))))),
  ),
)

/** Authorities between the anchor and the signer. */
const authorities: readonly Attack[] = [
  by('an intermediate without key usage', 'certificate.unknown-authority', basicConstraints(true)),
  by(
    'an intermediate whose basic constraints are not critical',
    'certificate.unknown-authority',
    basicConstraints(true, undefined, false),
    keyUsage('keyCertSign'),
  ),
  by(
    'an intermediate with junk behind its basic constraints',
    'certificate.form',
    extension('2.5.29.19', Buffer.concat([sequence(boolean(true)), nothing]), true),
    keyUsage('keyCertSign'),
  ),
  barred('only addresses of another host', [permitted(subtree(email('elsewhere.test')))], alice),
  barred(
    'only addresses of another host, critical',
    [permitted(subtree(email('elsewhere.test')))],
    alice,
    undefined,
    true,
  ),
  barred('only addresses of hosts below', [permitted(subtree(email('.priv.test')))], alice),
  barred('only another address', [permitted(subtree(email('bob@priv.test')))], alice),
  barred('no addresses of this host', [excluded(subtree(email('priv.test')))], alice),
  barred(
    'only URIs of another host',
    [permitted(subtree(uri('elsewhere.test')))],
    [uri('https://priv.test/x')],
  ),
  barred('only URIs of hosts below', [permitted(subtree(uri('.priv.test')))], [uri('https://priv.test/x')]),
  barred('a URI without a host', [permitted(subtree(uri('priv.test')))], [uri('urn:priv.test')]),
  barred(
    'a URI whose host is a number',
    [permitted(subtree(uri('priv.test')))],
    [uri('https://127.0.0.1/x')],
  ),
  barred(
    'user names, of which the authority says what nobody can compare',
    [permitted(subtree(other('alice')))],
    [other('alice')],
  ),
  leafAttack(
    'a subject of another organisation',
    'certificate.name-constraints',
    { authority: elsewhere, change: { subject: 'alice' } },
    rootWith(elsewhere),
  ),
  broken('name constraints that are empty'),
  broken(
    'name constraints in another order',
    excluded(subtree(email('a.test'))),
    permitted(subtree(email('b.test'))),
  ),
  broken('name constraints without a tree', permitted()),
  broken(
    'name constraints with a distance',
    permitted(subtree(email('priv.test'), implicit(0, Buffer.from([1])))),
  ),
  broken('name constraints with a host that is none', permitted(subtree(dns('priv test')))),
]

/** Certificate timestamps that say nothing of the time at which the certificate was used. */
const late: readonly Attack[] = [
  leafAttack('a certificate timestamp of 2040', 'sct.none', {
    sct: { at: new Date('2040-01-01T00:00:00Z') },
  }),
  leafAttack('a certificate timestamp two minutes after the signature', 'sct.none', {
    sct: { at: minutes(2) },
  }),
]

/** What a lenient reader of certificates takes. */
export const formAttacks: readonly Attack[] = [...leaves, ...authorities, ...late]
