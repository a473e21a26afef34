import { describe, expect, it } from 'vitest'
import type { RootDemand } from '../../../main/evidence/judge.ts'
import { fileSignature } from '../../../main/oci/file-evidence.ts'
import type { TrustedRoot } from '../../../main/sigstore/trusted-root.ts'
import { limits } from '../../../main/platform/limits.ts'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import { assessed, assessedLayers } from '../../support/attacks/evidence.ts'
import { artifact, type BundlePlan } from '../../support/authority/bundle.ts'
import { sharedKey, signIn, usualWay } from '../../support/authority/scheme.ts'
import { rootFrom, trust, world, worldRoot } from '../../support/authority/world.ts'
import { makeAuthority } from '../../support/pki/certificate.ts'
import { makeKey } from '../../support/pki/key.ts'

/* What is not proven: contradicted by somebody known, or only not vouched for; and what counts under one root alone. */

const mine = readVerifierKey(sharedKey('p256').spki)
const own: BundlePlan = { content: 'envelope' }

async function result(plan: BundlePlan, roots: readonly TrustedRoot[] = [trust]): Promise<string> {
  const [one] = await assessed([plan], { roots, keys: [] })
  return `${one?.view.result} ${one?.view.reason?.code ?? ''}`
}

describe('a certificate of an authority that is known', () => {
  const strange = { leaf: { authority: makeAuthority({ name: 'strange' }) } }
  const forged = { changeSignature: () => Buffer.from('x') }
  it('is contradicted by what is wrong with it; one of another authority is not', async () => {
    expect(await result({ ...own, ...forged })).toMatch(/^bad /)
    expect(await result({ ...own, ...forged, ...strange })).toMatch(/^unknown /)
    expect(await result({ ...own, ...forged }, [])).toMatch(/^unknown /)
  })

  it('is contradicted by a log that is missing where its root names some, and only there', async () => {
    const without = rootFrom(worldRoot((plan) => ({ ...plan, logs: [] })))
    const unlogged: BundlePlan = { ...own, logs: [] }
    expect(await result(unlogged)).toBe('bad log.none')
    expect(await result(unlogged, [without])).toBe('unknown log.none')
    expect(await result(unlogged, [without, trust])).toBe('bad log.none')
    const others = rootFrom(worldRoot((plan) => ({ ...plan, authorities: [] })))
    expect(await result(unlogged, [without, others])).toBe('unknown log.none')
  })

  it('is not contradicted by a form that is not read', async () => {
    expect(await result({ ...own, payload: Buffer.from('{}') })).toBe('unknown statement.form')
  })
})

describe('under one root alone', () => {
  const { digest } = trust
  const usual = { root: digest, issuers: 'named', logs: 1, times: 1, scts: 1 } as const
  async function under(plan: BundlePlan, demands: readonly RootDemand[], roots = [trust]) {
    const [one] = await assessed([plan], { roots, keys: [mine], demands })
    return [one?.view.result, one?.counts, one?.under]
  }
  const counts = (logs: number, times: number, scts: number) => ({ logs, times, scts })

  it('a certificate counts as far as is asked there, whether or not it does everywhere', async () => {
    const whole = counts(1, 1, 1)
    expect(await under(own, [])).toEqual(['proven', whole, []])
    expect(await under(own, [usual])).toEqual(['proven', whole, [{ root: digest, counts: whole }]])
    const bare: BundlePlan = { ...own, logs: [], leaf: { sct: null } }
    expect(await under(bare, [usual])).toEqual(['bad', null, []])
    expect(await under(bare, [{ ...usual, logs: 0, scts: 0 }])).toEqual([
      'proven',
      null,
      [{ root: digest, counts: counts(0, 1, 0) }],
    ])
    expect((await under(bare, [{ ...usual, logs: 0 }]))[1]).toBeNull()
  })

  it('operators are counted, not entries', async () => {
    const { rsaStamper } = world
    const plan: BundlePlan = {
      ...own,
      logs: [world.two, world.three],
      stamps: [{}, { certificate: rsaStamper.certificate, key: rsaStamper.key }],
    }
    expect((await under(plan, []))[1]).toEqual(counts(2, 2, 1))
    expect((await under({ ...plan, stamps: [{}, { imprintHash: 'sha512' }] }, []))[1]).toEqual(
      counts(2, 1, 1),
    )
  })

  it('a root that this desk does not have, and a key, count nowhere', async () => {
    const other = rootFrom(worldRoot((plan) => ({ ...plan, ctLogs: [] })))
    expect((await under(own, [{ ...usual, root: other.digest }]))[2]).toEqual([])
    expect((await under({ ...own, signer: 'key' }, [{ ...usual, scts: 0 }]))[2]).toEqual([])
    const both = [usual, { ...usual, root: other.digest, scts: 0 }]
    expect((await under(own, both, [trust, other]))[2]).toEqual([
      { root: digest, counts: counts(1, 1, 1) },
      { root: other.digest, counts: counts(1, 1, 0) },
    ])
  })

  it('a certificate without an issuer counts only where that is said', async () => {
    const plan: BundlePlan = { ...own, leaf: { issuer: [] } }
    expect((await under(plan, [usual]))[2]).toEqual([])
    const [said, all, found] = await under(plan, [{ ...usual, issuers: 'none-too' }])
    expect([said, all, found]).toEqual(['proven', null, [{ root: digest, counts: counts(1, 1, 1) }]])
  })
})

describe('a bundle whose log holds the hash of an envelope', () => {
  it('is proven by the parts of the envelope, without its bytes', async () => {
    expect(await result({ ...own, logs: [world.one] })).toBe('proven ')
  })
})

describe('a bare signature beside a file', () => {
  const signature = signIn(sharedKey('p256'), usualWay('p256'), artifact)
  async function bare(bytes: Buffer, keys = [readVerifierKey(makeKey('p256').spki), mine]) {
    const [one] = await assessedLayers([{ mediaType: fileSignature, bytes }], { roots: [trust], keys })
    const { form, kind, predicateType, result: said, reason } = one?.view ?? {}
    return [form, kind, predicateType, said, reason?.code ?? null]
  }
  const proven = ['file-signature', 'signature', null, 'proven', null]
  const base64 = signature.toString('base64')

  it('counts as its bytes, in base64, and with line ends in that', async () => {
    const wrapped = `\n${base64.slice(0, 30)}\r\n${base64.slice(30)}\n`
    for (const bytes of [signature, Buffer.from(base64), Buffer.from(wrapped)])
      expect(await bare(bytes)).toEqual(proven)
  })

  it('by nobody who is known, or changed, is unknown', async () => {
    const unknown = (code: string) => [...proven.slice(0, 3), 'unknown', code]
    expect(await bare(signature, [])).toEqual(unknown('key.unknown'))
    const changed = Buffer.from(signature.map((byte, i) => (i === 20 ? byte ^ 1 : byte)))
    for (const bytes of [changed, Buffer.from(base64.slice(0, -4)), Buffer.alloc(2048, 1)])
      expect(await bare(bytes)).toEqual(unknown('signature.no-fit'))
    expect(await bare(Buffer.alloc(0))).toEqual(unknown('signature.form'))
    expect(await bare(Buffer.alloc(limits.bareSignatureBytes + 1))).toEqual(unknown('bundle.too-large'))
  })
})
