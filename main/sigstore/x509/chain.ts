import { Refusal } from '../refusal.ts'
import { isSelfIssued, isSignedBy, type Certificate } from './certificate.ts'
import { authorityOf, oids, purposesOf, usageAllows } from './extensions.ts'
import { DerError } from './der.ts'

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

// Whether a certificate may stand above others in a path of this length, for this purpose (RFC 5280, 6.1).
function mayIssue(certificate: Certificate, below: number, purpose: string): boolean {
  const authority = authorityOf(certificate)
  const purposes = purposesOf(certificate)
  return (
    authority.is &&
    below <= authority.pathLength &&
    usageAllows(certificate, 5) !== false &&
    (purposes === null || purposes.oids.includes(purpose))
  )
}

// The certificates of a trusted root are the same objects at each verification: their own links are checked once.
const links = new WeakMap<Certificate, WeakMap<Certificate, boolean>>()

function linked(certificate: Certificate, issuer: Certificate): boolean {
  const known = links.get(certificate) ?? new WeakMap<Certificate, boolean>()
  links.set(certificate, known)
  const signed = known.get(issuer) ?? isSignedBy(certificate, issuer)
  known.set(issuer, signed)
  return signed
}

// Every path from the leaf to the anchor; an authority has a handful of certificates, so trying all is cheap.
function pathsFrom(path: readonly Certificate[], authority: Authority, purpose: string): Certificate[][] {
  const last = path.at(-1)
  const anchor = authority.certificates.at(-1)
  if (last === undefined || anchor === undefined) return []
  if (last.der.equals(anchor.der)) return [[...path]]
  if (path.length > authority.certificates.length) return []
  const below = path.slice(1).filter((one) => !isSelfIssued(one)).length
  return authority.certificates
    .filter((issuer) => !path.includes(issuer))
    .filter((issuer) => readingExtensions(() => mayIssue(issuer, below, purpose)) && linked(last, issuer))
    .flatMap((issuer) => pathsFrom([...path, issuer], authority, purpose))
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
 * @throws Refusal `certificate.critical-extension` when the leaf, or every path, says something that is not understood
 */
export function pathsTo(leaf: Certificate, authorities: readonly Authority[], purpose: string): Path[] {
  checkCritical(leaf)
  const paths = authorities.flatMap((authority) =>
    pathsFrom([leaf], authority, purpose).map((certificates) => ({ authority, certificates })),
  )
  const understandable = paths.filter(({ certificates }) =>
    certificates.every((one) => unknownIn(one) === null),
  )
  // What an authority beside says is no matter of this leaf; what all of its own say is.
  if (understandable.length === 0) for (const one of paths[0]?.certificates ?? []) checkCritical(one)
  return understandable
}

/** Whether the authority counted and every certificate of the path was valid at a time. */
export function isValidAt(path: Path, at: number): boolean {
  return (
    within(at, path.authority.window) &&
    path.certificates.every(({ notBefore, notAfter }) => within(at, { start: notBefore, end: notAfter }))
  )
}
