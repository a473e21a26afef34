import type { Forbidden } from '../../../shared/policy-content.ts'
import type { Bill, Component } from '../../evidence/sbom/component.ts'
import { shown } from '../../sigstore/refusal.ts'
import { isBanned, needsBanned, readExpression, type Expression, type Licence } from './licence.ts'
import { isKnownType, readPurl, type Purl } from './purl.ts'
import { isInRange } from './version.ts'

/** What a ban and a component come to: it is forbidden, or nobody can say. */
export interface Met {
  readonly ban: Forbidden
  readonly component: Component
  /** `null` for what is forbidden; else why it cannot be said. */
  readonly doubt: 'version' | 'name' | null
}

type PackageBan = Extract<Forbidden, { purl: string }>
type LicenceBan = Extract<Forbidden, { licence: string }>

interface OnPackage {
  readonly ban: PackageBan
  readonly purl: Purl
}

interface OnLicence {
  readonly ban: LicenceBan
  readonly licence: Licence
}

/** As many are told of one document; more say nothing more. */
const enough = 1000

const keyOf = ({ type, path }: Purl): string => `${type}/${path}`
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function grouped<Value>(list: readonly (readonly [string, Value])[]): ReadonlyMap<string, readonly Value[]> {
  const groups = new Map<string, Value[]>()
  for (const [key, value] of list) {
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}

/** The licence that a ban names; `null` where it is none, or more than one. */
export function licenceIn(text: string): Licence | null {
  const read = readExpression(text)
  return read?.kind === 'licence' ? read.licence : null
}

// The version in the purl is the one that counts; one beside it that is forbidden still is.
function doubtOf({ versions }: PackageBan, purl: Purl, component: Component): Met['doubt'] | 'other' {
  if (versions === undefined) return null
  const isIn = (version: string | null): boolean | null =>
    version === null || !isKnownType(purl.type) ? null : isInRange(purl.type, version, versions)
  const [first, beside] = [isIn(purl.version ?? component.version), isIn(component.version)]
  if (first === true || beside === true) return null
  return first === null ? 'version' : 'other'
}

/** What a policy forbids, so that many components are held against many bans at once. */
class Bans {
  private readonly digests: ReadonlyMap<string, readonly Forbidden[]>
  private readonly packages: ReadonlyMap<string, readonly OnPackage[]>
  private readonly names: ReadonlyMap<string, readonly OnPackage[]>
  private readonly licences: readonly OnLicence[]
  private readonly read = new Map<string, Expression | null>()

  constructor(list: readonly Forbidden[]) {
    const onPackage = list.flatMap((ban) => {
      const purl = 'purl' in ban ? readPurl(ban.purl) : null
      return 'purl' in ban && purl !== null ? [{ ban, purl }] : []
    })
    this.digests = grouped(list.flatMap((ban) => ('digest' in ban ? [[ban.digest, ban] as const] : [])))
    this.packages = grouped(onPackage.map((one) => [keyOf(one.purl), one]))
    this.names = grouped(
      onPackage.flatMap((one) =>
        [...new Set([one.purl.path, nameOf(one.purl.path)])].map((name) => [name, one] as const),
      ),
    )
    this.licences = list.flatMap((ban) => {
      const licence = 'licence' in ban ? licenceIn(ban.licence) : null
      return 'licence' in ban && licence !== null ? [{ ban, licence }] : []
    })
  }

  onDigest(digest: string): readonly Forbidden[] {
    return this.digests.get(digest) ?? []
  }

  private expression(text: string): Expression | null {
    const known = this.read.get(text)
    if (known !== undefined) return known
    const found = readExpression(text)
    // One document is held against the bans at a time, and it may make up as many licences as it likes.
    if (this.read.size < 10_000) this.read.set(text, found)
    return found
  }

  // It may be the package and may not: it has its name and no more.
  private byName(component: Component, name: string): Met[] {
    const named = this.names.get(name.toLowerCase()) ?? []
    return named.map(({ ban }) => ({ ban, component, doubt: 'name' }))
  }

  private byPurl(component: Component, purl: Purl): Met[] {
    const found = this.packages.get(keyOf(purl)) ?? []
    // What a type that is not known calls a package may be the same thing.
    if (found.length === 0) return isKnownType(purl.type) ? [] : this.byName(component, nameOf(purl.path))
    return found.flatMap(({ ban }): Met[] => {
      const doubt = doubtOf(ban, purl, component)
      return doubt === 'other' ? [] : [{ ban, component, doubt }]
    })
  }

  private byPackage(component: Component): Met[] {
    const purls = component.purls.flatMap((text) => readPurl(text) ?? [])
    if (purls.length === 0) return this.byName(component, component.name)
    return purls.flatMap((purl) => this.byPurl(component, purl))
  }

  private byLicence(component: Component): Met[] {
    if (this.licences.length === 0) return []
    return component.licences.flatMap((text): Met[] => {
      const expression = this.expression(text)
      const banned = (licence: Licence): boolean =>
        this.licences.some((one) => isBanned(one.licence, licence))
      if (expression === null || !needsBanned(expression, banned)) return []
      return this.licences
        .filter((one) => needsAny(expression, one.licence))
        .map(({ ban }) => ({ ban, component, doubt: null }))
    })
  }

  private meetOne(component: Component): Met[] {
    const byHash = component.hashes.flatMap((hex) => this.onDigest(`sha256:${hex}`))
    return [
      ...byHash.map((ban): Met => ({ ban, component, doubt: null })),
      ...this.byPackage(component),
      ...this.byLicence(component),
    ]
  }

  /** What of a bill of materials is forbidden, or may be. What is forbidden is looked for to the end; of doubts so many are enough. */
  meet({ components, own, files }: Bill): Met[] {
    const met: Met[] = files.flatMap((hex) =>
      this.onDigest(`sha256:${hex}`).map((ban) => ({ ban, component: fileOf(hex), doubt: null })),
    )
    for (const component of [...own, ...components]) {
      const found = this.meetOne(component)
      const hits = found.filter(({ doubt }) => doubt === null)
      met.push(...(met.length < enough ? found : hits).slice(0, enough))
      if (met.length >= 2 * enough && hits.length > 0) break
    }
    return met
  }

  /** How many components do not say a licence that can be read, where any licence is forbidden. */
  withoutLicence({ components }: Bill): number {
    if (this.licences.length === 0) return 0
    const isSaid = ({ licences }: Component): boolean =>
      licences.length > 0 && licences.every((text) => this.expression(text) !== null)
    return components.filter((one) => !isSaid(one)).length
  }
}

const needsAny = (expression: Expression, ban: Licence): boolean =>
  expression.kind === 'licence'
    ? isBanned(ban, expression.licence)
    : expression.parts.some((part) => needsAny(part, ban))

const fileOf = (hex: string): Component => ({
  ...{ name: `a file, sha256:${hex}`, version: null, supplier: null },
  ...{ purls: [], licences: [], hashes: [hex] },
})

const read = new WeakMap<readonly Forbidden[], Bans>()

/** The bans of a policy, read once. */
export function bansOf(list: readonly Forbidden[]): Bans {
  const known = read.get(list)
  if (known !== undefined) return known
  const bans = new Bans(list)
  read.set(list, bans)
  return bans
}

/** A ban in words: what it names, why, since when. */
export function sayBan(ban: Forbidden): string {
  const what =
    'digest' in ban ? ban.digest : 'licence' in ban ? ban.licence : `${ban.purl} ${ban.versions ?? ''}`.trim()
  return `${what} (${ban.reason}, since ${ban.since})`
}

export function sayComponent({ name, version, purls, licences }: Component): string {
  const licence = licences.length === 0 ? '' : `, ${licences.join(', ')}`
  return shown(`${purls[0] ?? `${name} ${version ?? 'without version'}`}${licence}`)
}
