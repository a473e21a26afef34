import { identityLike, leafAttack, type Attack } from './attack.ts'
import { boolean, explicit, implicit, integer, octets, oid, sequence, utf8 } from '../pki/der.ts'
import {
  basicConstraints,
  extendedKeyUsage,
  extension,
  fulcioExtension,
  fulcioIssuer,
  generalName,
  keyUsage,
  poison,
  subjectAltName,
} from '../pki/extensions.ts'
import { makeAuthority } from '../pki/certificate.ts'
import { testAlgorithms } from '../pki/key.ts'
import { alice, makeLeaf, minutes, world, rootFrom, worldRoot } from '../authority/world.ts'
import { sharedKey } from '../authority/scheme.ts'
import { attack, paths, put } from './attack.ts'

const { codeSigner, root } = world
const names = (...list: readonly Buffer[]) => ({ names: [subjectAltName(list)] })
const { email, uri, dns, other } = generalName
const arc = '1.3.6.1.4.1.57264.1'
const underFulcio = (number: string, text: string): Buffer => extension(`${arc}.${number}`, utf8(text))
/** A unique identifier of X.509 version 2: context tag 1 for the issuer, 2 for the subject. */
const unique = (tag: number): Buffer => implicit(tag, Buffer.from([0, 1]))
const raw = `${paths.material}.certificate.rawBytes`
const bytes = (name: string, make: (der: Buffer) => Buffer): Attack =>
  attack(
    name,
    'certificate.form',
    {},
    {
      change: (json) =>
        put(
          json,
          raw,
          make(Buffer.from(json.verificationMaterial.certificate?.rawBytes ?? '', 'base64')).toString(
            'base64',
          ),
        ),
    },
  )

/** What a certificate says of its own use, names and issuer. */
const contents: readonly Attack[] = [
  leafAttack('a leaf that is an authority', 'certificate.is-authority', { more: [basicConstraints(true)] }),
  leafAttack('a leaf without key usage', 'certificate.key-usage', { usage: [] }),
  leafAttack('a leaf whose key may only issue', 'certificate.key-usage', {
    usage: [keyUsage('keyCertSign')],
  }),
  leafAttack('a leaf without purposes', 'certificate.purpose', { purposes: [] }),
  leafAttack('a leaf for web servers', 'certificate.purpose', {
    purposes: [extendedKeyUsage(['serverAuth'])],
  }),
  leafAttack('a leaf for any purpose', 'certificate.purpose', { purposes: [extendedKeyUsage(['any'])] }),
  leafAttack('a leaf for timestamps', 'certificate.purpose', {
    purposes: [extendedKeyUsage(['timeStamping'])],
  }),
  leafAttack('purposes that cannot be read', 'certificate.form', {
    purposes: [extension('2.5.29.37', Buffer.from('x'))],
  }),
  leafAttack('an unknown critical extension', 'certificate.critical-extension', {
    more: [extension('1.2.3.4', octets(), true)],
  }),
  leafAttack('a precertificate', 'certificate.critical-extension', { more: [poison] }),
  leafAttack('an extension twice', 'certificate.form', {
    more: [...fulcioIssuer('https://other.test').slice(0, 1)],
  }),
  leafAttack('a number of Fulcio that is no number', 'certificate.form', {
    issuer: [fulcioExtension(8, 'https://evil.test'), underFulcio('8.0', alice.issuer)],
  }),
  leafAttack('the issuer under such a number alone', 'certificate.form', {
    issuer: [underFulcio('8.0', alice.issuer)],
  }),
  leafAttack('the old issuer under such a number', 'certificate.form', {
    issuer: [extension(`${arc}.1.0`, Buffer.from(alice.issuer))],
  }),
  leafAttack('a pinned extension under such a number', 'certificate.form', {
    more: [fulcioExtension(12, 'https://evil.test/x'), underFulcio('12.0', 'https://priv.test/x')],
  }),
  leafAttack('a number of Fulcio that begins with nothing', 'certificate.form', {
    more: [underFulcio('0', alice.issuer)],
  }),
  leafAttack('a second block of extensions', 'certificate.form', {
    change: {
      changeEnd: (end) => [...end, explicit(3, sequence(extension('1.2.3.4', octets(), true)))],
    },
  }),
  leafAttack('extensions before the number of the issuer', 'certificate.form', {
    change: { changeEnd: (end) => [...end, unique(1)] },
  }),
  leafAttack('the number of the issuer twice', 'certificate.form', {
    change: { changeEnd: (end) => [unique(1), unique(1), ...end] },
  }),
  leafAttack('the number of the subject before that of the issuer', 'certificate.form', {
    change: { changeEnd: (end) => [unique(2), unique(1), ...end] },
  }),
  leafAttack('two numbers of the version', 'certificate.form', {
    change: { stated0: explicit(0, Buffer.concat([integer(2), integer(2)])) },
  }),
  leafAttack('a default that is written out', 'certificate.form', {
    more: [sequence(oid('1.2.3.4'), boolean(false), octets(octets()))],
  }),
  leafAttack('no name', 'identity.form', { names: [] }),
  leafAttack('an empty list of names', 'identity.form', names()),
  leafAttack(
    'two names, the good one first',
    'identity.form',
    names(email(alice.san), email('mallory@priv.test')),
  ),
  leafAttack(
    'two names, the good one last',
    'identity.form',
    names(email('mallory@priv.test'), email(alice.san)),
  ),
  leafAttack('an address as a URI', 'certificate.form', names(uri(alice.san))),
  leafAttack('a URI as an address', 'certificate.form', names(email('https://priv.test/alice'))),
  leafAttack('an address as a user name of another type', 'certificate.form', names(other(alice.san))),
  leafAttack('a user name of an unknown type', 'certificate.form', names(other('alice', '1.2.3.4'))),
  leafAttack('an address as a host name', 'certificate.form', names(dns(alice.san))),
  leafAttack('a NUL in the name', 'certificate.form', names(email(`${alice.san}\0.evil.test`))),
  leafAttack('a line break in the name', 'certificate.form', names(email(`${alice.san}\n`))),
  leafAttack('a letter that looks like another', 'certificate.form', names(email('\u0430lice@priv.test'))),
  leafAttack('no issuer', 'identity.form', { issuer: [] }),
  leafAttack('issuer 1 is not issuer 8', 'identity.form', {
    issuer: [fulcioExtension(1, 'https://other.test'), fulcioExtension(8, alice.issuer)],
  }),
  leafAttack('issuer 8 is good, issuer 1 first', 'identity.form', {
    issuer: [fulcioExtension(8, alice.issuer), fulcioExtension(1, 'https://other.test')],
  }),
  leafAttack('issuer 8 as bare text', 'certificate.form', {
    issuer: [extension('1.3.6.1.4.1.57264.1.8', Buffer.from(alice.issuer))],
  }),
  leafAttack('issuer 8 with more after it', 'certificate.form', {
    issuer: [extension('1.3.6.1.4.1.57264.1.8', Buffer.concat([utf8(alice.issuer), utf8('more')]))],
  }),
  leafAttack('issuer 8 of another kind of text', 'certificate.form', {
    issuer: [extension('1.3.6.1.4.1.57264.1.8', implicit(8, Buffer.from(alice.issuer)))],
  }),
]

/** Names that are nearly the asked ones. */
const identities: readonly Attack[] = [
  leafAttack(
    'signing.md 3.4: a name that begins like the asked one',
    'identity.name',
    names(email(`${alice.san}.evil.test`)),
  ),
  leafAttack('a name that ends like the asked one', 'identity.name', names(email(`not-${alice.san}`))),
  leafAttack('a name in other case', 'identity.name', names(email('Alice@priv.test'))),
  leafAttack('an issuer that begins like the asked one', 'identity.issuer', {
    issuer: fulcioIssuer(`${alice.issuer}.evil.test`),
  }),
  leafAttack('an issuer with a slash more', 'identity.issuer', { issuer: fulcioIssuer(`${alice.issuer}/`) }),
  identityLike('a pattern instead of a name', 'identity.name', { san: '.*', issuer: alice.issuer }),
  identityLike('CVE-2025-29778: a pattern instead of an issuer', 'identity.issuer', {
    san: alice.san,
    issuer: '.*',
  }),
  identityLike('half of a name', 'identity.name', { san: 'alice', issuer: alice.issuer }),
  identityLike('signing.md 3.4: nobody asked for', 'identity.none-asked', null),
  identityLike('an empty name asked for', 'identity.none-asked', { san: '', issuer: alice.issuer }),
  identityLike('an empty issuer asked for', 'identity.none-asked', { san: alice.san, issuer: '' }),
  identityLike('a pinned detail that the certificate lacks', 'identity.extension', {
    ...alice,
    extensions: { 12: 'https://github.com/org/repo' },
  }),
  leafAttack(
    'a fork that begins like the pinned repository',
    'identity.extension',
    { more: [fulcioExtension(12, 'https://github.com/org/repo-evil')] },
    { identity: { ...alice, extensions: { 12: 'https://github.com/org/repo' } } },
  ),
]

const impostor = makeAuthority({ name: 'signers', purposes: ['codeSigning'] })
const unlisted = makeAuthority({ name: 'unlisted', parent: root, purposes: ['codeSigning'] })
const below = makeAuthority({ name: 'below', parent: codeSigner, purposes: ['codeSigning'] })
const forStamps = makeAuthority({ name: 'for stamps', parent: root, purposes: ['timeStamping'] })
const noAuthority = makeAuthority({
  name: 'no authority',
  parent: root,
  change: { extensions: [keyUsage('keyCertSign')] },
})
const noIssuer = makeAuthority({
  name: 'no issuer',
  parent: root,
  change: { extensions: [basicConstraints(true), keyUsage('digitalSignature')] },
})
const narrow = makeAuthority({
  name: 'narrow',
  parent: root,
  change: {
    extensions: [basicConstraints(true), keyUsage('keyCertSign'), extension('1.2.3.4', octets(), true)],
  },
})
const leafAsIssuer = {
  name: 'leaf',
  key: sharedKey('p256', 'leaf as issuer'),
  certificate: Buffer.alloc(0),
  chain: [],
}
const weak = makeLeaf({ change: { algorithm: testAlgorithms.ecdsaSha1 } })
const selfSigned = { ...leafAsIssuer, key: sharedKey('p256') }

const rootWith = (authority: { readonly chain: readonly Buffer[] }, more: object = {}) => ({
  roots: [
    rootFrom(
      worldRoot((plan) => ({
        ...plan,
        authorities: [{ url: 'https://ca.test', chain: authority.chain, ...more }],
      })),
    ),
  ],
})
const expired = makeAuthority({
  name: 'expired',
  parent: root,
  purposes: ['codeSigning'],
  notAfter: minutes(-60),
})
const began = minutes(60).toISOString()
const ended = minutes(-60).toISOString()

/** Chains that do not lead to an authority that may issue signers at that time. */
const chains: readonly Attack[] = [
  leafAttack('an authority that only has the same name', 'certificate.unknown-authority', {
    authority: impostor,
  }),
  leafAttack('an intermediate that the trusted root does not list', 'certificate.unknown-authority', {
    authority: unlisted,
  }),
  leafAttack('a certificate that signed itself', 'certificate.unknown-authority', { authority: selfSigned }),
  leafAttack('a signer that issues signers', 'certificate.unknown-authority', { authority: leafAsIssuer }),
  leafAttack(
    'one authority more than the path length allows',
    'certificate.unknown-authority',
    { authority: below },
    rootWith(below),
  ),
  leafAttack(
    'an intermediate for timestamps',
    'certificate.unknown-authority',
    { authority: forStamps },
    rootWith(forStamps),
  ),
  leafAttack(
    'an intermediate that is no authority',
    'certificate.unknown-authority',
    { authority: noAuthority },
    rootWith(noAuthority),
  ),
  leafAttack(
    'an intermediate whose key may not issue',
    'certificate.unknown-authority',
    { authority: noIssuer },
    rootWith(noIssuer),
  ),
  leafAttack(
    'an authority with an unknown critical extension',
    'certificate.critical-extension',
    { authority: narrow },
    rootWith(narrow),
  ),
  attack(
    'a certificate signed over SHA-1',
    'certificate.unknown-authority',
    { stated: { verifier: { der: weak.der, isCertificate: true } } },
    {
      change: (json) => put(json, raw, weak.der.toString('base64')),
    },
  ),
  leafAttack('a changed signature of the authority', 'certificate.unknown-authority', {
    change: {
      changeSignature: (signature) => Buffer.from(signature.map((byte, n) => (n === 20 ? byte ^ 1 : byte))),
    },
  }),
  leafAttack(
    'CVE-2026-24122: an expired intermediate, with a log',
    'certificate.window',
    { authority: expired },
    rootWith(expired),
  ),
  leafAttack(
    'CVE-2026-24122: an expired intermediate, timestamp only',
    'certificate.window',
    { authority: expired },
    { ...rootWith(expired), logs: 0 },
  ),
  leafAttack(
    'CVE-2026-54787: an authority that counted before',
    'certificate.window',
    {},
    rootWith(codeSigner, { end: ended }),
  ),
  leafAttack(
    'an authority that counts later',
    'certificate.window',
    {},
    rootWith(codeSigner, { start: began }),
  ),
  leafAttack('an RSA key of 1024 bits', 'certificate.algorithm', { key: sharedKey('rsa1024') }),
  leafAttack('a key on secp256k1', 'certificate.algorithm', { key: sharedKey('secp256k1') }),
  leafAttack('two signature algorithms', 'certificate.form', {
    change: { stated: testAlgorithms.ecdsaSha256 },
  }),
  leafAttack('a certificate of version 1', 'certificate.form', { change: { version: 0 } }),
  bytes('bytes after the certificate', (der) => Buffer.concat([der, Buffer.from([0])])),
  bytes('a certificate cut off', (der) => der.subarray(0, -1)),
  bytes('an indefinite length (BER)', (der) =>
    Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(4), Buffer.from([0, 0])]),
  ),
  bytes('a length that is not the shortest', (der) =>
    Buffer.concat([Buffer.from([0x30, 0x83, 0]), der.subarray(2)]),
  ),
  bytes('another thing than a certificate', () => sequence(explicit(0, octets()))),
  bytes('20 MiB of empty elements', () => sequence(Buffer.alloc(20 * 1024 * 1024, Buffer.from([5, 0])))),
  bytes('nothing', () => Buffer.alloc(0)),
]

/** Certificates that are not what they must be. */
export const certificateAttacks: readonly Attack[] = [...contents, ...identities, ...chains]
