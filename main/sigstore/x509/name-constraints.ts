import type { Certificate } from './certificate.ts'
import { context, DerError, inside, oid, readDer, sequence, type Der } from './der.ts'
import { generalNames, oids } from './extensions.ts'
import { beginsWith, nameParts } from './name.ts'

/*
 * What names an authority may vouch for (RFC 5280, 4.2.1.10 and 6.1.4), critical or not: whoever set the bounds meant
 * them. A kind of name that nobody here can compare is out of bounds as soon as a bound speaks of it.
 */

interface Constraints {
  readonly permitted: readonly Der[]
  readonly excluded: readonly Der[]
}

const kinds = { other: 0, email: 1, host: 2, directory: 4, uri: 6 } as const
const kindOf = ({ tag }: Der): number => tag & 0x1f

const ascii = ({ content }: Der): string => content.toString('latin1').toLowerCase()
const hostForm = /^\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

// RFC 5280, 4.2.1.10: minimum is always 0, and left out; maximum is never there.
function baseOf(subtree: Der): Der {
  const [base, ...rest] = sequence(subtree)
  if (base === undefined || rest.length > 0) throw new DerError('a name constraint with a distance')
  const kind = kindOf(base)
  const host = kind === kinds.email ? ascii(base).replace(/^[^@]+@/, '') : ascii(base)
  const isText = kind === kinds.email || kind === kinds.host || kind === kinds.uri
  if (isText && host !== '' && !hostForm.test(host)) throw new DerError('a name constraint without a host')
  return base
}

function treesOf(part: Der | undefined): Der[] {
  if (part === undefined) return []
  const trees = inside(part).map(baseOf)
  if (trees.length === 0) throw new DerError('a name constraint without a name')
  return trees
}

/** The name constraints of an authority; `null` when it has none. @throws DerError */
function constraintsOf(certificate: Certificate): Constraints | null {
  const extension = certificate.extensions.get(oids.nameConstraints)
  if (extension === undefined) return null
  const parts = sequence(readDer(extension.value))
  const places = parts.map(({ tag }) => [context(0), context(1)].indexOf(tag))
  if (parts.length === 0 || places.some((place, at) => place <= (places[at - 1] ?? -1)))
    throw new DerError('name constraints of another form')
  const of = (n: number): Der[] => treesOf(parts.find(({ tag }) => tag === context(n)))
  return { permitted: of(0), excluded: of(1) }
}

/** Every name that a certificate states of its subject, as a GeneralName each. @throws DerError */
function namesOf(certificate: Certificate): Der[] {
  const names = generalNames(certificate)
  const subject = readDer(certificate.subject)
  return subject.content.length === 0
    ? names
    : [...names, { tag: context(kinds.directory), raw: certificate.subject, content: certificate.subject }]
}

// `host`: that host alone; `.host`: every host below it.
const hostFits = (host: string, base: string): boolean =>
  base.startsWith('.') ? host.endsWith(base) : host === base

function hostOfUri(text: string): string | null {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]]+)(?::\d*)?(?:[/?#]|$)/.exec(text)?.[1]
  return host === undefined || /^[\d.]+$/.test(host) ? null : host
}

// The part before the @ is compared as it is written, the host without regard to case.
function mailbox(name: Der): string {
  const text = name.content.toString('latin1')
  const at = text.lastIndexOf('@')
  return `${text.slice(0, at)}@${text.slice(at + 1).toLowerCase()}`
}

/** Whether a name lies in the tree of a base of its own kind; `null` where that cannot be said. */
function liesIn(name: Der, base: Der): boolean | null {
  const kind = kindOf(name)
  if (kind === kinds.directory)
    return beginsWith(nameParts(readDer(name.content)), nameParts(readDer(base.content)))
  const [own, of] = [ascii(name), ascii(base)]
  if (kind === kinds.host) return of === '' || own === of || own.endsWith(`.${of.replace(/^\./, '')}`)
  if (kind === kinds.email && of.includes('@')) return mailbox(name) === mailbox(base)
  if (kind === kinds.email) return of === '' || hostFits(own.slice(own.lastIndexOf('@') + 1), of)
  if (kind !== kinds.uri) return null
  const host = hostOfUri(own)
  return host === null ? null : hostFits(host, of)
}

// Names of a type of its own are only about each other.
const isAbout = (base: Der, name: Der): boolean =>
  kindOf(base) === kindOf(name) &&
  (kindOf(name) !== kinds.other || oid(inside(base)[0]) === oid(inside(name)[0]))

function allows({ permitted, excluded }: Constraints, name: Der): boolean {
  const within = permitted.filter((base) => isAbout(base, name))
  const without = excluded.filter((base) => isAbout(base, name))
  return (
    (within.length === 0 || within.some((base) => liesIn(name, base) === true)) &&
    without.every((base) => liesIn(name, base) === false)
  )
}

/**
 * Whether every authority of a path may vouch for the names below it; a certificate of its own that an authority issued
 * to itself is not meant (RFC 5280, 6.1.3).
 *
 * @param path leaf first, anchor last
 * @throws DerError
 */
export function namesAllowed(path: readonly Certificate[]): boolean {
  return path.every((authority, at) => {
    const constraints = at === 0 ? null : constraintsOf(authority)
    if (constraints === null) return true
    const below = path.slice(0, at).filter((one, n) => n === 0 || !one.issuer.equals(one.subject))
    return below.flatMap(namesOf).every((name) => allows(constraints, name))
  })
}
