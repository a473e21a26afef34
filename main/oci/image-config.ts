import { isDigest, type Digest } from '../../shared/digest.ts'
import { parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { asObject, ManifestProblem, shown, statedPlatform } from './descriptor.ts'
import type { Platform } from './platform.ts'

/** The platform in an image's config, or `null` where it states none. */
export function configPlatform(bytes: Uint8Array): Platform | null {
  return statedPlatform(asObject(parseStrict(bytes, limits.manifestValues), 'config'))
}

/** Whether a document is the config of an image: it says where that runs, and of which layers it is made. */
export function readsAsConfig(bytes: Uint8Array): boolean {
  const { os, architecture, rootfs } = asObject(parseStrict(bytes, limits.manifestValues), 'config')
  if (typeof os !== 'string' || typeof architecture !== 'string') return false
  if (typeof rootfs !== 'object' || rootfs === null || Array.isArray(rootfs)) return false
  return rootfs.type === 'layers' && Array.isArray(rootfs.diff_ids)
}

/**
 * The layers of an image, by what each is once it is unpacked.
 *
 * @throws ManifestProblem for a config that does not say so, JsonError
 */
export function diffIdsOf(bytes: Uint8Array): Digest[] {
  const { rootfs } = asObject(parseStrict(bytes, limits.manifestValues), 'config')
  const { diff_ids: ids } = asObject(rootfs, 'rootfs')
  if (!Array.isArray(ids)) throw new ManifestProblem('manifest-form', 'diff_ids: a list', shown(ids))
  return ids.map((id) => {
    if (typeof id === 'string' && isDigest(id)) return id
    throw new ManifestProblem('manifest-form', 'diff_ids: sha256 digests', shown(id))
  })
}
