import { constants, sign } from 'node:crypto'
import { digestArtifact } from '../../../main/sigstore/artifact.ts'
import { verifyBundle } from '../../../main/sigstore/verify-bundle.ts'
import { artifact, makeBundle, type BundlePlan } from '../authority/bundle.ts'
import { digest, sharedKey, signIn, type SignPlan } from '../authority/scheme.ts'
import { world } from '../authority/world.ts'
import { bodyFor } from '../authority/bodies.ts'
import { bodyOf, integer, partsOf, sequence, tlv } from '../pki/der.ts'
import type { TestKeyKind } from '../pki/key.ts'
import { attack, put, type Attack } from './attack.ts'

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const numbers = (signature: Buffer): [Buffer, Buffer] => {
  const [r = Buffer.alloc(0), s = Buffer.alloc(0)] = partsOf(signature)
  return [r, s]
}
const raw = (number: Buffer): Buffer => {
  const body = bodyOf(number)
  return Buffer.concat([Buffer.alloc(32), body]).subarray(-32)
}

/** A signature in another shape; all else (log, timestamp) is honestly about that shape. */
const shaped = (
  name: string,
  changeSignature: (signature: Buffer) => Buffer,
  plan: BundlePlan = {},
): Attack[] =>
  (['message', 'envelope'] as const).map((content) =>
    attack(`${name}, ${content}`, 'signature.bad', { ...plan, content, changeSignature }),
  )

const shapes: readonly Attack[] = [
  ...shaped('GHSA-vjh7-7g9h-fjfh: r is 0', (one) => sequence(integer(0), numbers(one)[1])),
  ...shaped('GHSA-vjh7-7g9h-fjfh: s is 0', (one) => sequence(numbers(one)[0], integer(0))),
  ...shaped('CVE-2022-21449: r and s are 0', () => sequence(integer(0), integer(0))),
  ...shaped('r is the order', (one) => sequence(integer(order), numbers(one)[1])),
  ...shaped('s and the order', (one) =>
    sequence(numbers(one)[0], integer(order + BigInt(`0x${bodyOf(numbers(one)[1]).toString('hex')}`))),
  ),
  ...shaped('a number with a zero in front', (one) => {
    const [r, s] = numbers(one)
    return sequence(tlv(2, Buffer.from([0]), Buffer.concat([Buffer.from([0]), raw(r)])), s)
  }),
  ...shaped('a negative number', (one) =>
    sequence(tlv(2, Buffer.from([0x80]), raw(numbers(one)[0])), numbers(one)[1]),
  ),
  ...shaped('a length in its long form', (one) =>
    Buffer.concat([Buffer.from([0x30, 0x81]), one.subarray(1)]),
  ),
  ...shaped('an indefinite length', (one) =>
    Buffer.concat([Buffer.from([0x30, 0x80]), one.subarray(2), Buffer.alloc(2)]),
  ),
  ...shaped('a third number', (one) => sequence(...numbers(one), integer(1))),
  ...shaped('bytes after the end', (one) => Buffer.concat([one, Buffer.from([0])])),
  ...shaped('bare r and s (P1363)', (one) => Buffer.concat(numbers(one).map(raw))),
  ...shaped('an empty signature', () => Buffer.alloc(0)),
  ...shaped('one bit changed', (one) => Buffer.from(one.map((byte, n) => (n === 40 ? byte ^ 1 : byte)))),
  ...shaped('a signature of 100,000 bytes', (one) => Buffer.concat([one, Buffer.alloc(100_000)])),
]

const made = (name: string, kind: TestKeyKind, way: SignPlan, really: (message: Buffer) => Buffer): Attack =>
  attack(name, 'signature.bad', { kind, way, changeSignature: () => really(artifact) })

const pss = { form: 'rsa-pss', hash: 'sha256' } as const
const pkcs1 = { form: 'rsa-pkcs1', hash: 'sha256' } as const
const pure = { form: 'pure', hash: 'sha512' } as const
const prehashed = { form: 'ed25519ph', hash: 'sha512' } as const
const ecdsa = (hash: SignPlan['hash']) => ({ form: 'ecdsa', hash }) as const
const rsa = sharedKey('rsa3072')
const edOrder = 2n ** 252n + 27742317777372353535851937790883648493n

// S and S + L give the same point: a verifier that does not compare takes both.
function secondForm(signature: Buffer): Buffer {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + edOrder
  return Buffer.concat([
    signature.subarray(0, 32),
    Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse(),
  ])
}

const schemes: readonly Attack[] = [
  made('P-256 over SHA-1', 'p256', ecdsa('sha256'), (message) =>
    signIn(sharedKey('p256'), ecdsa('sha1'), message),
  ),
  made('P-384 over SHA-512', 'p384', ecdsa('sha384'), (message) =>
    signIn(sharedKey('p384'), ecdsa('sha512'), message),
  ),
  made('PKCS#1 where the log says PSS', 'rsa3072', pss, (message) => signIn(rsa, pkcs1, message)),
  made('PSS where the log says PKCS#1', 'rsa3072', pkcs1, (message) => signIn(rsa, pss, message)),
  made('PKCS#1 over SHA-1', 'rsa3072', pkcs1, (message) =>
    signIn(rsa, { form: 'rsa-pkcs1', hash: 'sha1' }, message),
  ),
  made('PSS without salt', 'rsa3072', pss, (message) =>
    sign('sha256', message, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 0 }),
  ),
  made('an RSA signature with a zero in front', 'rsa3072', pkcs1, (message) =>
    Buffer.concat([Buffer.alloc(1), signIn(rsa, pkcs1, message)]),
  ),
  made('an RSA signature above the modulus', 'rsa3072', pkcs1, () => Buffer.alloc(384, 0xff)),
  made('an RSA signature of 1', 'rsa3072', pkcs1, () => Buffer.concat([Buffer.alloc(383), Buffer.from([1])])),
  made('plain Ed25519 where the log says Ed25519ph', 'ed25519', prehashed, (message) =>
    signIn(sharedKey('ed25519'), pure, message),
  ),
  made('Ed25519ph where the log says plain', 'ed25519', pure, (message) =>
    signIn(sharedKey('ed25519'), prehashed, message),
  ),
  made('plain Ed25519 over the digest', 'ed25519', prehashed, (message) =>
    signIn(sharedKey('ed25519'), pure, digest('sha512', message)),
  ),
  made('the second form of an Ed25519 signature', 'ed25519', pure, (message) =>
    secondForm(signIn(sharedKey('ed25519'), pure, message)),
  ),
  made('the second form of an Ed25519ph signature', 'ed25519', prehashed, (message) =>
    secondForm(signIn(sharedKey('ed25519'), prehashed, message)),
  ),
  attack('the log says P-384, the key is on P-256', 'algorithm.key', { details: 'PKIX_ECDSA_P384_SHA_384' }),
  attack('the log says RSA 4096, the key has 3072', 'algorithm.key', {
    kind: 'rsa3072',
    details: 'PKIX_RSA_PKCS1V15_4096_SHA256',
  }),
  attack('the log says SHA-1', 'algorithm.key', { details: 'PKIX_ECDSA_P256_SHA_1' }),
  attack('the log says an algorithm of another name', 'algorithm.key', { details: 'toString' }),
  attack('two logs say two algorithms', 'algorithm.key', {
    kind: 'p384',
    logs: [world.two, world.three],
    body: (body, stated, log) =>
      log === world.two
        ? body
        : bodyFor('hashedrekord 0.0.2', { ...stated, keyDetails: 'PKIX_ECDSA_P384_SHA_256' }),
  }),
  attack('P-256 over SHA-512', 'algorithm.digest', { way: ecdsa('sha512'), logs: [] }, { ask: { logs: 0 } }),
  attack(
    'RSA over SHA-512',
    'algorithm.digest',
    { kind: 'rsa2048', way: { form: 'rsa-pkcs1', hash: 'sha512' }, logs: [] },
    { ask: { logs: 0 } },
  ),
]
const hint = 'messageSignature.messageDigest'
const setting = (path: string, value: unknown) => ({
  change: (json: Parameters<typeof put>[0]) => put(json, path, value),
})
const bare: BundlePlan = { logs: [] }
const wrong = digest('sha256', Buffer.from('another')).toString('base64')
const long = digest('sha384', artifact).toString('base64')

const digests: readonly Attack[] = [
  attack('signing.md 3.4: another digest in the hint, without a log', 'artifact.differs', bare, {
    ask: { logs: 0 },
    ...setting(`${hint}.digest`, wrong),
  }),
  attack('another digest in the hint, with a log', 'artifact.differs', {}, setting(`${hint}.digest`, wrong)),
  attack(
    'a digest of another length than its name',
    'bundle.shape',
    {},
    setting(`${hint}.algorithm`, 'SHA2_512'),
  ),
  attack('a longer digest than its name', 'bundle.shape', {}, setting(`${hint}.digest`, long)),
  attack('signing.md 3.4: an unknown digest', 'bundle.shape', {}, setting(`${hint}.algorithm`, 'SHA2_128')),
  attack('SHA-1 as digest', 'bundle.shape', {}, setting(`${hint}.algorithm`, 'SHA1')),
  attack('SHA-3 as digest', 'bundle.shape', {}, setting(`${hint}.algorithm`, 'SHA3_256')),
  attack('a digest by number', 'bundle.shape', {}, setting(`${hint}.algorithm`, 1)),
  attack('__proto__ as digest', 'bundle.shape', {}, setting(`${hint}.algorithm`, 'hasOwnProperty')),
  attack(
    'another file, and no hint',
    'log.other-content',
    { artifact: Buffer.from('another'), stated: { message: artifact } },
    setting(hint, undefined),
  ),
  attack(
    'another file, no hint and no log',
    'signature.bad',
    { ...bare, changeSignature: () => signIn(sharedKey('p256'), ecdsa('sha256'), Buffer.from('another')) },
    { ask: { logs: 0 }, ...setting(hint, undefined) },
  ),
]

/** Only a SHA-256 is at hand. */
const byDigest = (name: string, plan: BundlePlan): Attack => ({
  name,
  code: 'artifact.not-whole',
  given: null,
  refusal: async () => {
    const bundle = makeBundle(plan)
    const only = digestArtifact('sha256', digest('sha256', bundle.artifact).toString('hex'))
    const verdict = await verifyBundle(Buffer.from(JSON.stringify(bundle.json)), only, bundle.ask)
    return verdict.ok ? null : verdict.reason
  },
})

/** Signatures by weak keys, over weak digests, or made in another way than is said. */
export const algorithmAttacks: readonly Attack[] = [
  ...shapes,
  ...schemes,
  ...digests,
  byDigest('a SHA-256 says nothing of a SHA-384', { kind: 'p384' }),
  byDigest('a SHA-256 says nothing of plain Ed25519', { kind: 'ed25519', way: pure }),
]
