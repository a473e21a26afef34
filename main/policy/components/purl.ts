/** A package URL taken apart (ECMA-427), in the form in which two of them are compared. */
export interface Purl {
  readonly type: string
  /** Namespace and name, joined by slashes. */
  readonly path: string
  readonly version: string | null
}

/** The types that are known here: of any other one it is not known when two names are the same. */
const known: ReadonlySet<string> = new Set([
  ...['golang', 'maven', 'npm', 'cargo', 'gem', 'nuget', 'hex', 'pypi', 'composer'],
  ...['deb', 'rpm', 'apk', 'oci', 'docker', 'github', 'generic'],
])

export const isKnownType = (type: string): boolean => known.has(type)

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function pathOf(type: string, steps: readonly string[]): string | null {
  const parts = steps.filter((step) => step !== '').map(decoded)
  if (parts.length === 0 || parts.some((part) => part === null || part === '')) return null
  // Case is told apart nowhere: most worlds do not, and no spelling may lead around a ban.
  const joined = parts.join('/').toLowerCase()
  return type === 'pypi' ? joined.replaceAll(/[-_.]+/g, '-') : joined
}

/**
 * Reads a package URL. The version stands behind the last `@` before qualifiers; an `@` that begins a namespace is written
 * `%40`, and npm’s scopes are often not.
 *
 * @returns `null` for what is none
 */
export function readPurl(text: string): Purl | null {
  const match = /^pkg:\/*([a-z][a-z0-9.+-]*)\/([^?#]+)/i.exec(text)
  if (match === null || text.length > 8192) return null
  const [, spelled = '', rest = ''] = match
  const type = spelled.toLowerCase()
  const at = rest.lastIndexOf('@')
  // An `@` before the last slash, or at the very start, is of a namespace.
  const hasVersion = at > 0 && rest[at - 1] !== '/' && !rest.slice(at).includes('/')
  const path = pathOf(type, (hasVersion ? rest.slice(0, at) : rest).split('/'))
  if (path === null) return null
  const version = hasVersion ? decoded(rest.slice(at + 1)) : null
  return { type, path, version: version === '' ? null : version }
}

/** Whether two are the same package, whatever its version. */
export const isSamePackage = (a: Purl, b: Purl): boolean => a.type === b.type && a.path === b.path
