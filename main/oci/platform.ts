/** What an image runs on. `variant` is `null` where none is stated. */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant: string | null
}

const part = /^[A-Za-z0-9._-]{1,60}$/

/** `linux/arm64/v8` as a platform, or `null` if it is not one. */
export function parsePlatform(text: string): Platform | null {
  const [os = '', architecture = '', variant = null, ...more] = text.split('/')
  if (more.length > 0 || !part.test(os) || !part.test(architecture)) return null
  if (variant !== null && !part.test(variant)) return null
  return { os, architecture, variant }
}

/** `null` for what is no platform: `unknown/unknown` (BuildKit's attestations) or parts that are no words. */
export function formatPlatform({ os, architecture, variant }: Platform): string | null {
  if (os === 'unknown' || architecture === 'unknown') return null
  const text = [os, architecture, ...(variant === null ? [] : [variant])].join('/')
  return parsePlatform(text) === null ? null : text
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

function normal({ os, architecture, variant }: Platform): Platform {
  const lower = architecture.toLowerCase()
  const [name, own] = (Object.hasOwn(names, lower) ? names[lower] : undefined) ?? [lower, null]
  const stated = variant === null ? own : variant.toLowerCase().replace(/^(?=\d)/, 'v')
  return { os: os.toLowerCase(), architecture: name, variant: stated }
}

const variantOf = ({ architecture, variant }: Platform): string | null =>
  variant ?? (Object.hasOwn(usual, architecture) ? (usual[architecture] ?? null) : null)

/**
 * Whether a child of an index is the one that was asked for, however either calls it: `aarch64` is `arm64`, which is
 * `arm64/v8`; `arm` is `arm/v7`. A request without a variant takes all.
 */
export function matchesPlatform(wanted: Platform, found: Platform): boolean {
  const [want, there] = [normal(wanted), normal(found)]
  if (want.os !== there.os || want.architecture !== there.architecture) return false
  return want.variant === null || variantOf(want) === variantOf(there)
}
