import type { StampPlan } from '../authority/stamp.ts'
import { digest } from '../authority/scheme.ts'
import { minutes, world } from '../authority/world.ts'
import { distinguishedName, makeTimestampLeaf } from '../pki/certificate.ts'
import {
  boolean,
  explicit,
  implicit,
  integer,
  nothing,
  octets,
  oid,
  partsOf,
  sequence,
  set,
  tlv,
  utf8,
} from '../pki/der.ts'
import { extendedKeyUsage, generalName, keyUsage, subjectAltName } from '../pki/extensions.ts'

const { stamper } = world
const stating = (...end: readonly Buffer[]): Partial<StampPlan> => ({ info: (parts) => [...parts, ...end] })
const attribute = (type: string, value: Buffer): Buffer => sequence(oid(type), set(value))
const besides = (...more: readonly Buffer[]): Partial<StampPlan> => ({
  attributes: (all) => [...all, ...more],
})
const meaning = (...parts: readonly Buffer[]): Partial<StampPlan> => ({
  attributes: (all) => [...all.slice(0, 2), attribute('1.2.840.113549.1.9.16.2.47', sequence(...parts))],
})
const [, serial = nothing, , issuer = nothing] = partsOf(partsOf(stamper.certificate)[0] ?? nothing)
const own = digest('sha256', stamper.certificate)
// As other programs write the same name: other kinds of text, other case, other blanks.
const rewritten = sequence(
  set(sequence(oid('2.5.4.10'), tlv(0x13, Buffer.from('Sallyport  Test')))),
  set(sequence(oid('2.5.4.3'), tlv(0x1e, Buffer.from('timestamps', 'utf16le').swap16()))),
)
const host = makeTimestampLeaf(world.stampAuthority, 'p256', {
  extensions: [
    keyUsage('digitalSignature'),
    extendedKeyUsage(['timeStamping'], true),
    subjectAltName([generalName.dns('tsa.test')], false),
  ],
})
const nameless = makeTimestampLeaf(world.stampAuthority, 'p256', { subject: sequence() })

/** What genuine authorities write that others do not. */
export const honestTokens: readonly (readonly [name: string, stamp: Partial<StampPlan>])[] = [
  [
    'a negative serial number',
    { info: (all) => all.map((one, n) => (n === 3 ? tlv(0x02, Buffer.from([0xff])) : one)) },
  ],
  [
    'a serial number of 21 bytes',
    { info: (all) => all.map((one, n) => (n === 3 ? integer(Buffer.alloc(20, 0xff)) : one)) },
  ],
  ['a negative nonce', stating(tlv(0x02, Buffer.from([0x80, 0x01])))],
  [
    'all its parts',
    stating(
      sequence(integer(1), implicit(0, Buffer.from([3, 0xe7])), implicit(1, Buffer.from([1]))),
      boolean(true),
      integer(7),
      explicit(0, explicit(4, distinguishedName('timestamps'))),
      tlv(0xa1, sequence(oid('1.3.6.1.5.5.7.1.3'), octets(nothing))),
    ),
  ],
  ['an empty accuracy', stating(sequence())],
  ['an accuracy of a minute', stating(sequence(integer(60)))],
  ['the second in which the certificate begins', { at: minutes(-1), ...stating(sequence(integer(1))) }],
  ['its name in other letters', stating(explicit(0, explicit(4, rewritten)))],
  [
    'its name as a host',
    {
      certificate: host.certificate,
      key: host.key,
      embed: [host.certificate],
      ...stating(explicit(0, implicit(2, Buffer.from('tsa.test')))),
    },
  ],
  [
    'its name, which is none',
    {
      certificate: nameless.certificate,
      key: nameless.key,
      embed: [nameless.certificate],
      ...stating(explicit(0, explicit(4, sequence()))),
    },
  ],
  ['words with what is granted', { said: [sequence(utf8('Operation Okay'))] }],
  ['what is granted with changes', { status: 1 }],
  [
    'a certificate by SHA-1 too',
    besides(
      attribute(
        '1.2.840.113549.1.9.16.2.12',
        sequence(sequence(sequence(octets(digest('sha1', stamper.certificate))))),
      ),
    ),
  ],
  [
    'a certificate with its issuer',
    meaning(sequence(sequence(octets(own), sequence(sequence(explicit(4, issuer)), serial)))),
  ],
  [
    'a certificate with its algorithm, and policies',
    meaning(
      sequence(sequence(sequence(oid('2.16.840.1.101.3.4.2.1')), octets(own))),
      sequence(sequence(oid('1.2.3'))),
    ),
  ],
  [
    'a certificate with those above it',
    meaning(sequence(sequence(octets(own)), sequence(octets(Buffer.alloc(32))))),
  ],
  [
    'a clock of the signer that goes wrong',
    besides(attribute('1.2.840.113549.1.9.5', tlv(0x17, Buffer.from('160110120000Z')))),
  ],
  ['certificates twice', { embed: [stamper.certificate, stamper.certificate] }],
  [
    'digests without NULL',
    {
      data: (all) => all.map((one, n) => (n === 1 ? set(sequence(oid('2.16.840.1.101.3.4.2.1'))) : one)),
      signer: (all) => all.map((one, n) => (n === 2 ? sequence(oid('2.16.840.1.101.3.4.2.1')) : one)),
    },
  ],
]
