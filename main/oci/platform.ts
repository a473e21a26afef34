/**
 * What an image runs on. `variant` is `null` where none is stated, and so is `osVersion`: only Windows has one that matters,
 * whose images run on their own build alone. `osFeatures` is what the system must have besides (`win32k`).
 */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant: string | null
  readonly osVersion: string | null
  readonly osFeatures: readonly string[]
}

const part = /^[A-Za-z0-9._-]{1,60}$/
/** `windows(10.0.17763+win32k)`, as containerd writes it (its platforms package, “Specifiers”). */
const system = /^([^()]*)(?:\(([^()+]*)((?:\+[^()+]*){0,8})\))?$/

/** Whether a text can be a part of a platform. */
export function isPlatformPart(text: unknown): text is string {
  return typeof text === 'string' && part.test(text)
}

/** `linux/arm64/v8` or `windows(10.0.17763)/amd64` as a platform, or `null` if it is not one. */
export function parsePlatform(text: string): Platform | null {
  const [before = '', architecture = '', variant = null, ...more] = text.split('/')
  const [, os = '', osVersion, features = ''] = system.exec(before) ?? []
  if (more.length > 0 || !part.test(os) || !part.test(architecture)) return null
  if (variant !== null && !part.test(variant)) return null
  const osFeatures = features.split('+').slice(1)
  if (osVersion !== undefined && ![osVersion, ...osFeatures].every(isPlatformPart)) return null
  return { os, architecture, variant, osVersion: osVersion ?? null, osFeatures }
}

/**
 * A platform as waybills name it, without the version of its system. `null` for what is no platform: `unknown/unknown`
 * (BuildKit's attestations) or parts that are no words.
 */
export function formatPlatform({
  os,
  architecture,
  variant,
}: Omit<Platform, 'osVersion' | 'osFeatures'>): string | null {
  if (os === 'unknown' || architecture === 'unknown') return null
  const text = [os, architecture, ...(variant === null ? [] : [variant])].join('/')
  return parsePlatform(text) === null ? null : text
}

/** A platform with the version of its system, where it states one; `null` as `formatPlatform`. */
export function precisePlatform(platform: Platform): string | null {
  const { os, osVersion, osFeatures } = platform
  const short = formatPlatform(platform)
  if (short === null || osVersion === null) return short
  return `${os}(${[osVersion, ...osFeatures].join('+')})${short.slice(os.length)}`
}

// What programs and people call architectures, beside the name that images have (containerd, platforms/database.go).
const names: Readonly<Record<string, readonly [architecture: string, variant: string | null]>> = {
  x86_64: ['amd64', null],
  'x86-64': ['amd64', null],
  aarch64: ['arm64', null],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
  i386: ['386', null],
}
/** The variant that is meant where none is stated. */
const usual: Readonly<Record<string, string>> = { amd64: 'v1', arm64: 'v8', arm: 'v7' }

function normal({ os, architecture, variant, ...system }: Platform): Platform {
  const lower = architecture.toLowerCase()
  const [name, own] = (Object.hasOwn(names, lower) ? names[lower] : undefined) ?? [lower, null]
  const stated = variant === null ? own : variant.toLowerCase().replace(/^(?=\d)/, 'v')
  return { ...system, os: os.toLowerCase(), architecture: name, variant: stated }
}

const variantOf = ({ architecture, variant }: Platform): string | null =>
  variant ?? (Object.hasOwn(usual, architecture) ? (usual[architecture] ?? null) : null)

/** A version is asked for up to any of its dots: `10.0.17763` is each build of that. */
function fitsSystem(want: Platform, there: Platform): boolean {
  const known = want.osVersion === null || `${there.osVersion ?? ''}.`.startsWith(`${want.osVersion}.`)
  return known && want.osFeatures.every((feature) => there.osFeatures.includes(feature))
}

/**
 * Whether a child of an index is the one that was asked for, however either calls it: `aarch64` is `arm64`, which is
 * `arm64/v8`; `arm` is `arm/v7`. A request without a variant, or a version or features of the system, takes all.
 */
export function matchesPlatform(wanted: Platform, found: Platform): boolean {
  const [want, there] = [normal(wanted), normal(found)]
  if (want.os !== there.os || want.architecture !== there.architecture) return false
  if (!fitsSystem(want, there)) return false
  return want.variant === null || variantOf(want) === variantOf(there)
}
