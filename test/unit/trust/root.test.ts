import { describe, expect, it } from 'vitest'
import { contentOfRoot, RootError } from '../../../main/trust/root.ts'
import { readCertificate } from '../../../main/sigstore/x509/certificate.ts'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import { world, worldRoot } from '../../support/authority/world.ts'
import { makeAuthority } from '../../support/pki/certificate.ts'

/* What officers are shown of a file of trusted roots before they install it. */

const refusal = (bytes: Uint8Array): string => {
  try {
    contentOfRoot(bytes)
    return 'taken'
  } catch (error) {
    if (error instanceof RootError) return error.message
    throw error
  }
}
const empty = { logs: [], ctLogs: [], authorities: [], timestampAuthorities: [] }
const key = (spki: Buffer): string => readVerifierKey(spki).fingerprint

describe('the content of a file of trusted roots', () => {
  it('is every authority and log, by kind, name, fingerprint and time', () => {
    const [from, to] = ['2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z']
    const bytes = worldRoot((plan) => ({
      logs: [{ ...world.one, start: from, end: to }],
      ctLogs: plan.ctLogs,
      authorities: plan.authorities,
      timestampAuthorities: [
        { url: 'https://bare.test', chain: world.stampAuthority.chain, end: '2030-01-01T00:00:00.5Z' },
      ],
    }))
    const { authorities, unusable } = contentOfRoot(bytes)
    const of = (der: Buffer | undefined): string => readCertificate(der ?? Buffer.alloc(0)).fingerprint
    const [signers, root] = world.codeSigner.chain
    const [stamps, stampRoot] = world.stampAuthority.chain
    expect(unusable).toEqual([])
    expect(authorities.map(({ kind, fingerprint, from: a, to: b }) => [kind, fingerprint, a, b])).toEqual([
      ['certificate authority', of(signers), from, null],
      ['certificate authority', of(root), from, null],
      ['log', key(world.one.key.spki), from, to],
      ['certificate log', key(world.certificateLog.spki), from, null],
      ['timestamp authority', of(stamps), from, '2030-01-01T00:00:00.500Z'],
      ['timestamp authority', of(stampRoot), from, '2030-01-01T00:00:00.500Z'],
    ])
    expect(authorities.map(({ name }) => name)).toEqual([
      expect.stringContaining('CN=signers'),
      expect.stringContaining('CN=root'),
      world.one.url,
      'https://ct.test',
      expect.stringContaining('CN=stamps'),
      expect.stringContaining('CN=stamp root'),
    ])
    expect(authorities.every(({ name }) => !name.includes('\n'))).toBe(true)
  })

  it('is a log alone, or an authority alone, and never nothing', () => {
    expect(contentOfRoot(worldRoot(() => ({ ...empty, logs: [world.one] }))).authorities).toHaveLength(1)
    const authorities = [{ url: 'https://ca.test', chain: world.root.chain }]
    expect(contentOfRoot(worldRoot(() => ({ ...empty, authorities }))).authorities).toHaveLength(1)
    expect(refusal(worldRoot(() => empty))).toBe('no authority and no log that can be used')
  })

  it('tells what cannot be used, and is refused where nothing can', () => {
    const weak = { url: 'https://weak.test', chain: makeAuthority({ name: 'weak', kind: 'rsa1024' }).chain }
    const beside = worldRoot((plan) => ({ ...plan, authorities: [...plan.authorities, weak] }))
    expect(contentOfRoot(beside).unusable).toEqual([expect.stringContaining('authority https://weak.test')])
    expect(refusal(worldRoot(() => ({ ...empty, authorities: [weak] })))).toMatch(
      /1024.*\(root\.certificate\)$/,
    )
    expect(refusal(Buffer.from('{'))).toMatch(/\(root\.json\)$/)
    expect(refusal(Buffer.from('{}'))).toMatch(/\(root\.shape\)$/)
  })
})
