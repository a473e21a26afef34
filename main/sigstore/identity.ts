import { Refusal } from './refusal.ts'
import type { Certificate } from './x509/certificate.ts'
import { readingExtensions } from './x509/chain.ts'
import { alternativeNames, fulcioExtensions, type AlternativeName } from './x509/extensions.ts'

/** Who a certificate was made for, and by whose word. */
export interface Identity {
  readonly name: AlternativeName
  /** `null`: the certificate names none, as those of a company's own authority. */
  readonly issuer: string | null
  /** Fulcio's extensions by number (signing.md, 1.6). */
  readonly extensions: ReadonlyMap<number, string>
}

/** The identity that is asked for; everything is compared as text, whole. */
export interface AskedIdentity {
  readonly san: string
  readonly issuer: string
  readonly extensions?: Readonly<Record<number, string>>
}

/**
 * Reads who a certificate was made for: exactly one name, and the issuer that vouched for it.
 *
 * @param issuers `none-too`: a certificate that names no issuer is one as well; the caller then asks for its root
 * @throws Refusal `identity.form`, `certificate.form`
 */
export function identityOf(leaf: Certificate, issuers: 'named' | 'none-too' = 'named'): Identity {
  const names = readingExtensions(() => alternativeNames(leaf))
  const extensions = readingExtensions(() => fulcioExtensions(leaf))
  const [name] = names
  if (name === undefined || names.length !== 1) {
    throw new Refusal('identity.form', 'one alternative name', `${names.length}`)
  }
  const old = extensions.get(1)
  const issuer = extensions.get(8) ?? old
  if (issuer === undefined && issuers === 'named')
    throw new Refusal('identity.form', 'an issuer (extension 8 or 1)', 'none')
  if (old !== undefined && old !== issuer) {
    throw new Refusal('identity.form', 'one issuer', `${issuer ?? ''} in extension 8, ${old} in extension 1`)
  }
  return { name, issuer: issuer ?? null, extensions }
}

/**
 * Demands an identity: issuer and name, and each pinned extension, character by character.
 *
 * @throws Refusal `identity.*`
 */
export function checkIdentity(identity: Identity, asked: AskedIdentity): void {
  if (asked.san === '' || asked.issuer === '') {
    throw new Refusal('identity.none-asked', 'a name and an issuer to compare with', 'an empty one')
  }
  if (identity.issuer !== asked.issuer) {
    throw new Refusal('identity.issuer', asked.issuer, identity.issuer ?? 'none')
  }
  if (identity.name.value !== asked.san) throw new Refusal('identity.name', asked.san, identity.name.value)
  for (const [number, expected] of Object.entries(asked.extensions ?? {})) {
    const found = identity.extensions.get(Number(number))
    if (found !== expected) {
      throw new Refusal(
        'identity.extension',
        `extension ${number}: ${expected}`,
        found ?? 'no such extension',
      )
    }
  }
}
