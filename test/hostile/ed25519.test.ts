import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSoundPoint, problemOfPoint } from '../../main/sigstore/ed25519-points.ts'
import { KeyError, pemOf, readSpki, verifies } from '../../main/sigstore/public-key.ts'
import { schemeOf, verifiesDigest, verifiesMessage } from '../../main/sigstore/signature.ts'
import { readVerifierKey, UnknownKey } from '../../main/sigstore/verifier-key.ts'
import { sallyport } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'

/* Keys and signatures of Ed25519 that nobody made: libraries differ on them, Sallyport does not. */

const prefix = Buffer.from('302a300506032b6570032100', 'hex')
const spkiOf = (point: Uint8Array): Buffer => Buffer.concat([prefix, point])

const prime = 2n ** 255n - 19n
function bytesOf(number: bigint): Buffer {
  const bytes = Buffer.alloc(32)
  for (let i = 0, rest = number; i < 32; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn)
  return bytes
}
const negated = (point: Buffer): Buffer => {
  const other = Buffer.from(point)
  other[31] = (other[31] ?? 0) ^ 0x80
  return other
}

const torsion = ED25519_TORSION_SUBGROUP.map((point) => Buffer.from(point, 'hex'))
const small = [...torsion, ...torsion.map(negated)]
// Numbers that stand for a y below nineteen as well, and those that are no y at all.
const uncommon = Array.from({ length: 19 }, (_, i) => bytesOf(prime + BigInt(i)))
const notCanonical = [...uncommon, ...uncommon.map(negated)]

describe('a public key of Ed25519', () => {
  it('of small order, in whatever form, is none', () => {
    expect(torsion).toHaveLength(8)
    for (const point of small) {
      expect(problemOfPoint(point)).toMatch(/small order$/)
      expect(() => readVerifierKey(spkiOf(point))).toThrow(UnknownKey)
      expect(() => readSpki(spkiOf(point))).toThrow(KeyError)
    }
  })

  it('that is not canonical is none', () => {
    for (const point of notCanonical) {
      expect(problemOfPoint(point)).toMatch(/canonical form$/)
      expect(() => readVerifierKey(spkiOf(point))).toThrow(UnknownKey)
    }
  })

  it('of a person is one, whichever it is', () => {
    for (let i = 0; i < 50; i++) {
      const { publicKey } = generateKeyPairSync('ed25519')
      const spki = publicKey.export({ type: 'spki', format: 'der' })
      expect(readSpki(spki).algorithm).toBe('ed25519')
    }
  })
})

describe('a signature of Ed25519', () => {
  const message = Buffer.from('I release exactly this')
  const secret = ed25519.utils.randomSecretKey()
  const key = readVerifierKey(spkiOf(ed25519.getPublicKey(secret)))
  const digest = createHash('sha512').update(message).digest()

  // By the owner of the key, as no signer does: R is the neutral element, S fits it.
  function withoutNonce(): Buffer {
    const order = ed25519.Point.Fn.ORDER
    const head = bytesOf(1n)
    const { scalar } = ed25519.utils.getExtendedPublicKey(secret)
    const hash = createHash('sha512').update(head).update(key.spki.subarray(-32)).update(message).digest()
    const k = BigInt(`0x${Buffer.from(hash).reverse().toString('hex')}`) % order
    return Buffer.concat([head, bytesOf((k * scalar) % order)])
  }

  it('over a point that nobody can have made is none, also where a library takes it', () => {
    const odd = withoutNonce()
    expect(hasSoundPoint(odd)).toBe(false)
    expect(ed25519.verify(odd, message, key.spki.subarray(-32))).toBe(true)
    expect(verifiesMessage(key, { form: 'pure', hash: 'sha512' }, message, odd)).toBe(false)
    expect(verifies(readSpki(key.spki), message, odd)).toBe(false)
    for (const point of [...small, ...notCanonical]) {
      const signature = Buffer.concat([point, odd.subarray(32)])
      expect(verifiesMessage(key, { form: 'pure', hash: 'sha512' }, message, signature)).toBe(false)
      expect(verifiesDigest(key, schemeOf('ed25519', 'sha512'), digest, signature)).toBe(false)
      expect(verifies(readSpki(key.spki), message, signature)).toBe(false)
    }
  })

  it('as a signer makes it is one', () => {
    const signature = Buffer.from(ed25519.sign(message, secret))
    expect(verifiesMessage(key, { form: 'pure', hash: 'sha512' }, message, signature)).toBe(true)
    expect(verifies(readSpki(key.spki), message, signature)).toBe(true)
  })
})

describe('a desk', () => {
  let crossing: Crossing
  let folder: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    folder = await mkdtemp(join(tmpdir(), 'sallyport-weak-'))
  })
  afterAll(async () => {
    await crossing.dispose()
    await rm(folder, { recursive: true })
  })

  it('shows, trusts and adds no such key', async () => {
    const path = join(folder, 'weak.pub')
    for (const point of [torsion[0], torsion[3], uncommon[1]]) {
      await writeFile(path, pemOf(spkiOf(point ?? Buffer.alloc(32))))
      const at = ['--desk', crossing.high]
      const asked = [
        ['key', 'show', path],
        [
          'trust',
          'add',
          ...at,
          '--key',
          path,
          '--name',
          'Weak',
          '--role',
          'release',
          '--fingerprint',
          '0'.repeat(64),
        ],
        ['person', 'add', ...at, '--id', 'weak', '--name', 'Weak', '--role', 'witness', '--key', path],
      ]
      for (const words of asked) {
        const { code, json } = await sallyport(words, crossing.clock)
        expect({ words, code, failure: json.failure.code }).toEqual({
          words,
          code: 1,
          failure: 'key-unreadable',
        })
        expect(String(json.failure.facts['found'])).toMatch(/^a point of Ed25519/)
      }
    }
  })
})
