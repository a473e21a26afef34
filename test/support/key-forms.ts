import { createECDH, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js'
import { bits, bodyOf, integer, nothing, octets, oid, partsOf, sequence, tlv } from './pki/der.ts'
import { makeKey, pem, signWith, type TestKeyKind } from './pki/key.ts'

/** A public key in some form, as base64 of its bytes, and what it must be taken for: by the core, and as a person's. */
export interface KeyForm {
  readonly name: string
  readonly as: 'der' | 'pem'
  readonly bytes: string
  readonly core: string
  readonly person: string
  /** A signature by the key over the message, where there is one. */
  readonly signature: string | null
}

/** What the keys sign. */
export const signedMessage = Buffer.from('I release exactly this')

const refused = 'refused'
const form = (name: string, bytes: Buffer, as: KeyForm['as'] = 'der'): KeyForm => ({
  name,
  as,
  bytes: bytes.toString('base64'),
  core: refused,
  person: refused,
  signature: null,
})
const text = (name: string, written: string): KeyForm => form(name, Buffer.from(written), 'pem')

const kinds = [
  'p256',
  'p384',
  'p521',
  'rsa2048',
  'rsa3072',
  'rsa4096',
  'ed25519',
] as const satisfies readonly TestKeyKind[]
const own = Object.fromEntries(kinds.map((kind) => [kind, makeKey(kind)])) as Record<
  (typeof kinds)[number],
  ReturnType<typeof makeKey>
>

/** The forms in which a key is taken: its one DER, and PEM of that. */
function soundForms(kind: (typeof kinds)[number]): KeyForm[] {
  const key = own[kind]
  const written = pem('PUBLIC KEY', key.spki)
  const sound = {
    core: kind as string,
    // RSA 2048 is met with others; people and stations of ours may not have it.
    person: kind === 'rsa2048' ? refused : kind,
    signature: signWith(key, signedMessage).toString('base64'),
  }
  return [
    form(kind, key.spki),
    text(`${kind}, PEM`, written),
    text(`${kind}, PEM with line ends of Windows`, written.replaceAll('\n', '\r\n')),
    text(`${kind}, PEM with blank lines around`, `\n\n${written}\n`),
  ].map((one) => ({ ...one, ...sound }))
}

/** The same key in forms that some library takes. */
function oddForms(kind: (typeof kinds)[number]): KeyForm[] {
  const { spki } = own[kind]
  const [algorithm = nothing, point = nothing] = partsOf(spki)
  const base64 = spki.toString('base64')
  const written = pem('PUBLIC KEY', spki)
  const longLength = Buffer.concat([Buffer.from([0x30, 0x84, 0, 0]), lengthOf(spki), bodyOf(spki)])
  return [
    form(`${kind}, a byte behind it`, Buffer.concat([spki, Buffer.from([0])])),
    form(`${kind}, twice`, Buffer.concat([spki, spki])),
    form(`${kind}, cut off`, spki.subarray(0, -1)),
    form(`${kind}, a third part`, sequence(algorithm, point, nothing)),
    form(`${kind}, a length that is not the shortest`, longLength),
    form(
      `${kind}, an indefinite length`,
      Buffer.concat([Buffer.from([0x30, 0x80]), bodyOf(spki), Buffer.alloc(2)]),
    ),
    form(`${kind}, unused bits`, sequence(algorithm, bits(bodyOf(point).subarray(1), 1))),
    form(
      `${kind}, a byte behind the point`,
      sequence(algorithm, bits(Buffer.concat([bodyOf(point).subarray(1), Buffer.from([0])]))),
    ),
    form(`${kind}, other parameters`, sequence(sequence(...partsOf(algorithm).slice(0, 1), octets()), point)),
    form(
      `${kind}, no parameters or NULL`,
      sequence(sequence(...partsOf(algorithm).slice(0, 1), ...(kind === 'ed25519' ? [nothing] : [])), point),
    ),
    text(`${kind}, DER where PEM is asked for`, spki.toString('latin1')),
    text(`${kind}, base64 alone`, base64),
    text(`${kind}, PEM twice`, written + written),
    text(`${kind}, PEM with words before`, `Key:\n${written}`),
    text(`${kind}, PEM with a header`, written.replace('KEY-----\n', 'KEY-----\nComment: x\n\n')),
    text(`${kind}, PEM of another name`, pem('RSA PUBLIC KEY', spki)),
    text(`${kind}, PEM as a certificate`, pem('CERTIFICATE', spki)),
    text(
      `${kind}, the private key`,
      own[kind].privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ),
  ]
}
const lengthOf = (element: Buffer): Buffer => {
  const size = bodyOf(element).length
  return Buffer.from([size >> 8, size & 0xff])
}

const curveOids = { p256: '1.2.840.10045.3.1.7', p384: '1.3.132.0.34', p521: '1.3.132.0.35' } as const
const curveNames = { p256: 'prime256v1', p384: 'secp384r1', p521: 'secp521r1' } as const

/** Points of curves in other forms, and points that are none. */
function curveForms(kind: keyof typeof curveOids): KeyForm[] {
  const named = (point: Buffer): Buffer =>
    sequence(sequence(oid('1.2.840.10045.2.1'), oid(curveOids[kind])), bits(point))
  const ecdh = createECDH(curveNames[kind])
  ecdh.generateKeys()
  const whole = ecdh.getPublicKey()
  const beside = Buffer.from(whole)
  beside[beside.length - 1] = (beside.at(-1) ?? 0) ^ 1
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: curveNames[kind], paramEncoding: 'explicit' })
  return [
    form(`${kind}, compressed`, named(ecdh.getPublicKey(null, 'compressed'))),
    form(`${kind}, hybrid`, named(ecdh.getPublicKey(null, 'hybrid'))),
    form(`${kind}, beside the curve`, named(beside)),
    form(`${kind}, at infinity`, named(Buffer.from([0]))),
    form(`${kind}, zero`, named(Buffer.concat([Buffer.from([4]), Buffer.alloc(whole.length - 1)]))),
    form(`${kind}, no point`, named(Buffer.alloc(0))),
    form(`${kind}, the curve written out`, publicKey.export({ type: 'spki', format: 'der' })),
    form(
      `${kind}, the parameters of another curve`,
      sequence(
        sequence(oid('1.2.840.10045.2.1'), oid(curveOids[kind === 'p256' ? 'p384' : 'p256'])),
        bits(whole),
      ),
    ),
  ]
}

const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })
const rsaOf = (modulus: Buffer, exponent: Buffer, ...parameters: readonly Buffer[]): Buffer =>
  sequence(sequence(oid('1.2.840.113549.1.1.1'), ...parameters), bits(sequence(modulus, exponent)))
const rsa = (modulusLength: number, publicExponent?: number): Buffer =>
  spkiOf(
    generateKeyPairSync(
      'rsa',
      publicExponent === undefined ? { modulusLength } : { modulusLength, publicExponent },
    ).publicKey,
  )
const [modulus = nothing, exponent = nothing] = partsOf(
  bodyOf(partsOf(own.rsa3072.spki)[1] ?? nothing).subarray(1),
)
const ed = (point: Buffer): Buffer => sequence(sequence(oid('1.3.101.112')), bits(point))
const beyond = Buffer.from(`ee${'ff'.repeat(30)}7f`, 'hex')

/** Keys of kinds and sizes that are not taken. */
const others: readonly KeyForm[] = [
  form('RSA 1024', rsa(1024)),
  form('RSA 3071', rsa(3071)),
  form('RSA 8192', rsaOf(integer(Buffer.alloc(1024, 0xc3)), exponent, nothing)),
  form('RSA with the exponent 3', rsa(3072, 3)),
  form('RSA with the exponent 1', rsaOf(modulus, integer(1), nothing)),
  form('RSA without NULL', rsaOf(modulus, exponent)),
  form(
    'RSA with a zero before its modulus',
    rsaOf(tlv(0x02, Buffer.alloc(1), bodyOf(modulus)), exponent, nothing),
  ),
  form('RSA with a negative modulus', rsaOf(tlv(0x02, bodyOf(modulus).subarray(1)), exponent, nothing)),
  form('RSA by PSS alone', spkiOf(generateKeyPairSync('rsa-pss', { modulusLength: 3072 }).publicKey)),
  form(
    'RSA by PSS alone, with parameters',
    spkiOf(
      generateKeyPairSync('rsa-pss', {
        modulusLength: 3072,
        hashAlgorithm: 'sha256',
        mgf1HashAlgorithm: 'sha256',
      }).publicKey,
    ),
  ),
  text('RSA by PKCS#1', own.rsa3072.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()),
  form('secp256k1', makeKey('secp256k1').spki),
  form('P-224', spkiOf(generateKeyPairSync('ec', { namedCurve: 'secp224r1' }).publicKey)),
  form('Ed448', spkiOf(generateKeyPairSync('ed448').publicKey)),
  form('X25519', spkiOf(generateKeyPairSync('x25519').publicKey)),
  form('DSA', spkiOf(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).publicKey)),
  ...ED25519_TORSION_SUBGROUP.map((point, n) =>
    form(`Ed25519 of small order ${n}`, ed(Buffer.from(point, 'hex'))),
  ),
  form('Ed25519 that is not canonical', ed(beyond)),
  form('Ed25519 of 31 bytes', ed(Buffer.alloc(31, 9))),
  form('Ed25519 of 33 bytes', ed(Buffer.alloc(33, 9))),
  form('nothing', Buffer.alloc(0)),
  form('an empty sequence', sequence()),
  text('an OpenSSH key', `ssh-ed25519 ${own.ed25519.spki.toString('base64')} bob@host\n`),
  text('an empty PEM', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n'),
]

/** Every form of a public key, sound and odd. */
export const keyForms: readonly KeyForm[] = [
  ...kinds.flatMap(soundForms),
  ...kinds.flatMap(oddForms),
  ...(['p256', 'p384', 'p521'] as const).flatMap(curveForms),
  ...others,
]

/** What must come of a form, whichever runtime reads it: a signature counts over its own message alone. */
export function expectedAnswer({ name, core, person, signature }: KeyForm): object {
  const readers = [core, person].filter((one) => one !== refused)
  const verifies = [signature !== null, false].flatMap((good) => readers.map(() => good))
  return { name, core, person, verifies }
}
