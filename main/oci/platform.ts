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

/** Whether a child of an index is the one that was asked for. arm64 is arm64/v8; a request without variant takes all. */
export function matchesPlatform(wanted: Platform, found: Platform): boolean {
  if (wanted.os !== found.os || wanted.architecture !== found.architecture) return false
  if (wanted.variant === null) return true
  const implied = found.architecture === 'arm64' ? 'v8' : null
  return wanted.variant === (found.variant ?? implied)
}
