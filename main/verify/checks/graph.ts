import type { Digest } from '../../../shared/digest.ts'
import { isFileTitle, isWeb, visible } from '../../../shared/names.ts'
import type { Blob, Item, Waybill } from '../../../shared/waybill.ts'
import { closureOf, type Closure } from '../../oci/graph.ts'
import { treeKindOf } from '../../oci/kind.ts'
import { isPath, landsAs } from '../../oci/normal-form.ts'
import type { CheckList } from '../check.ts'

/** Problems that are listed one by one. */
const named = 100

interface Difference {
  readonly subject: string
  readonly expected: string
  readonly found: string
  readonly reason: string
}

const sayBlob = (blob: Pick<Blob, 'state' | 'size' | 'early'>): string =>
  `${blob.state}, ${blob.size} bytes${blob.early ? ', early' : ''}`

// What the graph needs, in the waybill's own terms.
function expectedBlobs(
  waybill: Waybill,
  closure: Closure,
): Map<Digest, Pick<Blob, 'state' | 'size' | 'early'>> {
  const expected = new Map<Digest, Pick<Blob, 'state' | 'size' | 'early'>>()
  for (const [digest, size] of closure.omitted) expected.set(digest, { state: 'omitted', size, early: true })
  for (const [digest, { size, early }] of closure.blobs)
    expected.set(digest, { state: 'carried', size, early })
  for (const { digest, size } of waybill.attachments)
    expected.set(digest, { state: 'carried', size, early: true })
  return expected
}

function differences(waybill: Waybill, closure: Closure): Difference[] {
  const expected = expectedBlobs(waybill, closure)
  const result: Difference[] = []
  for (const blob of waybill.blobs) {
    const want = expected.get(blob.digest)
    expected.delete(blob.digest)
    const found = sayBlob(blob)
    if (want === undefined) {
      result.push({
        subject: blob.digest,
        expected: 'a blob that something refers to',
        found,
        reason: 'unreachable',
      })
    } else if (sayBlob(want) !== found) {
      result.push({ subject: blob.digest, expected: sayBlob(want), found, reason: 'other-state' })
    }
  }
  for (const [digest, want] of expected) {
    result.push({ subject: digest, expected: sayBlob(want), found: 'not listed', reason: 'not-listed' })
  }
  return result
}

function checkKinds(waybill: Waybill, closure: Closure, list: CheckList): void {
  let different = false
  for (const { name, kind, root, platforms } of waybill.items) {
    const found = closure.kinds.get(root.digest)
    const seen = closure.platforms.get(root.digest) ?? []
    // Charts and models were artifacts before they had a name of their own, and what was signed then stays true.
    const newer = found === 'chart' || (found === 'model' && treeKindOf(root.artifactType) === null)
    const named = found === kind || (newer && kind === 'artifact')
    const same = named && JSON.stringify([...platforms].sort()) === JSON.stringify([...seen].sort())
    if (same) continue
    different = true
    const expected = `${kind} ${platforms.join(', ')}`.trim()
    list.fail('graph.kind', name, expected, visible(`${found ?? 'unknown'} ${seen.join(', ')}`.trim()))
  }
  if (!different) list.pass('graph.kind', 'all items', `${waybill.items.length} items as stated`)
}

// What the content itself says that an item is called.
function titleOf({ kind, root }: Item, closure: Closure): { title: string; version: string | null } {
  const { titles, trees, charts } = closure
  const chart = charts.get(root.digest)
  if (kind === 'chart') return { title: chart?.name ?? '', version: chart?.version ?? null }
  if (kind === 'file') return { title: titles.get(root.digest)?.title ?? '', version: null }
  return trees.get(root.digest) ?? { title: '', version: null }
}

function checkTitles(waybill: Waybill, closure: Closure, list: CheckList): void {
  const seen = new Map<string, string>()
  let wrong = false
  const spoken = waybill.items.filter(
    ({ kind, reference }) =>
      kind === 'file' || isPath(kind, reference) || (kind === 'chart' && isWeb(reference)),
  )
  for (const item of spoken) {
    const { kind, reference } = item
    // Of a chart of the web the name says where it comes from too.
    const name = isWeb(reference) ? item.name.slice(item.name.lastIndexOf('/') + 1) : item.name
    const { title, version } = titleOf(item, closure)
    const place = landsAs(kind, title, version)
    const twin = seen.get(place)
    if (!isFileTitle(title) || title !== name || twin !== undefined) {
      wrong = true
      const found = twin === undefined ? visible(title) || 'no title' : `${visible(title)}, like ${twin}`
      list.fail('graph.title', name, 'a safe title, unique without regard to case', found)
    } else if (version !== item.version) {
      wrong = true
      list.fail(
        'graph.title',
        name,
        `version ${item.version ?? 'none'}`,
        visible(`version ${version ?? 'none'}`),
      )
    }
    seen.set(place, title)
  }
  if (!wrong) list.pass('graph.title', 'carried files', `${seen.size} safe and unique names`)
}

/**
 * Step 5: the graph from each item's root against the waybill's blobs: every reachable blob listed with the right
 * state, every listed blob reachable, evidence or an attachment; kinds and titles as stated.
 */
export async function checkGraph(
  waybill: Waybill,
  read: (digest: Digest, size: number) => Promise<Buffer>,
  list: CheckList,
): Promise<void> {
  const omitted = new Set(waybill.blobs.filter((blob) => blob.state === 'omitted').map((blob) => blob.digest))
  const closure = await closureOf({ items: waybill.items, omitted, read })
  const assumed = waybill.blobs.filter((blob) => blob.state === 'assumed')
  const wrong: Difference[] = [
    ...closure.problems,
    ...differences(waybill, closure),
    // A differential bundle needs receipts, which this version does not have.
    ...assumed.map((blob) => ({
      subject: blob.digest,
      expected: 'carried, or held here by an accepted consignment',
      found: 'assumed',
      reason: 'assumed',
    })),
  ]
  for (const { subject, expected, found, reason } of wrong.slice(0, named)) {
    list.fail('graph.complete', visible(subject), visible(expected), visible(found), reason)
  }
  if (wrong.length > named) {
    list.fail('graph.complete', `${wrong.length - named} more`, 'agreement', 'differences', 'more')
  }
  if (wrong.length === 0) {
    list.pass('graph.complete', 'all blobs', `${waybill.blobs.length} blobs, each listed and each needed`)
  }
  checkKinds(waybill, closure, list)
  checkTitles(waybill, closure, list)
}
