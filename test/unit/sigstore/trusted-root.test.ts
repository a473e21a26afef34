import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../main/sigstore/refusal.ts'
import { readTrustedRoot } from '../../../main/sigstore/trusted-root.ts'
import { makeBundle, verified } from '../../support/authority/bundle.ts'
import { world, worldRoot } from '../../support/authority/world.ts'
import { makeAuthority, makeCertificate, type TestAuthority } from '../../support/pki/certificate.ts'
import { integer, nothing, oid, sequence } from '../../support/pki/der.ts'
import { basicConstraints, keyUsage } from '../../support/pki/extensions.ts'
import { testAlgorithms } from '../../support/pki/key.ts'

/* What a trusted root names that is not taken is told by name, and costs the use of nothing else. */

const pss = generateKeyPairSync('rsa-pss', {
  modulusLength: 2048,
  hashAlgorithm: 'sha256',
  mgf1HashAlgorithm: 'sha256',
})
const authority = (
  name: string,
  change: Parameters<typeof makeAuthority>[0]['change'],
  parent?: TestAuthority,
): TestAuthority =>
  makeAuthority({
    name,
    kind: 'p256',
    ...(parent === undefined ? {} : { parent }),
    ...(change === undefined ? {} : { change }),
  })
const rsaPss = '1.2.840.113549.1.1.10'
const withParameters = { identifier: sequence(oid(rsaPss), sequence(integer(1))), digest: 'sha256' }

const strange: readonly (readonly [name: string, chain: readonly Buffer[], why: string])[] = [
  ['weak', makeAuthority({ name: 'weak', kind: 'rsa1024' }).chain, 'an RSA key of 1024 bits'],
  ['curve', makeAuthority({ name: 'curve', kind: 'secp256k1' }).chain, 'an elliptic curve key'],
  [
    'pss key',
    authority('pss key', { key: { spki: pss.publicKey.export({ type: 'spki', format: 'der' }) } }).chain,
    'a key of type rsa-pss',
  ],
  [
    'sha1',
    authority('sha1', { algorithm: testAlgorithms.ecdsaSha1 }, world.root).chain,
    'signed with the algorithm 1.2.840.10045.4.1',
  ],
  [
    'pss',
    authority('pss', { algorithm: withParameters }, world.root).chain,
    `signed with the algorithm ${rsaPss}`,
  ],
  ['zero', authority('zero', { serial: Buffer.from([0]) }).chain, 'serial'],
  ['junk', [Buffer.from('no certificate')], ''],
]

describe('a trusted root', () => {
  it.each(strange)(
    'that names no other authority than one that cannot be used (%s) is refused',
    (_, chain, why) => {
      const bytes = worldRoot((plan) => ({ ...plan, authorities: [{ url: 'https://only.test', chain }] }))
      expect(() => readTrustedRoot(bytes)).toThrow(
        expect.objectContaining({
          reason: expect.objectContaining({
            code: 'root.certificate',
            found: expect.stringMatching(`^https://only.test: .*${why}`) as string,
          }) as object,
        }) as Error,
      )
    },
  )

  it('leaves out an authority with an algorithm or a form that is not taken, and says which', async () => {
    const listed = strange.map(([name, chain]) => ({ url: `https://${name.replace(' ', '-')}.test`, chain }))
    const root = readTrustedRoot(
      worldRoot((plan) => ({
        ...plan,
        authorities: [...listed, ...plan.authorities],
        timestampAuthorities: [...listed, ...plan.timestampAuthorities],
      })),
    )
    const all = readTrustedRoot(worldRoot())
    expect(root.authorities.length).toBe(all.authorities.length)
    expect(root.timestampAuthorities.length).toBe(all.timestampAuthorities.length)
    const told = strange.map(
      ([name, , why]) =>
        expect.stringMatching(`^authority https://${name.replace(' ', '-')}.test: .*${why}`) as unknown,
    )
    expect(root.unusable).toEqual([...told, ...told])
    expect((await verified(makeBundle(), { roots: [root] })).ok).toBe(true)
  })

  it('does not ask how an anchor signed itself', async () => {
    const old = makeAuthority({ name: 'old anchor' })
    const certificate = makeCertificate({
      subject: old.name,
      issuer: old.name,
      key: old.key,
      signer: old.key,
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2050-01-01T00:00:00Z'),
      algorithm: testAlgorithms.ecdsaSha1,
      extensions: [basicConstraints(true), keyUsage('keyCertSign')],
    })
    const root = readTrustedRoot(
      worldRoot((plan) => ({ ...plan, authorities: [{ url: 'https://old.test', chain: [certificate] }] })),
    )
    expect(root.unusable).toEqual([])
    expect((await verified(makeBundle({ leaf: { authority: old } }), { roots: [root] })).ok).toBe(true)
  })

  it('takes one key for an id of a log', async () => {
    const text = worldRoot().toString()
    const { tlogs } = JSON.parse(text) as { tlogs: { baseUrl: string; publicKey: { rawBytes: string } }[] }
    const [log] = tlogs
    const rawBytes = world.three.key.spki.toString('base64')
    const twin = { ...log, baseUrl: 'https://twin.test', publicKey: { ...log?.publicKey, rawBytes } }
    const root = readTrustedRoot(
      Buffer.from(JSON.stringify({ ...(JSON.parse(text) as object), tlogs: [...tlogs, log, twin] })),
    )
    expect(root.unusable).toEqual([
      expect.stringMatching(/^log https:\/\/twin\.test: a second key for the id /),
    ])
    expect(root.logs.length).toBe(tlogs.length + 1)
    expect((await verified(makeBundle({ logs: [world.one] }), { roots: [root] })).ok).toBe(true)
  })

  it('leaves out a log whose key or algorithm is not taken, and says which', async () => {
    const text = worldRoot().toString()
    const log = (change: object): object => ({
      baseUrl: 'https://odd.test',
      logId: { keyId: Buffer.alloc(32).toString('base64') },
      publicKey: {
        rawBytes: world.one.key.spki.toString('base64'),
        keyDetails: 'PKIX_ECDSA_P256_SHA_256',
        validFor: { start: '2020-01-01T00:00:00Z' },
        ...change,
      },
    })
    const odd = [
      log({ rawBytes: nothing.toString('base64') }),
      log({ keyDetails: 'PKIX_ED25519' }),
      log({ keyDetails: 'LMS_SHA256' }),
    ]
    const root = readTrustedRoot(
      Buffer.from(text.replace('"tlogs":[', `"tlogs":[${odd.map((one) => JSON.stringify(one)).join()},`)),
    )
    expect(root.unusable.map((one) => one.slice(0, 21))).toEqual(odd.map(() => 'log https://odd.test:'))
    expect((await verified(makeBundle(), { roots: [root] })).ok).toBe(true)
  })

  it('counts from a moment to a moment, which may be one and the same, and never backwards', () => {
    const until = (end: string): unknown => {
      try {
        const log = { ...world.one, start: '2026-01-01T00:00:00Z', end }
        return readTrustedRoot(worldRoot((plan) => ({ ...plan, logs: [log] }))).logs.map(
          ({ window }) => window,
        )
      } catch (error) {
        return error instanceof Refusal ? error.reason.code : error
      }
    }
    const start = Date.parse('2026-01-01T00:00:00Z')
    expect(until('2026-01-01T00:00:00Z')).toEqual([{ start, end: start }])
    expect(until('2026-01-01T00:00:00.001Z')).toEqual([{ start, end: start + 1 }])
    expect(until('2025-12-31T23:59:59.999Z')).toBe('root.window')
    expect(until('2026-02-28T23:59:59+01:00')).toEqual([{ start, end: Date.parse('2026-02-28T22:59:59Z') }])
    for (const none of ['2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '2026-02-28T24:00:00Z', '2026-02-28'])
      expect([none, until(none)]).toEqual([none, 'root.shape'])
  })
})
