import type { Digest } from '../../../shared/digest.ts'
import { isWeb } from '../../../shared/names.ts'
import type { ItemEvidence } from '../../../shared/evidence.ts'
import type { CameOn } from '../../../shared/rules/media.ts'
import type { Item, Waybill } from '../../../shared/waybill.ts'
import { assess, type Assessed } from '../../evidence/assess.ts'
import { contentArtifact } from '../../evidence/content.ts'
import { modelArtifact } from '../../evidence/model/artifact.ts'
import type { About, BlobReader } from '../../evidence/piece.ts'
import { ManifestProblem } from '../../oci/descriptor.ts'
import { chartLayers } from '../../oci/chart-manifest.ts'
import { fileOf, treeKindIn } from '../../oci/kind.ts'
import { parseManifest, type Manifest } from '../../oci/manifest.ts'
import { isPath } from '../../oci/normal-form.ts'
import { treeOf } from '../../oci/tree-manifest.ts'
import { Failure } from '../../platform/failure.ts'
import type { CheckList } from '../check.ts'
import type { EvidenceGround, PolicyRules } from '../types.ts'

/** Items whose passes are listed one by one; of more, a line a check says how many passed. */
const listed = 100

// What is missing or is no manifest is a matter of the graph, which says so; nothing is proven by it.
function passOver(error: unknown): void {
  const ends = error instanceof Failure && ['cancelled', 'disk-full', 'disk-failed'].includes(error.code)
  if (ends || !(error instanceof Failure || error instanceof ManifestProblem)) throw error
}

// A chart that no registry had was signed as the packed file that it is; its manifest was made when it was collected.
const isFileToSigners = ({ kind, reference }: Item): boolean =>
  kind === 'file' || (kind === 'chart' && (isPath(kind, reference) || isWeb(reference)))

function layerOf(kind: Item['kind'], manifest: Manifest): { readonly digest: Digest; readonly size: number } {
  if (kind === 'file' || manifest.kind === 'index') return fileOf(manifest).layer
  const { content } = chartLayers(manifest)
  if (content !== null) return content
  throw new ManifestProblem('manifest-form', 'a packed chart', 'none')
}

/** What signatures of an item are over: its manifest, of a carried file the content in it, of a model its files. */
async function contentOf(item: Item, blobs: BlobReader): Promise<Pick<About, 'signed' | 'artifact'>> {
  const { kind, root } = item
  const isModel = treeKindIn(item) === 'model'
  if (!isModel && !isFileToSigners(item)) return { signed: root.digest }
  try {
    const manifest = parseManifest(await blobs.read(root.digest, root.size), root.mediaType)
    if (isModel) return { signed: root.digest, artifact: modelArtifact(root.digest, treeOf(manifest)) }
    const layer = layerOf(kind, manifest)
    return { signed: layer.digest, artifact: contentArtifact(layer.digest, layer.size, blobs) }
  } catch (error) {
    passOver(error)
    return { signed: root.digest }
  }
}

/**
 * Judges the evidence of one item by this desk's trust.
 *
 * @param lost is told of evidence that cannot be had
 */
export async function assessItem(
  item: Item,
  blobs: BlobReader,
  { trust }: Pick<EvidenceGround, 'trust'>,
  lost: (manifest: Digest) => void = () => undefined,
): Promise<Assessed[]> {
  const found: Assessed[] = []
  if (item.evidence.length === 0) return found
  const content = await contentOf(item, blobs)
  for (const { digest, size, mediaType, subject } of item.evidence) {
    try {
      const manifest = parseManifest(await blobs.read(digest, size), mediaType)
      const signed = subject === item.root.digest ? content : { signed: subject }
      found.push(...(await assess(manifest, { manifest: digest, subject, ...signed }, blobs, trust)))
    } catch (error) {
      passOver(error)
      lost(digest)
    }
  }
  return found
}

/** Judges the evidence of every item by this desk's trust, and what the policy makes of it. */
export async function judgeItems(
  items: readonly Item[],
  blobs: BlobReader,
  ground: EvidenceGround,
): Promise<ItemEvidence[]> {
  const judged: ItemEvidence[] = []
  for (const item of items) {
    const assessed = await assessItem(item, blobs, ground)
    const { name, kind, root } = item
    const rules = ground.rules.item(item, assessed)
    judged.push({
      name,
      kind,
      root: root.digest,
      rules: [...rules],
      pieces: assessed.map(({ view }) => view),
    })
  }
  return judged
}

const secondId = 'evidence.second-opinion'

// Two verifiers that share no line read what is proven; where they contradict each other nobody knows which is wrong.
function listOpinions(items: readonly ItemEvidence[], list: CheckList): void {
  const expected = 'no contradiction between two independent verifiers'
  let agreed = 0
  let unable = 0
  let asked = 0
  for (const { name, pieces } of items) {
    for (const { layer, opinion, proven } of pieces) {
      if (opinion === null || proven === null || proven.signer.kind === 'key') continue
      asked += 1
      if (opinion.answer === 'agrees') agreed += 1
      if (opinion.answer === 'cannot-judge') unable += 1
      if (opinion.answer !== 'contradicts') continue
      const found = `${layer}: proven here, signed by ${proven.signer.name}; the second verifier: ${opinion.why}`
      list.add(secondId, 'not-checked', { subject: name, expected, found, reason: 'contradicts' })
    }
  }
  const said = [`${agreed} of ${asked} pieces of evidence: both agree`]
  if (unable > 0) said.push(`${unable}: the second cannot judge`)
  if (asked === 0) list.skip([secondId], 'nothing-to-compare')
  else if (agreed + unable === asked) list.pass(secondId, 'all evidence', expected, said.join('; '))
}

/**
 * The checks that the policy's rules for items, and for all of them together, come to.
 *
 * @param signal ends it, where it is part of a job
 * @throws Failure `cancelled`
 */
export async function listEvidence(
  waybill: Waybill,
  items: readonly ItemEvidence[],
  came: CameOn | null,
  rules: PolicyRules,
  list: CheckList,
  signal?: AbortSignal,
): Promise<void> {
  listOpinions(items, list)
  const passed = new Map<ItemEvidence['rules'][number]['id'], number>()
  for (const { name, rules: results } of items) {
    for (const { id, result, expected, found, reason } of results) {
      if (result === 'pass' && items.length > listed) passed.set(id, (passed.get(id) ?? 0) + 1)
      else list.add(id, result, { subject: name, expected, found, reason })
    }
  }
  for (const [id, count] of passed) {
    list.pass(id, 'all other items', 'what the policy asks of each', `${count} as expected`)
  }
  const whole = await rules.bundle(waybill, items, came, signal)
  for (const { id, result, ...about } of whole) list.add(id, result, about)
  // A rule that fits no item of this bundle asked nothing of it.
  const made = new Set([...list.checks, ...list.notAsked].map(({ id }) => id))
  list.skip(
    rules.asked.filter((id) => !made.has(id)),
    'policy-does-not-ask',
  )
}
