import { limits } from '../../platform/limits.ts'
import { Refusal } from '../refusal.ts'
import { isSelfIssued, isSignedBy, type Certificate } from './certificate.ts'
import { authorityOf, oids, purposesOf, usageAllows } from './extensions.ts'
import { DerError } from './der.ts'
import { namesAllowed } from './name-constraints.ts'

/** A certificate authority of a trusted root: its certificates, the trust anchor last. */
export interface Authority {
  readonly uri: string
  readonly operator: string
  readonly certificates: readonly Certificate[]
  readonly window: Window
}

/** When something of a trusted root counts: both ends count. Milliseconds; `end` is infinite while in use. */
export interface Window {
  readonly start: number
  readonly end: number
}

export const within = (at: number, window: Window): boolean => at >= window.start && at <= window.end

/** The critical extensions that the core understands. Another one may say what we would miss. */
const understood = new Set<string>([
  oids.keyUsage,
  oids.alternativeNames,
  oids.basicConstraints,
  oids.nameConstraints,
  oids.purposes,
])

/** Runs a reading of extensions; a broken one is a broken certificate. */
export function readingExtensions<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError) {
      throw new Refusal('certificate.form', 'extensions of the form of their standard', error.message)
    }
    throw error
  }
}

function unknownIn(certificate: Certificate): string | null {
  const all = [...certificate.extensions.values()]
  return all.find(({ oid, critical }) => critical && !understood.has(oid))?.oid ?? null
}

function checkCritical(certificate: Certificate): void {
  const oid = unknownIn(certificate)
  if (oid === null) return
  throw new Refusal('certificate.critical-extension', 'only critical extensions that are understood', oid)
}

// Whether a certificate may stand above others in a path of this length, for this purpose (RFC 5280, 6.1.4). Of an anchor
// less is asked: it is believed for itself, and old ones say less.
function mayIssue(certificate: Certificate, below: number, purpose: string, isAnchor: boolean): boolean {
  const authority = authorityOf(certificate)
  const purposes = purposesOf(certificate)
  const usage = usageAllows(certificate, 5)
  return (
    authority.is &&
    below <= authority.pathLength &&
    (isAnchor ? usage !== false : usage === true && authority.critical) &&
    (purposes === null || purposes.oids.includes(purpose))
  )
}

/** How many signatures of certificates may still be checked before a search for paths gives up. */
export interface Effort {
  left: number
}

/** What one verification may spend: a trusted root names a handful of authorities of one name, never dozens. */
export const newEffort = (): Effort => ({ left: limits.pathSignatures })

// The certificates of a trusted root are the same objects at each verification, and one key may have many certificates.
const links = new WeakMap<Certificate, Map<string, boolean>>()

function linked(certificate: Certificate, issuer: Certificate, effort: Effort): boolean {
  if (!certificate.issuer.equals(issuer.subject)) return false
  const known = links.get(certificate) ?? new Map<string, boolean>()
  links.set(certificate, known)
  const found = known.get(issuer.key.fingerprint)
  if (found !== undefined) return found
  if (effort.left <= 0 || known.size >= limits.issuerKeys) return false
  effort.left -= 1
  const signed = isSignedBy(certificate, issuer)
  known.set(issuer.key.fingerprint, signed)
  return signed
}

// The same name and key again add nothing but length: what goes through both goes through the later one alone.
const isSameIssuer = (one: Certificate, other: Certificate): boolean =>
  one.subject.equals(other.subject) && one.key.fingerprint === other.key.fingerprint

interface Search {
  readonly authority: Authority
  readonly purpose: string
  readonly effort: Effort
}

function pathsFrom(path: readonly Certificate[], search: Search): Certificate[][] {
  const { authority, purpose, effort } = search
  const last = path.at(-1)
  const anchor = authority.certificates.at(-1)
  if (last === undefined || anchor === undefined) return []
  if (last.der.equals(anchor.der)) return [[...path]]
  const above = path.slice(1)
  const below = above.filter((one) => !isSelfIssued(one)).length
  return authority.certificates
    .filter((issuer) => issuer !== last && !above.some((one) => isSameIssuer(one, issuer)))
    .filter((issuer) => linked(last, issuer, effort))
    .filter((issuer) => readingExtensions(() => mayIssue(issuer, below, purpose, issuer === anchor)))
    .flatMap((issuer) => pathsFrom([...path, issuer], search))
}

/** A path from a leaf to the anchor of an authority. */
export interface Path {
  readonly authority: Authority
  /** Leaf first, anchor last. */
  readonly certificates: readonly Certificate[]
}

/**
 * All paths that the given authorities offer for a leaf, without a look at any time.
 *
 * @throws Refusal `certificate.critical-extension`, `certificate.name-constraints` when the leaf, or every path, says
 * something that is not understood or does not allow the names of the leaf; `certificate.form`
 */
export function pathsTo(
  leaf: Certificate,
  authorities: readonly Authority[],
  purpose: string,
  effort: Effort = newEffort(),
): Path[] {
  checkCritical(leaf)
  const paths = authorities.flatMap((authority) =>
    pathsFrom([leaf], { authority, purpose, effort }).map((certificates) => ({ authority, certificates })),
  )
  const understandable = paths.filter(({ certificates }) =>
    certificates.every((one) => unknownIn(one) === null),
  )
  // What an authority beside says is no matter of this leaf; what all of its own say is.
  if (understandable.length === 0) for (const one of paths[0]?.certificates ?? []) checkCritical(one)
  const allowed = understandable.filter(({ certificates }) =>
    readingExtensions(() => namesAllowed(certificates)),
  )
  if (allowed.length === 0 && understandable.length > 0) {
    throw new Refusal(
      'certificate.name-constraints',
      'a certificate for names that its authority may vouch for',
      `other names in certificate ${leaf.fingerprint}`,
    )
  }
  return allowed
}

/** Whether the authority counted and every certificate of the path was valid at a time. */
export function isValidAt(path: Path, at: number): boolean {
  return (
    within(at, path.authority.window) &&
    path.certificates.every(({ notBefore, notAfter }) => within(at, { start: notBefore, end: notAfter }))
  )
}
