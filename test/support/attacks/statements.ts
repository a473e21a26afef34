import type { ReasonCode } from '../../../shared/reason.ts'
import { artifact, statement, type BundlePlan } from '../authority/bundle.ts'
import { digest } from '../authority/scheme.ts'
import { attack, put, type Attack } from './attack.ts'

const hex = (hash: string, bytes: Uint8Array = artifact): string => digest(hash, bytes).toString('hex')
const another = Buffer.from('another')
const slsa = 'https://slsa.dev/provenance/v1'
const signatureType = 'https://sigstore.dev/cosign/sign/v1'

const signed = (name: string, code: ReasonCode, payload: Buffer, more: BundlePlan = {}): Attack =>
  attack(name, code, { content: 'envelope', payload, ...more })
const subject = (name: string, code: ReasonCode, digests: object, ...more: readonly object[]): Attack =>
  signed(name, code, statement({ subject: [{ name: 'artifact', digest: digests }, ...more] }))
const text = (name: string, change: (text: string) => string): Attack =>
  signed(name, 'statement.form', Buffer.from(change(statement().toString('utf8'))))

const subjects: readonly Attack[] = [
  subject('signing.md 3.4: another subject', 'statement.other-subject', { sha256: hex('sha256', another) }),
  subject('a subject that begins like the artifact', 'statement.other-subject', {
    sha256: hex('sha256').slice(0, 32),
  }),
  subject('digits of the digest in upper case', 'statement.other-subject', {
    sha256: hex('sha256').toUpperCase(),
  }),
  subject('a digest with its algorithm in front', 'statement.other-subject', {
    sha256: `sha256:${hex('sha256')}`,
  }),
  subject('the SHA-256 of it, the SHA-512 of another', 'statement.other-subject', {
    sha256: hex('sha256'),
    sha512: hex('sha512', another),
  }),
  subject('the SHA-512 of it, the SHA-256 of another', 'statement.other-subject', {
    sha256: hex('sha256', another),
    sha512: hex('sha512'),
  }),
  subject(
    'half of it in each of two subjects',
    'statement.other-subject',
    { sha256: hex('sha256', another), sha512: hex('sha512') },
    {
      name: 'b',
      digest: { sha256: hex('sha256'), sha512: hex('sha512', another) },
    },
  ),
  subject('only SHA-1', 'statement.weak-digest', { sha1: hex('sha1') }),
  subject('only MD5', 'statement.weak-digest', { md5: hex('md5') }),
  subject('a digest in other case', 'statement.weak-digest', { SHA256: hex('sha256') }),
  subject('a digest of git', 'statement.weak-digest', { gitCommit: hex('sha1') }),
  subject('an empty set of digests', 'statement.weak-digest', {}),
  subject(
    '33 digests',
    'statement.form',
    Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`x${n}`, '0'])),
  ),
  subject('a digest that is a number', 'statement.form', { sha256: 7 }),
  signed(
    'a million values, a hundred thousand of them with names of one object',
    'statement.too-large',
    statement({
      predicate: [
        Array.from({ length: 1_000_000 }, () => 0),
        Object.fromEntries(Array.from({ length: 100_001 }, (_, n) => [`n${n}`, 0])),
      ],
    }),
  ),
  signed('no subject', 'statement.form', statement({ subject: [] })),
  signed('no list of subjects', 'statement.form', statement({ subject: undefined })),
  signed('a subject without digests', 'statement.form', statement({ subject: [{ name: 'artifact' }] })),
  signed(
    'CVE-2023-46737: 1025 subjects',
    'statement.form',
    statement({ subject: Array(1025).fill({ name: '', digest: { sha256: hex('sha256') } }) }),
  ),
  attack('the file of another bundle', 'statement.other-subject', { content: 'envelope', artifact: another }),
]

const forms: readonly Attack[] = [
  signed('CVE-2026-39395: a payload that is not JSON', 'statement.form', Buffer.from('x')),
  signed('CVE-2026-39395: an empty payload', 'statement.form', Buffer.alloc(0)),
  signed('CVE-2026-39395: null', 'statement.form', Buffer.from('null')),
  signed('CVE-2026-39395: a list', 'statement.form', Buffer.from(`[${statement().toString('utf8')}]`)),
  signed('CVE-2026-39395: a text', 'statement.form', Buffer.from('"text"')),
  signed('CVE-2026-39395: not a statement', 'statement.form', Buffer.from('{"a":1}')),
  signed('CVE-2026-39395: bytes that are not UTF-8', 'statement.form', Buffer.from('7bff7d', 'hex')),
  text('in-toto/specification#74: the digest twice', (own) =>
    own.replace('"digest":', `"digest":{"sha256":"${hex('sha256', another)}"},"digest":`),
  ),
  text('in-toto/specification#74: the subject twice', (own) =>
    own.replace('"subject":', '"subject":[],"subject":'),
  ),
  text('in-toto/specification#74: Subject instead of subject', (own) =>
    own.replace('"subject"', '"Subject"'),
  ),
  text('in-toto/specification#74: PredicateType instead of predicateType', (own) =>
    own.replace('"predicateType"', '"PredicateType"'),
  ),
  text('bytes after the statement', (own) => `${own}{}`),
  text('a byte order mark', (own) => `\ufeff${own}`),
  text('__proto__', (own) => own.replace('{', '{"__proto__":{},')),
  text('half a surrogate pair', (own) => own.replace('"artifact"', '"\\ud800"')),
  text('NaN in the predicate', (own) => own.replace('true', 'NaN')),
  text('a predicate nested 100,000 deep', (own) => own.replace('true', '['.repeat(100_000))),
  signed(
    'an unknown type of statement',
    'statement.type',
    statement({ _type: 'https://in-toto.io/Statement/v2' }),
  ),
  signed(
    'a type that begins like a statement',
    'statement.type',
    statement({ _type: 'https://in-toto.io/Statement/v1evil' }),
  ),
  signed('an in-toto link', 'statement.type', statement({ _type: 'link' })),
  signed('a statement inside another type of payload', 'statement.type', statement(), {
    payloadType: 'application/json',
  }),
  signed('a type of payload in other case', 'statement.type', statement(), {
    payloadType: 'application/vnd.in-toto+JSON',
  }),
  signed('sigstore-js#1657: a type of payload beyond ASCII', 'statement.type', statement(), {
    payloadType: 'application/vnd.in-toto+jsön',
  }),
  signed('no type of payload', 'statement.type', statement(), { payloadType: '' }),
]

const asked = (name: string, plan: BundlePlan, predicateType: string): Attack =>
  attack(name, 'statement.predicate', plan, { ask: { predicateType } })
const signature: BundlePlan = { content: 'envelope', payload: statement({ predicateType: signatureType }) }
const attestation: BundlePlan = { content: 'envelope', payload: statement({ predicateType: slsa }) }

const predicates: readonly Attack[] = [
  asked('CVE-2022-35929: an attestation of another type', attestation, 'https://spdx.dev/Document'),
  asked('CVE-2022-35930: an attestation as a signature', attestation, signatureType),
  asked('a signature as provenance', signature, slsa),
  asked('a signature over the file as provenance', {}, slsa),
  asked('another version of the type', attestation, 'https://slsa.dev/provenance/v0.2'),
  asked(
    'a type that begins like the asked one',
    { ...signature, payload: statement({ predicateType: `${slsa}.1` }) },
    slsa,
  ),
]

const changed = (
  name: string,
  code: ReasonCode,
  path: string,
  value: unknown,
  plan: BundlePlan = {},
): Attack =>
  attack(
    name,
    code,
    { content: 'envelope', ...plan },
    { ask: { logs: plan.logs?.length ?? 1 }, change: (json) => put(json, path, value) },
  )
const swapped = statement({ predicate: { ok: 'changed' } }).toString('base64')

const envelopes: readonly Attack[] = [
  changed(
    'a payload changed after it was signed, with a log',
    'log.other-content',
    'dsseEnvelope.payload',
    swapped,
  ),
  changed(
    'a payload changed after it was signed, without a log',
    'signature.bad',
    'dsseEnvelope.payload',
    swapped,
    { logs: [] },
  ),
  changed(
    'signing.md 3.4: a type of payload changed after it was signed',
    'statement.type',
    'dsseEnvelope.payloadType',
    'text/plain',
  ),
]

/** Statements (in-toto) and what they are about. */
export const statementAttacks: readonly Attack[] = [...subjects, ...forms, ...predicates, ...envelopes]
