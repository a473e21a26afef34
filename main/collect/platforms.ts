import type { Descriptor } from '../oci/descriptor.ts'
import { isIndexType } from '../oci/media-types.ts'
import { formatPlatform, matchesPlatform, parsePlatform } from '../oci/platform.ts'

const attests = 'vnd.docker.reference.digest'

function matches(wanted: readonly string[], child: Descriptor): boolean {
  return wanted.some((text) => {
    const platform = parsePlatform(text)
    return platform !== null && child.platform !== null && matchesPlatform(platform, child.platform)
  })
}

/**
 * The children of an index that a request takes along. One that states no platform comes along, as does an index below;
 * an attestation of BuildKit follows the manifest it is about.
 */
export function chosenChildren(
  children: readonly Descriptor[],
  wanted: readonly string[] | null,
): ReadonlySet<Descriptor> {
  if (wanted === null) return new Set(children)
  const named = new Set<string>()
  const chosen = new Set<Descriptor>()
  for (const child of children) {
    if (child.annotations[attests] !== undefined) continue
    const states = child.platform !== null && formatPlatform(child.platform) !== null
    if (states && !isIndexType(child.mediaType) && !matches(wanted, child)) continue
    chosen.add(child)
    named.add(child.digest)
  }
  for (const child of children) if (named.has(child.annotations[attests] ?? '')) chosen.add(child)
  return chosen
}

/** The wanted platforms that are not among the ones that are there. */
export function missingPlatforms(wanted: readonly string[], there: readonly string[]): string[] {
  const found = there.map(parsePlatform).filter((platform) => platform !== null)
  return wanted.filter((text) => {
    const platform = parsePlatform(text)
    return platform === null || !found.some((one) => matchesPlatform(platform, one))
  })
}
