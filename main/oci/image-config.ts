import { parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { asObject } from './descriptor.ts'
import type { Platform } from './platform.ts'

/** The platform in an image's config, or `null` where it states none. */
export function configPlatform(bytes: Uint8Array): Platform | null {
  const { os, architecture, variant } = asObject(parseStrict(bytes, limits.manifestValues), 'config')
  if (typeof os !== 'string' || typeof architecture !== 'string') return null
  return { os, architecture, variant: typeof variant === 'string' && variant !== '' ? variant : null }
}
