import { describe, expect, it } from 'vitest'
import type { EntryKind } from '../support/authority/bodies.ts'
import { bundleForms, makeBundle, verified, type BundlePlan } from '../support/authority/bundle.ts'
import { witnessId, noteLine } from '../support/authority/log.ts'
import { sharedKey, type SignPlan } from '../support/authority/scheme.ts'
import { world } from '../support/authority/world.ts'
import type { Ask } from '../../main/sigstore/verify-bundle.ts'
import type { TestKeyKind } from '../support/pki/key.ts'

/*
 * What the private Sigstore of these tests makes is accepted when nothing is wrong with it. Only so does the refusal
 * of the same bundle with one flaw mean that the flaw was found.
 */

async function expectProven(plan: BundlePlan, ask: Partial<Ask> = {}): Promise<void> {
  const made = makeBundle(plan)
  const verdict = await verified(made, ask)
  expect(verdict.ok ? null : verdict.reason).toBeNull()
}

const kinds: readonly TestKeyKind[] = ['p256', 'p384', 'p521', 'rsa2048', 'rsa3072', 'rsa4096', 'ed25519']
const signers = ['certificate', 'key'] as const
const contents = ['message', 'envelope'] as const

describe('honest bundles are accepted', () => {
  for (const signer of signers) {
    for (const content of contents) {
      for (const form of bundleForms) {
        it(`version ${form}, signed with a ${signer}, ${content}`, () =>
          expectProven({ form, signer, content, logs: [world.one] }))
      }
      for (const kind of kinds) {
        it(`${kind}, ${signer}, ${content}`, () => expectProven({ kind, signer, content }))
      }
      it(`two logs of two operators, ${signer}, ${content}`, () =>
        expectProven({ signer, content, logs: [world.two, world.three] }, { logs: 2 }))
    }
  }

  const envelopes: readonly EntryKind[] = ['dsse 0.0.1', 'intoto 0.0.1', 'intoto 0.0.2', 'hashedrekord 0.0.1']
  for (const entryKind of envelopes) {
    it(`an envelope, logged as ${entryKind}`, async () => {
      const plan: BundlePlan = { content: 'envelope', entryKind, logs: [world.one] }
      const made = makeBundle(plan)
      const verdict = await verified(made, { rawEnvelope: made.rawEnvelope })
      expect(verdict.ok ? null : verdict.reason).toBeNull()
    })
  }

  for (const kind of ['rsa2048', 'rsa3072', 'rsa4096'] as const) {
    it(`${kind} with PSS, as the log says`, () =>
      expectProven({ kind, way: { form: 'rsa-pss', hash: 'sha256' } }))
  }
  const deprecated: readonly (readonly [TestKeyKind, SignPlan])[] = [
    ['p384', { form: 'ecdsa', hash: 'sha256' }],
    ['p521', { form: 'ecdsa', hash: 'sha256' }],
  ]
  for (const [kind, way] of deprecated) {
    it(`${kind} over SHA-256: deprecated, met in the field`, () => expectProven({ kind, way }))
  }
  it('plain Ed25519 over a file, as the log says', () =>
    expectProven({ kind: 'ed25519', way: { form: 'pure', hash: 'sha512' } }))

  const { rsaStamper, embeddedStamper } = world
  it('a timestamp by an RSA authority', () =>
    expectProven({ stamps: [{ certificate: rsaStamper.certificate, key: rsaStamper.key }] }))
  it('a timestamp that brings its certificate along', () =>
    expectProven({
      stamps: [
        {
          certificate: embeddedStamper.certificate,
          key: embeddedStamper.key,
          embed: [embeddedStamper.certificate],
        },
      ],
    }))
  for (const hash of ['sha256', 'sha384', 'sha512'] as const) {
    it(`a timestamp over ${hash}`, () => expectProven({ stamps: [{ imprintHash: hash, hash: 'sha256' }] }))
  }

  it('a head that a witness signed too, before and after the log', () => {
    const key = sharedKey('ed25519', 'witness')
    return expectProven({
      entry: {
        note: (note, text) => {
          const [head = '', lines = ''] = note.split('\n\n')
          const line = noteLine(key, 'witness.test', witnessId(key, 'witness.test'), text)
          return `${head}\n\n${line}${lines}${line}`
        },
      },
    })
  })
  it('a log with one entry only: index 0, no hashes', () => expectProven({ entry: { before: 0, after: 0 } }))
  it('a head with lines of other programs under the root', () =>
    expectProven({ entry: { head: (text) => `${text}Timestamp: 1768046400\n` } }))
})
