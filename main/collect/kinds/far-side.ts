import type { Digest } from '../../../shared/digest.ts'
import type { Finding } from '../../../shared/waybill.ts'
import { formatPlatform } from '../../oci/platform.ts'
import { plain } from '../../source/reading.ts'
import type { ReadManifest } from '../../source/source.ts'
import type { Tree } from '../tree.ts'

/** As many images of an index as are named with their digests. */
const named = 2

function filtered(
  { manifest }: ReadManifest,
  from: string,
  leftOut: ReadonlyMap<Digest, number>,
): string | null {
  if (manifest.kind !== 'index') return null
  const images = manifest.manifests.flatMap(({ digest, platform }) => {
    const text = platform === null ? null : formatPlatform(platform)
    return text === null ? [] : [{ digest, text }]
  })
  const carried = images.filter(({ digest }) => !leftOut.has(digest))
  if (carried.length === images.length) return null
  const which = carried.slice(0, named).map(({ digest, text }) => `${text} is ${from}@${digest}`)
  return `It carries ${carried.length} of the ${images.length} platforms of an index, and ordinary registries take no index of which something is missing. The far side can export its platforms as images of their own; or ask for a platform as an item of its own: ${which.join(', ')}.`
}

/**
 * What the registries of the far side are likely to refuse, told before anybody signs, with the way round it.
 *
 * @param from the registry and repository, or the layout, that the item comes from
 */
export function farSideFindings(root: ReadManifest, from: string, tree: Tree): Finding[] {
  const findings: Finding[] = []
  const sparse = filtered(root, from, tree.leftOut)
  if (sparse !== null) findings.push({ code: 'index-filtered', subject: root.digest, detail: plain(sparse) })
  if (tree.foreign.size > 0) {
    const count = tree.foreign.size === 1 ? 'One of its layers is' : `${tree.foreign.size} of its layers are`
    const detail = `${count} of a kind that is not to be passed on (foreign, nondistributable), and registries may refuse them. Ask the maker for an image without them where the far side’s registry does.`
    findings.push({ code: 'foreign-layers', subject: root.digest, detail })
  }
  return findings
}
