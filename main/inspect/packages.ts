import type { Bill, Component } from '../evidence/sbom/component.ts'
import { shown } from '../sigstore/refusal.ts'

/** What is listed of one package, over all its versions. */
export interface Package {
  /** Each version with the SHA-256 of its files, as far as they are said; `null`: listed without a version. */
  readonly versions: Map<string | null, Set<string>>
  readonly licences: Set<string>
}

/** What some bills of materials list together. */
export interface Listed {
  /** By package URL without version, in the case in which it is spelled: no fold may make two packages one. */
  readonly packages: ReadonlyMap<string, Package>
  /** Components that name no package URL that can be read: they cannot be found again. */
  readonly withoutPurl: readonly string[]
}

// Qualifiers that say which thing it is. The others say for which machine or system a version was built.
const telling = new Set(['epoch', 'repository_url', 'download_url', 'vcs_url', 'checksum'])

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function sourceOf(qualifiers: string): string {
  const told = qualifiers.split('&').filter((one) => telling.has((one.split('=')[0] ?? '').toLowerCase()))
  return told.length === 0 ? '' : `?${told.map(decoded).sort().join('&')}`
}

interface Named {
  readonly purl: string
  readonly version: string | null
  /** What tells where it is from; often nothing. */
  readonly source: string
}

function named(text: string): Named | null {
  const match = /^pkg:\/*([a-z][a-z0-9.+-]*)\/([^?#]+)(?:\?([^#]*))?(?:#(.*))?$/is.exec(text)
  if (match === null) return null
  const [, type = '', rest = '', qualifiers = '', inside = ''] = match
  const at = rest.lastIndexOf('@')
  // An `@` before the last slash, or at the very start, is of a namespace.
  const hasVersion = at > 0 && rest[at - 1] !== '/' && !rest.slice(at).includes('/')
  const steps = (hasVersion ? rest.slice(0, at) : rest).split('/').filter((step) => step !== '')
  const path = steps.map(decoded).join('/')
  if (path === '') return null
  const version = hasVersion ? decoded(rest.slice(at + 1)) : ''
  const purl = `pkg:${type.toLowerCase()}/${path}${inside === '' ? '' : `#${decoded(inside)}`}`
  return { purl, version: version === '' ? null : version, source: sourceOf(qualifiers) }
}

/** As the package URL has it, and as it stands beside that where the two differ: neither hides what the other says. */
function versionsOf({ version, source }: Named, beside: string | null): (string | null)[] {
  const own = version === null ? [] : [`${version}${source}`]
  const other = beside === null || beside === '' || beside === version ? [] : [`${beside}${source}`]
  const said = [...own, ...other]
  return said.length === 0 ? [null] : said
}

function put(into: Map<string, Package>, text: string, component: Component): boolean {
  const found = named(text)
  if (found === null) return false
  const known = into.get(found.purl) ?? {
    versions: new Map<string | null, Set<string>>(),
    licences: new Set<string>(),
  }
  for (const version of versionsOf(found, component.version)) {
    const hashes = known.versions.get(version) ?? new Set<string>()
    for (const hash of component.hashes) hashes.add(hash)
    known.versions.set(version, hashes)
  }
  for (const licence of component.licences) known.licences.add(licence)
  into.set(found.purl, known)
  return true
}

/** Everything that these documents list, by package. What a document is about is no part of it. */
export function listedIn(bills: readonly Pick<Bill, 'components'>[]): Listed {
  const packages = new Map<string, Package>()
  const withoutPurl: string[] = []
  for (const component of bills.flatMap(({ components }) => components)) {
    const found = component.purls.map((text) => put(packages, text, component))
    if (!found.includes(true)) withoutPurl.push(shown(`${component.name} ${component.version ?? ''}`.trim()))
  }
  return { packages, withoutPurl }
}
