import { join } from 'node:path'
import { toldOf, type Looked } from '../../../shared/look.ts'
import type { AskedContent } from '../../../shared/request.ts'
import { writeFile } from 'node:fs/promises'
import { normalForm } from '../../oci/normal-form.ts'
import { plain } from '../../source/reading.ts'
import { chartLayers } from '../../oci/chart-manifest.ts'
import { Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'
import type { ReadManifest, Source } from '../../source/source.ts'
import type { Finding } from '../../../shared/waybill.ts'
import { checkLooked, checkMust } from './archive.ts'
import { missingDependencies } from './chart-dependencies.ts'
import type { Draft, Places } from '../draft.ts'
import { farSideFindings } from './far-side.ts'
import { withIncoming } from './incoming.ts'
import { namedBy } from '../named.ts'
import type { CollectTools } from '../tools.ts'
import { renderChart } from '../render/chart.ts'
import { withRendering } from '../render/rendering.ts'
import { growTree } from '../tree.ts'

/** That a chart calls itself something else than its reference does: Helm pushes it under its own name and version. */
function renamed(reference: string, { items }: Looked): Finding[] {
  const name = items[0]?.name ?? null
  const version = items[0]?.version ?? null
  const { name: place, tag } = normalForm('chart', reference)
  const right = name === place.slice(place.lastIndexOf('/') + 1)
  if (right && (tag === null || tag === version?.replaceAll('+', '_'))) return []
  const detail = plain(
    `It calls itself ${name ?? 'nothing'} ${version ?? ''}, which is not what its reference says.`,
  )
  return [{ code: 'chart-renamed', subject: reference, detail }]
}

/** Looks into a chart of a registry, which is small, before anything is decided: it may name what is collected too. */
async function lookIntoChart(
  asked: AskedContent,
  { manifest }: ReadManifest,
  { source, folder }: { readonly source: Source; readonly folder: string },
  tools: CollectTools,
): Promise<Pick<Draft, 'looked' | 'named' | 'rendered'> & { readonly missing: readonly Finding[] }> {
  const { reference, images } = asked
  const { content, provenance } =
    manifest.kind === 'manifest' ? chartLayers(manifest) : { content: null, provenance: null }
  if (content === null)
    throw new Failure('chart-expected', { path: reference, found: 'a manifest without a packed chart' })
  if (content.size > limits.chartBytes)
    throw new Failure('too-large', { subject: `The chart ${reference}`, expected: limits.chartBytes })
  return withIncoming(tools.blobs, async (incoming) => {
    const path = join(incoming, 'chart.tgz')
    await writeFile(path, await source.blob(content.digest, content.size), { flag: 'wx', mode: 0o600 })
    if (provenance !== null && provenance.size <= limits.bareSignatureBytes)
      await writeFile(`${path}.prov`, await source.blob(provenance.digest, provenance.size), { flag: 'wx' })
    const looked = await tools.foreign.look(path)
    checkLooked(reference, looked)
    if (looked.format !== 'helm-chart')
      throw new Failure('chart-expected', {
        path: reference,
        found: looked.format ?? 'nothing that can be read',
      })
    const { tree } = await tools.foreign.open(path)
    const missing = [...(await missingDependencies(reference, tree)), ...renamed(reference, looked)]
    const rendering = await renderChart(asked, path, { folder, incoming }, tools)
    const named = withRendering(namedBy(looked, images), rendering)
    return { looked: toldOf(reference, looked), named, rendered: rendering?.rendered ?? [], missing }
  })
}

/**
 * Resolves an item of a registry or a layout, once, and takes the manifests of all that is carried of it.
 *
 * @param folder the request's
 * @throws Failure
 */
export async function draftContent(
  asked: AskedContent,
  source: Source,
  { places, folder }: { readonly places: Places; readonly folder: string },
  tools: CollectTools,
): Promise<Draft> {
  const root = await source.resolve()
  checkMust(asked.must, asked.reference, root)
  const { blobs, signal } = tools
  const tree = await growTree(root, asked.platforms, { source, blobs, places, signal })
  const tagged = await source.tagged(root.digest)
  tools.items.change(asked.reference, { note: root.digest })
  const findings = [...(tagged === null ? [] : [tagged]), ...farSideFindings(root, source.from, tree)]
  const { carried, needs, leftOut, subjects } = tree
  const chart = asked.must === 'chart' ? await lookIntoChart(asked, root, { source, folder }, tools) : null
  const draft = { asked, from: source.from, source, root, carried, needs, leftOut, subjects }
  if (chart === null) return { ...draft, spoken: [], findings }
  const { missing, ...found } = chart
  return { ...draft, spoken: [], findings: [...findings, ...missing], ...found }
}
