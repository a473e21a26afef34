import type { Item, ItemKind } from '../../shared/waybill.ts'
import { isName } from '../../shared/names.ts'
import type { Closure } from '../oci/graph.ts'
import type { Manifest } from '../oci/manifest.ts'
import { isPath, landsAs } from '../oci/normal-form.ts'
import { precisePlatform } from '../oci/platform.ts'
import { Failure } from '../platform/failure.ts'
import { itemOf, type Draft } from './draft.ts'
import { missingPlatforms } from './platforms.ts'

/**
 * Puts what the content says of itself into the items, and holds it against what was asked for.
 *
 * @throws Failure `not-an-image`, `platform-missing`, `reference-twice`, `file-title`
 */
export function checkItems(drafts: readonly Draft[], closure: Closure): Item[] {
  const items = drafts.map((draft) => derived(draft, closure))
  const titles = new Set<string>()
  for (const item of items) {
    const { kind, reference } = item
    if (kind !== 'file' && !isPath(kind, reference)) continue
    const title = landsAs(kind, item.name, item.version)
    if (titles.has(title)) throw new Failure('reference-twice', { found: item.name, item: item.reference })
    titles.add(title)
  }
  return items
}

/** What an index says of the manifests in it, also of those that stay behind. */
function platformsIn(manifest: Manifest): string[] {
  if (manifest.kind === 'manifest') return []
  return manifest.manifests.flatMap(({ platform }) => {
    const text = platform === null ? null : precisePlatform(platform)
    return text === null ? [] : [text]
  })
}

function derived(draft: Draft, closure: Closure): Item {
  const { asked, root } = draft
  const item = itemOf(draft)
  const kind = closure.kinds.get(root.digest)
  const subject = asked.reference
  if (kind === undefined) throw new Failure('internal', { found: `no kind for ${subject}` })
  const platforms = (closure.platforms.get(root.digest) ?? []).filter(isName)
  const precise = closure.precise.get(root.digest) ?? []
  const missing = 'platforms' in asked ? missingPlatforms(asked.platforms ?? [], precise) : []
  if (missing.length > 0) {
    const stated = [...new Set([...precise, ...platformsIn(root.manifest)])]
    const found = stated.length === 0 ? 'none that it states' : stated.join(', ')
    throw new Failure('platform-missing', { subject, expected: missing.join(', '), found })
  }
  if (asked.kind === 'image' && kind !== 'image') {
    throw new Failure('not-an-image', { subject, found: kind === 'file' ? 'a file' : 'another artifact' })
  }
  return { ...item, ...spoken(kind, draft, closure), kind, platforms }
}

/** Name and version, where the content says them. */
function spoken(
  kind: ItemKind,
  { asked, root }: Draft,
  closure: Closure,
): Partial<Pick<Item, 'name' | 'version'>> {
  const title = closure.titles.get(root.digest)?.title
  if (title !== undefined) return { name: title, version: null }
  if (!isPath(kind, asked.reference)) return {}
  const tree = closure.trees.get(root.digest)
  if (tree !== undefined) return { name: tree.title, version: tree.version }
  const chart = closure.charts.get(root.digest)
  return chart === undefined ? {} : { name: chart.name, version: chart.version }
}
