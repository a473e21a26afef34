import type { ReasonCode } from '../../../shared/reason.ts'
import type { StampPlan } from '../authority/stamp.ts'
import { minutes, moment, rootFrom, world, worldRoot } from '../authority/world.ts'
import { distinguishedName, makeTimestampLeaf } from '../pki/certificate.ts'
import {
  bits,
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
import { digest } from '../authority/scheme.ts'
import { attack, type Attack } from './attack.ts'

/* Timestamps whose reader must look at every part (RFC 3161, RFC 5652, RFC 5035): whoever makes them has the real key. */

const { stamper } = world
type Parts = readonly Buffer[]
const stamped = (name: string, stamp: Partial<StampPlan>, code: ReasonCode = 'time.form'): Attack =>
  attack(name, code, { stamps: [stamp] })
const at = (parts: Parts, n: number): Buffer => parts[n] ?? nothing
const instead = (n: number, part: (own: Buffer) => Buffer) => (parts: Parts) =>
  parts.map((one, i) => (i === n ? part(one) : one))
const more =
  (...extra: Parts) =>
  (parts: Parts) => [...parts, ...extra]
const inside = (n: number, change: (parts: Parts) => Parts) =>
  instead(n, (own) => tlv(own[0] ?? 0, ...change(partsOf(own))))

const accuracy = (...parts: Parts): Buffer => sequence(...parts)
const seconds = (n: number): Buffer => accuracy(integer(n))
const said = (name: string, ...end: Parts): Attack => stamped(name, { info: more(...end) })
const stating = (name: string, n: number, part: (own: Buffer) => Buffer): Attack =>
  stamped(name, { info: instead(n, part) })
const extension = (dotted: string, ...critical: Parts): Buffer =>
  sequence(oid(dotted), ...critical, octets(nothing))
const extensions = (...all: Parts): Buffer => tlv(0xa1, ...all)
const own = (text: string): Buffer => explicit(0, explicit(4, distinguishedName(text)))

/** What is stated (TSTInfo). */
const stated: readonly Attack[] = [
  said('an unknown critical extension', extensions(extension('1.2.3.4', boolean(true)))),
  said('a critical mark that writes its default out', extensions(extension('1.2.3.4', boolean(false)))),
  said('an extension twice', extensions(extension('1.2.3.4'), extension('1.2.3.4'))),
  said('an extension of four parts', extensions(extension('1.2.3.4', boolean(true), nothing))),
  said('an extension without its value', extensions(sequence(oid('1.2.3.4')))),
  said('a list of no extensions', extensions()),
  said('two lists of extensions', extensions(extension('1.2.3.4')), extensions(extension('1.2.3.5'))),
  said('two nonces', integer(1), integer(2)),
  said('two accuracies', seconds(1), seconds(1)),
  said('a nonce before the accuracy', integer(1), seconds(1)),
  said('NULL behind the time', nothing),
  said('a text behind the time', utf8('junk')),
  said('a nonce that is not the shortest', tlv(0x02, Buffer.from([0, 1]))),
  said('a negative nonce that is not the shortest', tlv(0x02, Buffer.from([0xff, 0x81]))),
  said('a nonce of no bytes', tlv(0x02)),
  said('a nonce of 65 bytes', tlv(0x02, Buffer.alloc(65, 1))),
  said('an ordering that writes its default out', boolean(false)),
  said('an accuracy with its parts out of order', accuracy(implicit(0, Buffer.from([1])), integer(1))),
  said('an accuracy of seconds twice', accuracy(integer(1), integer(1))),
  said('an accuracy of no thousandths', accuracy(implicit(0, Buffer.from([0])))),
  said('an accuracy of a thousand thousandths', accuracy(implicit(0, Buffer.from([3, 0xe8])))),
  said('an accuracy of a thousand millionths', accuracy(implicit(1, Buffer.from([3, 0xe8])))),
  said('a negative accuracy', accuracy(tlv(0x02, Buffer.from([0xff])))),
  said('an authority of two names', explicit(0, explicit(4, sequence()), explicit(4, sequence()))),
  said('an authority of no name', explicit(0)),
  stating('a serial number that is a text', 3, () => utf8('4711')),
  stating('an imprint of three parts', 2, (imprint) => sequence(...partsOf(imprint), nothing)),
  stating('an imprint of another length', 2, (imprint) =>
    sequence(at(partsOf(imprint), 0), octets(Buffer.alloc(31))),
  ),
  stating('an imprint by a digest with parameters', 2, (imprint) =>
    sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), integer(1)), at(partsOf(imprint), 1)),
  ),
  stating('a NULL that holds something', 2, (imprint) =>
    sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), tlv(0x05, Buffer.from([0]))), at(partsOf(imprint), 1)),
  ),
  stating('a policy that is none', 1, () => utf8('policy')),
  stating('no serial number', 3, () => Buffer.alloc(0)),
  stamped('another authority’s name', { info: more(own('elsewhere')) }, 'time.bad'),
  stamped(
    'a host that its certificate does not name',
    { info: more(explicit(0, implicit(2, Buffer.from('tsa.test')))) },
    'time.bad',
  ),
  stamped('an accuracy of 68 years', { info: more(seconds(0x7fffffff)) }, 'time.accuracy'),
  stamped(
    'an accuracy of a minute and a little',
    { info: more(accuracy(integer(60), implicit(1, Buffer.from([1])))) },
    'time.accuracy',
  ),
  stamped(
    'a time whose accuracy reaches beyond the signer’s certificate',
    { at: minutes(9), info: more(seconds(1)) },
    'time.outside-certificate',
  ),
  attack(
    'a time whose accuracy reaches beyond its authority',
    'time.window',
    { stamps: [{ info: more(seconds(30)) }] },
    {
      ask: {
        roots: [
          rootFrom(
            worldRoot((plan) => ({
              ...plan,
              timestampAuthorities: [
                {
                  url: 'https://stamp.test',
                  chain: stamper.chain,
                  end: new Date(moment.getTime() + 29_000).toISOString(),
                },
              ],
            })),
          ),
        ],
      },
    },
  ),
]

const sha1 = '1.3.14.3.2.26'
const md5 = sequence(oid('1.2.840.113549.2.5'))
const attribute = (type: string, ...values: Parts): Buffer => sequence(oid(type), set(...values))
const ess = {
  one: '1.2.840.113549.1.9.16.2.12',
  two: '1.2.840.113549.1.9.16.2.47',
  time: '1.2.840.113549.1.9.5',
} as const
const named = (hash: 'sha1' | 'sha256', certificate: Buffer, ...rest: Parts): Buffer =>
  sequence(octets(digest(hash, certificate)), ...rest)
const other = makeTimestampLeaf(world.stampAuthority).certificate
const attributes = (name: string, change: (all: Parts) => Parts, code: ReasonCode = 'time.form'): Attack =>
  stamped(name, { attributes: change }, code)
const meaning = (name: string, value: Buffer, code: ReasonCode = 'time.form'): Attack =>
  attributes(name, (all) => [...all.slice(0, 2), attribute(ess.two, value)], code)
const data = (name: string, change: (parts: Parts) => Parts): Attack => stamped(name, { data: change })
const issuer = (name: Buffer, serial: Buffer, ...rest: Parts): Buffer =>
  sequence(sequence(explicit(4, name)), serial, ...rest)
const [, ownSerial = nothing, , ownIssuer = nothing] = partsOf(at(partsOf(stamper.certificate), 0))

/** What is around it (CMS). */
const around: readonly Attack[] = [
  data(
    'signed data of version 99',
    instead(0, () => integer(99)),
  ),
  data(
    'signed data of version 1',
    instead(0, () => integer(1)),
  ),
  data(
    'a set of digests without the signer’s',
    instead(1, () => set(md5)),
  ),
  data(
    'a set of no digests',
    instead(1, () => set()),
  ),
  data('a set of the signer’s digest and another', inside(1, more(md5))),
  stamped('two contents', { contents: (parts) => [...parts, octets(Buffer.from('x'))] }),
  stamped('no content', { contents: () => [] }),
  data('a content of three parts', inside(2, more(nothing))),
  stamped('two signed data', { wrapped: (parts) => [...parts, ...parts] }),
  stamped('a token of three parts', { token: more(nothing) }),
  data('a second, empty set of signers', (parts) => [
    ...parts.slice(0, -1),
    set(),
    at(parts, parts.length - 1),
  ]),
  data('an empty set behind the signers', more(set())),
  data('a text between content and signers', (parts) => [
    ...parts.slice(0, -1),
    utf8('x'),
    at(parts, parts.length - 1),
  ]),
  data('a list of revoked certificates', (parts) => [
    ...parts.slice(0, -1),
    tlv(0xa1),
    at(parts, parts.length - 1),
  ]),
  data('certificates twice', (parts) => [
    ...parts.slice(0, -1),
    tlv(0xa0, stamper.certificate),
    tlv(0xa0, stamper.certificate),
    at(parts, parts.length - 1),
  ]),
  stamped('a certificate of another kind', { embed: [tlv(0xa1, stamper.certificate)] }),
  stamped('attributes that nobody signed', { signer: more(tlv(0xa1, attribute('1.2.3.4', nothing))) }),
  stamped('a signer of version 3', { signer: instead(0, () => integer(3)) }),
  stamped('a signer that is named in three parts', { signer: inside(1, more(nothing)) }),
  stamped('a signature of ECDSA with NULL', {
    signer: instead(4, () => sequence(oid('1.2.840.10045.4.3.2'), nothing)),
  }),
  stamped('what failed although it was granted', { said: [tlv(0x03, Buffer.from([5, 0x20]))] }),
  stamped('“rejected”, with what failed', {
    said: [sequence(utf8('rejected')), bits(Buffer.from([0x20]), 5)],
  }),
  stamped('words that are none', { said: [sequence(integer(1))] }),
  stamped('a list of no words', { said: [sequence()] }),
  stamped('a status of four parts', { said: [sequence(utf8('x')), bits(Buffer.from([0x20]), 5), nothing] }),
]

/** What is signed with it (signed attributes). */
const signed: readonly Attack[] = [
  attributes('an attribute of three parts', (all) => [
    ...all,
    sequence(oid('1.2.3.4'), set(nothing), nothing),
  ]),
  attributes('an attribute of two values', (all) => [...all, attribute('1.2.3.4', nothing, nothing)]),
  attributes('a certificate named by SHA-1 alone', (all) => [
    ...all.slice(0, 2),
    attribute(ess.one, sequence(sequence(named('sha1', stamper.certificate)))),
  ]),
  attributes(
    'another certificate named by SHA-1 besides',
    (all) => [...all, attribute(ess.one, sequence(sequence(named('sha1', other))))],
    'time.bad',
  ),
  attributes('a second attribute that names another certificate', (all) => [
    ...all,
    attribute(ess.two, sequence(sequence(named('sha256', other)))),
  ]),
  meaning('a list of no certificates', sequence(sequence())),
  meaning('a third list', sequence(sequence(named('sha256', stamper.certificate)), sequence(), sequence())),
  meaning('policies that are no list', sequence(sequence(named('sha256', stamper.certificate)), nothing)),
  meaning(
    'a certificate named by SHA-1 in the newer attribute',
    sequence(sequence(sequence(sequence(oid(sha1)), octets(digest('sha1', stamper.certificate))))),
  ),
  meaning(
    'a certificate named in one part too many',
    sequence(sequence(named('sha256', stamper.certificate, issuer(ownIssuer, ownSerial), nothing))),
  ),
  meaning(
    'an issuer of three parts',
    sequence(sequence(named('sha256', stamper.certificate, issuer(ownIssuer, ownSerial, nothing)))),
  ),
  meaning(
    'an issuer of two names',
    sequence(
      sequence(
        named(
          'sha256',
          stamper.certificate,
          sequence(sequence(explicit(4, ownIssuer), explicit(4, ownIssuer)), ownSerial),
        ),
      ),
    ),
  ),
  meaning(
    'the certificate of another issuer',
    sequence(sequence(named('sha256', stamper.certificate, issuer(distinguishedName('x'), ownSerial)))),
    'time.bad',
  ),
  meaning(
    'the certificate of another number',
    sequence(sequence(named('sha256', stamper.certificate, issuer(ownIssuer, integer(7))))),
    'time.bad',
  ),
  attributes('a clock of the signer that is none', (all) => [...all, attribute(ess.time, utf8('noon'))]),
  attributes('the time of another day on a clock that does not exist', (all) => [
    ...all,
    attribute(ess.time, tlv(0x17, Buffer.from('260231120000Z'))),
  ]),
]

/** What a lenient reader of timestamps takes. */
export const tokenAttacks: readonly Attack[] = [...stated, ...around, ...signed]
