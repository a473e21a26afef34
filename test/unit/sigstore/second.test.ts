import { describe, expect, it } from 'vitest'
import type { Opinion } from '../../../shared/evidence.ts'
import { limits } from '../../../main/platform/limits.ts'
import type { SecondAsk } from '../../../main/sigstore/second/asked.ts'
import { bundleForSecond, secondOpinion } from '../../../main/sigstore/second/opinion.ts'
import { makeBundle, verified, type BundlePlan } from '../../support/authority/bundle.ts'
import { rootFrom, world, worldRoot } from '../../support/authority/world.ts'
import { makeKey } from '../../support/pki/key.ts'

/* What the second verifier is asked, what it answers, and what is no judgement. */

async function opinion(plan: BundlePlan, change: Partial<SecondAsk> = {}): Promise<Opinion> {
  const made = makeBundle(plan)
  const verdict = await verified(made)
  if (!verdict.ok) throw new Error(`not proven: ${verdict.reason.code}`)
  const { artifact, ask, json } = made
  return secondOpinion({ json, artifact, roots: ask.roots, proven: verdict.proven, ask, ...change })
}
const agrees = { answer: 'agrees', why: '' }
const cannot = (why: string): Opinion => ({ answer: 'cannot-judge', why })

describe('the second verifier', () => {
  it('agrees about a file and about a statement', async () => {
    expect(await opinion({})).toEqual(agrees)
    expect(await opinion({ content: 'envelope' }, { artifact: null })).toEqual(agrees)
    expect(await opinion({ form: '0.1', logs: [world.one] })).toEqual(agrees)
  })

  it.each([
    ['a key', { signer: 'key' }, 'It judges certificates only.'],
    [
      'RSA-PSS',
      { kind: 'rsa2048', way: { form: 'rsa-pss', hash: 'sha256' } },
      'It does not know signatures of the form rsa-pss.',
    ],
    ['Ed25519ph', { kind: 'ed25519' }, 'It does not know signatures of the form ed25519ph.'],
    [
      'plain Ed25519 over a file',
      { kind: 'ed25519', way: { form: 'pure', hash: 'sha512' } },
      'It does not know plain Ed25519 over a file.',
    ],
    [
      'another digest in the entry of an envelope',
      { kind: 'p384', content: 'envelope' },
      'It knows only SHA-256 in the log entry of an envelope.',
    ],
    [
      'a log that nobody knows',
      { logs: [world.two, { ...world.three, key: makeKey('p256') }] },
      'It does not pass over logs and authorities that nobody here knows.',
    ],
    [
      'a certificate that came with a timestamp',
      {
        stamps: [
          {
            certificate: world.embeddedStamper.certificate,
            key: world.embeddedStamper.key,
            embed: [world.embeddedStamper.certificate],
          },
        ],
      },
      'It needs the certificate of a timestamp authority in the trusted root.',
    ],
  ] as const)('cannot judge %s', async (_, plan, why) => {
    expect(await opinion(plan as BundlePlan)).toEqual(cannot(why))
  })

  it('cannot judge what it is not given', async () => {
    expect(await opinion({}, { artifact: null })).toEqual(cannot('It needs the file itself.'))
    expect(await opinion({}, { json: null })).toEqual(
      cannot(`It is given no bundle, or one of more than ${limits.secondOpinionBytes} bytes.`),
    )
  })

  it('cannot read what is no bundle: that contradicts nothing', async () => {
    for (const json of [{}, [], 5, { mediaType: 'x' }]) {
      const { answer, why } = await opinion({}, { json })
      expect([answer, why]).toEqual([
        'cannot-judge',
        expect.stringMatching(/^It cannot read this: (?!something else)/),
      ])
    }
  })

  it('contradicts what another signed, another file, and fewer logs than are asked', async () => {
    const contradicts = { answer: 'contradicts', why: expect.stringMatching(/^[A-Z_]+: ./) as unknown }
    const { json } = makeBundle({ artifact: Buffer.from('another') })
    expect(await opinion({}, { json })).toEqual(contradicts)
    expect(await opinion({}, { artifact: Buffer.from('another') })).toEqual(contradicts)
    for (const ask of [
      { logs: 2, times: 1, scts: 1 },
      { logs: 1, times: 2, scts: 1 },
      { logs: 1, times: 1, scts: 2 },
    ])
      expect(await opinion({}, { ask })).toEqual(contradicts)
    expect(await opinion({}, { roots: [rootFrom(worldRoot((plan) => ({ ...plan, ctLogs: [] })))] })).toEqual(
      contradicts,
    )
  })
})

describe('a bundle for it', () => {
  it('is any JSON that is not too large', () => {
    expect(bundleForSecond(Buffer.from('{"a":1,"a":2}'))).toEqual({ a: 2 })
    expect(bundleForSecond(Buffer.from('{'))).toBeNull()
    expect(bundleForSecond(Buffer.from('1'.padStart(limits.secondOpinionBytes)))).toBe(1)
    expect(bundleForSecond(Buffer.from('1'.padStart(limits.secondOpinionBytes + 1)))).toBeNull()
  })
})
