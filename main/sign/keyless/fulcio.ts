import { z } from 'zod'
import type { Gate } from '../../platform/network.ts'
import { pemOf } from '../../sigstore/public-key.ts'
import { identityOf } from '../../sigstore/identity.ts'
import { Refusal } from '../../sigstore/refusal.ts'
import { readCertificate, type Certificate } from '../../sigstore/x509/certificate.ts'
import type { Signer } from '../signer.ts'
import { ask, below, json, refused, shapeOf, unexpected, type Reply } from './service.ts'
import type { Token } from './token.ts'

const zChain = z.object({
  chain: z.object({
    certificates: z
      .array(z.string().max(64 * 1024))
      .min(1)
      .max(10),
  }),
})
const zAnswer = z.union([
  z.object({ signedCertificateEmbeddedSct: zChain }).transform((one) => one.signedCertificateEmbeddedSct),
  // A bundle has no place for a detached timestamp: what it proves must then come from the log of signatures.
  z.object({ signedCertificateDetachedSct: zChain }).transform((one) => one.signedCertificateDetachedSct),
])

const pemForm = /^\s*-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE-----\s*$/

function leafOf(pem: string, reply: Reply): Certificate {
  const body = pemForm.exec(pem)?.[1]
  if (body === undefined) throw unexpected(reply, 'a certificate in PEM', 'other text')
  try {
    return readCertificate(Buffer.from(body, 'base64'))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw unexpected(reply, error.reason.expected, error.reason.found, error)
  }
}

// That the authority is a trusted one is checked with the whole bundle; here, that the certificate is the one asked for.
function checkLeaf(leaf: Certificate, token: Token, signer: Signer, reply: Reply): void {
  if (!leaf.key.spki.equals(signer.key.spki)) {
    throw unexpected(reply, 'a certificate for the key of this signing', 'one for another key')
  }
  const { name, issuer } = identityOf(leaf)
  if (issuer === null || !token.issuers.includes(issuer))
    throw unexpected(reply, `a certificate by the word of ${token.issuer}`, issuer ?? 'one of nobody')
  if (token.email !== null && name.value !== token.email) {
    throw unexpected(reply, `a certificate for ${token.email}`, name.value)
  }
}

/**
 * Has a certificate made for a key in memory and the person or program that a token names (Fulcio, v2 of its REST).
 *
 * @throws Failure `service-refused`, `service-answer`, of the gate
 */
export async function requestCertificate(
  gate: Gate,
  authority: URL,
  token: Token,
  signer: Signer,
  signal?: AbortSignal,
): Promise<Certificate> {
  const proof = await signer.sign(Buffer.from(token.challenge, 'utf8'))
  const body = json({
    credentials: { oidcIdentityToken: token.text },
    publicKeyRequest: {
      publicKey: { algorithm: 'ECDSA', content: pemOf(signer.key.spki) },
      proofOfPossession: proof.toString('base64'),
    },
  })
  const headers = { accept: 'application/json' }
  const reply = await ask(gate, below(authority, 'api/v2/signingCert'), { body, headers, signal })
  if (reply.status !== 200 && reply.status !== 201) throw refused(reply)
  const { chain } = shapeOf(reply, zAnswer, 'a certificate chain')
  const leaf = leafOf(chain.certificates[0] ?? '', reply)
  try {
    checkLeaf(leaf, token, signer, reply)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw unexpected(reply, error.reason.expected, error.reason.found, error)
  }
  return leaf
}
