import { keyWords, type KeyKind } from '../sigstore/verifier-key.ts'

/*
 * What FIPS 186-5 and SP 800-131A approve for signatures, and what validated modules in use have: so not Ed25519, which is
 * approved and missing in most of them. It is about algorithms alone. Whether a validated module computes them is another
 * thing, which no rule here can say.
 */
const approved: ReadonlySet<KeyKind> = new Set(['p256', 'p384', 'p521', 'rsa2048', 'rsa3072', 'rsa4096'])

export const isApproved = (kind: KeyKind): boolean => approved.has(kind)

/** The profile in words. */
export const approvedWords = `ECDSA P-256, P-384 or P-521, or RSA from 2048 bits, with SHA-2`

/** What of these is not approved, each once, in words. */
export function sayOthers(keys: readonly { readonly what: string; readonly kind: KeyKind }[]): string {
  const others = keys.filter(({ kind }) => !isApproved(kind))
  return [...new Set(others.map(({ what, kind }) => `${what}: ${keyWords(kind)}`))].join('; ')
}
