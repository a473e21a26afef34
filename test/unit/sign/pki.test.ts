import { X509Certificate } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  chainPem,
  emptyName,
  makeAuthority,
  makeCertificate,
  makeTimestampLeaf,
} from '../../support/pki/certificate.ts'
import { certificateBody, type CertificatePlan, type TestAuthority } from '../../support/pki/certificate.ts'
import { oid } from '../../support/pki/der.ts'
import {
  extendedKeyUsage,
  fulcioIssuer,
  generalName,
  keyUsage,
  poison,
  sctList,
  subjectAltName,
} from '../../support/pki/extensions.ts'
import { makeKey, type TestKeyKind } from '../../support/pki/key.ts'
import { bodyWithout, makeSct } from '../../support/pki/sct.ts'

function leafPlan(parent: TestAuthority, kind: TestKeyKind = 'p256'): CertificatePlan {
  return {
    subject: emptyName,
    issuer: parent.name,
    key: makeKey(kind),
    signer: parent.key,
    notBefore: new Date('2025-01-01T00:00:00Z'),
    notAfter: new Date('2049-01-01T00:00:00Z'),
    extensions: [
      keyUsage('digitalSignature'),
      extendedKeyUsage(['codeSigning']),
      subjectAltName([generalName.email('a@b.cc'), generalName.other('user!domain')]),
      ...fulcioIssuer('https://issuer.test'),
    ],
  }
}

/** What openssl says of a chain: 0 when it takes it. */
function opensslStatus(leaf: Buffer, chain: readonly Buffer[], purpose: string): number | null {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-pki-'))
  writeFileSync(join(folder, 'leaf.pem'), chainPem([leaf]))
  writeFileSync(join(folder, 'middle.pem'), chainPem(chain.slice(0, -1)))
  writeFileSync(join(folder, 'root.pem'), chainPem(chain.slice(-1)))
  const trust = ['-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'middle.pem', '-purpose', purpose]
  return spawnSync('openssl', ['verify', ...trust, 'leaf.pem'], { cwd: folder }).status
}

describe('certificates made for tests', () => {
  it.each(['p256', 'p384', 'p521', 'rsa2048', 'ed25519'] as const)(
    'an authority with %s signs leaves',
    (kind) => {
      const root = makeAuthority({ name: 'root', kind, pathLength: 1 })
      const middle = makeAuthority({
        name: 'middle',
        kind,
        parent: root,
        pathLength: 0,
        purposes: ['codeSigning'],
      })
      const leaf = new X509Certificate(makeCertificate(leafPlan(middle, kind)))
      expect(leaf.verify(middle.key.publicKey)).toBe(true)
      expect(leaf.checkIssued(new X509Certificate(middle.certificate))).toBe(true)
      expect(leaf.subjectAltName).toContain('email:a@b.cc')
      expect(leaf.validFrom).toBe('Jan  1 00:00:00 2025 GMT')
      expect(new X509Certificate(root.certificate).ca).toBe(true)
    },
  )

  it('are taken by openssl, by purpose', () => {
    const root = makeAuthority({ name: 'root' })
    const middle = makeAuthority({ name: 'middle', parent: root, purposes: ['timeStamping'] })
    const stamp = makeTimestampLeaf(middle)
    expect(opensslStatus(stamp.certificate, middle.chain, 'timestampsign')).toBe(0)
    const other = makeTimestampLeaf(middle, 'p256', { extensions: [extendedKeyUsage(['codeSigning'], true)] })
    expect(opensslStatus(other.certificate, middle.chain, 'timestampsign')).not.toBe(0)
  })

  it('carry flaws when asked: a signature that is none, a precertificate', () => {
    const root = makeAuthority({ name: 'root' })
    const bad = makeCertificate({
      ...leafPlan(root),
      changeSignature: (one) => Buffer.from(one).fill(7, 10, 20),
    })
    expect(new X509Certificate(bad).verify(root.key.publicKey)).toBe(false)
    const plan = leafPlan(root)
    const serial = Buffer.from('0102', 'hex')
    const body = certificateBody({ ...plan, serial })
    const withPoison = makeCertificate({ ...plan, serial, extensions: [...(plan.extensions ?? []), poison] })
    expect(bodyWithout(withPoison, oid('1.3.6.1.4.1.11129.2.4.3'))).toEqual(body)
    const sct = makeSct({ log: makeKey(), at: new Date(0), of: { body, issuerSpki: root.key.spki } })
    const whole = makeCertificate({
      ...plan,
      serial,
      extensions: [...(plan.extensions ?? []), sctList([sct])],
    })
    expect(bodyWithout(whole, oid('1.3.6.1.4.1.11129.2.4.2'))).toEqual(body)
    expect(new X509Certificate(whole).serialNumber).toBe('0102')
  })
})
