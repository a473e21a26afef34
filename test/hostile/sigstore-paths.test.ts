import { describe, expect, it } from 'vitest'
import { limits } from '../../main/platform/limits.ts'
import { readCertificate, type Certificate } from '../../main/sigstore/x509/certificate.ts'
import { newEffort, pathsTo, type Authority } from '../../main/sigstore/x509/chain.ts'
import { oids } from '../../main/sigstore/x509/extensions.ts'
import { makeLeaf } from '../support/authority/world.ts'
import { makeAuthority, makeCertificate, type TestAuthority } from '../support/pki/certificate.ts'
import { basicConstraints, keyUsage } from '../support/pki/extensions.ts'

/* A search for paths ends soon, whatever a trusted root holds: what it costs are signatures of certificates. */

const read = (...ders: readonly Buffer[]): Certificate[] => ders.map(readCertificate)
const authorityOf = (certificates: readonly Certificate[]): Authority => ({
  uri: 'https://ca.test',
  operator: 'ca',
  certificates,
  window: { start: 0, end: Infinity },
})

// The same key over and over, each time another certificate of it.
const selfIssued = (authority: TestAuthority, count: number): Buffer[] =>
  Array.from({ length: count }, (_, n) =>
    makeCertificate({
      subject: authority.name,
      issuer: authority.name,
      key: authority.key,
      signer: authority.key,
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2050-01-01T00:00:00Z'),
      serial: Buffer.from([1, n + 1]),
      extensions: [basicConstraints(true), keyUsage('keyCertSign')],
    }),
  )

describe('a search for paths', () => {
  it('checks one signature a key, however many certificates of the key there are', () => {
    const own = makeAuthority({ name: 'loop', kind: 'p256' })
    const other = makeAuthority({ name: 'loop', kind: 'p256' })
    const loop = (authority: TestAuthority): Authority => authorityOf(read(...selfIssued(authority, 10)))
    const all = Array.from({ length: 64 }, () => loop(own))
    const [stranger, leaf] = read(makeLeaf({ authority: other }).der, makeLeaf({ authority: own }).der)
    if (stranger === undefined || leaf === undefined) throw new Error('no leaf')
    const effort = newEffort()
    expect(pathsTo(stranger, all, oids.codeSigning, effort)).toEqual([])
    expect(limits.pathSignatures - effort.left).toBe(1)
    const found = pathsTo(leaf, all, oids.codeSigning, effort)
    expect(found.map(({ certificates }) => certificates.length)).toEqual(all.map(() => 2))
    expect(limits.pathSignatures - effort.left).toBe(2)
  })

  it('is still one through other certificates of the key', () => {
    const root = makeAuthority({ name: 'root', kind: 'p256' })
    const between = makeAuthority({ name: 'between', kind: 'p256', parent: root })
    const [leaf] = read(makeLeaf({ authority: between }).der)
    if (leaf === undefined) throw new Error('no leaf')
    const chain = read(...selfIssued(between, 3), ...between.chain)
    expect(
      pathsTo(leaf, [authorityOf(chain)], oids.codeSigning).map((path) => path.certificates.length),
    ).toEqual([3])
  })

  it('goes through one key under two names', () => {
    const first = makeAuthority({ name: 'first name', kind: 'p256' })
    const renamed = makeAuthority({
      name: 'second name',
      kind: 'p256',
      parent: first,
      change: { key: first.key, extensions: [basicConstraints(true), keyUsage('keyCertSign')] },
    })
    const [leaf] = read(makeLeaf({ authority: { ...renamed, key: first.key } }).der)
    if (leaf === undefined) throw new Error('no leaf')
    const paths = pathsTo(leaf, [authorityOf(read(...renamed.chain))], oids.codeSigning)
    expect(paths.map(({ certificates }) => certificates.length)).toEqual([3])
  })

  it('gives up after so many authorities of one name', () => {
    const all = Array.from({ length: limits.issuerKeys + 1 }, () =>
      makeAuthority({ name: 'twins', kind: 'p256' }),
    )
    const known = all.map(({ certificate }) => authorityOf(read(certificate)))
    const found = (at: number): number => {
      const authority = all.at(at)
      const [leaf] = authority === undefined ? [] : read(makeLeaf({ authority }).der)
      return leaf === undefined ? -1 : pathsTo(leaf, known, oids.codeSigning).length
    }
    expect([found(-2), found(-1)]).toEqual([1, 0])
  })

  it('gives up after so many signatures in one verification', () => {
    const [own, other] = [1, 2].map(() => makeAuthority({ name: 'twins', kind: 'p256' }))
    if (own === undefined || other === undefined) throw new Error('no authorities')
    const known = [authorityOf(read(own.certificate))]
    const effort = newEffort()
    const found = (authority: TestAuthority): number => {
      const [leaf] = read(makeLeaf({ authority }).der)
      return leaf === undefined ? -1 : pathsTo(leaf, known, oids.codeSigning, effort).length
    }
    for (let i = 1; i < limits.pathSignatures; i++) expect(found(other)).toBe(0)
    expect([found(own), found(own)]).toEqual([1, 0])
  })
})
