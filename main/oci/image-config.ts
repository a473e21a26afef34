import { parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { asObject, ManifestProblem, shown } from './descriptor.ts'
import type { Platform } from './platform.ts'

/** The platform in an image's config, or `null` where it states none. */
export function configPlatform(bytes: Uint8Array): Platform | null {
  const { os, architecture, variant } = asObject(parseStrict(bytes, limits.manifestValues), 'config')
  if (typeof os !== 'string' || typeof architecture !== 'string') return null
  return { os, architecture, variant: typeof variant === 'string' && variant !== '' ? variant : null }
}

/** Whether a document is the config of an image: it says where that runs, and of which layers it is made. */
export function readsAsConfig(bytes: Uint8Array): boolean {
  const { os, architecture, rootfs } = asObject(parseStrict(bytes, limits.manifestValues), 'config')
  if (typeof os !== 'string' || typeof architecture !== 'string') return false
  if (typeof rootfs !== 'object' || rootfs === null || Array.isArray(rootfs)) return false
  return rootfs.type === 'layers' && Array.isArray(rootfs.diff_ids)
}

/**
 * The sums of an image's layers, as they are unpacked and in their order, as its config states them.
 *
 * @throws ManifestProblem, JsonError
 */
export function configLayers(bytes: Uint8Array): string[] {
  const { rootfs } = asObject(parseStrict(bytes, limits.manifestValues), 'config')
  const sums = asObject(rootfs, 'config, rootfs').diff_ids ?? []
  if (Array.isArray(sums) && sums.every((one): one is string => typeof one === 'string')) return sums
  throw new ManifestProblem('manifest-form', 'config, rootfs: a list of diff_ids', shown(sums))
}
