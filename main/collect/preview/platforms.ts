import { configPlatform } from '../../oci/image-config.ts'
import { ManifestProblem } from '../../oci/descriptor.ts'
import { formatPlatform } from '../../oci/platform.ts'
import { JsonError } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { Draft } from '../draft.ts'

/** What an image runs on: what an index says of its parts that would be carried, or what the image itself says. */
export async function platformsOf({ root, needs, source }: Draft): Promise<string[]> {
  const { manifest } = root
  if (manifest.kind === 'index') {
    const stated = manifest.manifests.flatMap(({ platform, digest }) => {
      const text = platform === null || !needs.has(digest) ? null : formatPlatform(platform)
      return text === null ? [] : [text]
    })
    return [...new Set(stated)]
  }
  const { digest, size } = manifest.config
  if (source === null || size > limits.manifestBytes) return []
  try {
    const platform = configPlatform(await source.blob(digest, size))
    const text = platform === null ? null : formatPlatform(platform)
    return text === null ? [] : [text]
  } catch (error) {
    // What is no config of an image says nothing of platforms.
    if (error instanceof JsonError || error instanceof ManifestProblem) return []
    throw error
  }
}
