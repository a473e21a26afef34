import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isWeb } from '../../../shared/names.ts'
import type { Looked } from '../../../shared/look.ts'
import { toldOf } from '../../../shared/look.ts'
import type { AskedChart } from '../../../shared/request.ts'
import type { Finding } from '../../../shared/waybill.ts'
import { chartManifest } from '../../oci/chart-manifest.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { chartInIndex } from '../../source/chart-index.ts'
import { realInside } from '../../source/inside.ts'
import { downloadWeb } from '../../source/web.ts'
import { checkLooked, checkTaken } from './archive.ts'
import { missingDependencies } from './chart-dependencies.ts'
import { readChartHead, type ChartHead } from './chart-head.ts'
import type { Draft } from '../draft.ts'
import { besideFile } from './file-evidence.ts'
import { withIncoming } from './incoming.ts'
import { madeDraft } from './made-draft.ts'
import { namedBy } from '../named.ts'
import { packChart } from './pack-chart.ts'
import { renderChart } from '../render/chart.ts'
import { withRendering } from '../render/rendering.ts'
import { take } from './take.ts'
import type { CollectTools } from '../tools.ts'

/** A packed chart at hand. */
interface Packed {
  readonly path: string
  /** The folder in which what speaks for it lies beside it, and its path there. */
  readonly folder: string
  readonly name: string
  readonly findings: readonly Finding[]
}

/** Brings a chart of a repository of the web, and its signature where there is one. */
async function fromRepository(
  asked: AskedChart & { readonly repository: NonNullable<AskedChart['repository']> },
  incoming: string,
  tools: CollectTools,
): Promise<Packed> {
  const { repository, reference } = asked
  const { name, version } = repository
  const { gate, credentials, signal } = tools
  const advance = (bytes: number): void => tools.items.advance(reference, bytes)
  const index = new URL(`${repository.url}/index.yaml`)
  const to = join(incoming, 'index.yaml')
  await downloadWeb({ url: index, to, most: limits.chartIndexBytes, gate, credentials, signal, advance })
  const listed = chartInIndex(await readCapped(to, limits.chartIndexBytes), index.href, repository)
  const url = new URL(listed.urls[0] ?? '', index)
  if (!isWeb(url.href))
    throw new Failure('chart-index', {
      subject: index.href,
      expected: 'an address of the web',
      found: url.href.slice(0, 200),
    })
  const title = `${name}-${version}.tgz`
  const path = join(incoming, title)
  const file = await downloadWeb({
    url,
    to: path,
    most: limits.chartBytes,
    gate,
    credentials,
    signal,
    advance,
  })
  const wanted = asked.sha256 ?? listed.digest
  for (const one of [asked.sha256, listed.digest])
    if (one !== null && one !== file.digest)
      throw new Failure('web-differs', { subject: url.href, expected: one, found: file.digest })
  await downloadWeb({
    url: new URL(`${url.href}.prov`),
    to: `${path}.prov`,
    most: limits.bareSignatureBytes,
    gate,
    credentials,
    signal,
    advance,
  }).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== 'not-found') throw error
  })
  const detail = `The index of ${repository.url} states no digest for it: these are the bytes that ${url.host} sent, and nothing else says that they are the right ones. “sha256:” in the request pins them.`
  const findings = wanted === null ? [{ code: 'chart-unpinned', subject: reference, detail }] : []
  return { path, folder: incoming, name: title, findings }
}

async function fromFolder(
  asked: AskedChart,
  folder: string,
  incoming: string,
  tools: CollectTools,
): Promise<Packed> {
  const { reference, at } = asked
  const real = await realInside(folder, reference, at)
  if (!(await stat(real)).isDirectory()) return { path: real, folder, name: reference, findings: [] }
  const path = await packChart(real, reference, incoming, tools)
  return { path, folder: incoming, name: path.slice(incoming.length + 1), findings: [] }
}

/** @throws Failure `chart-expected`, `chart-form` */
async function headOf(
  asked: AskedChart,
  path: string,
  looked: Looked,
  tools: CollectTools,
): Promise<{ readonly head: ChartHead; readonly missing: readonly Finding[] }> {
  const { reference, repository } = asked
  if (looked.format !== 'helm-chart')
    throw new Failure('chart-expected', {
      path: reference,
      found: looked.format ?? 'nothing that can be read',
    })
  const { tree } = await tools.foreign.open(path)
  checkTaken(reference, looked.digest, tree.digest)
  const [first = ''] = tree.files.keys()
  const yaml = `${first.slice(0, first.indexOf('/'))}/Chart.yaml`
  const head = readChartHead(await tree.read(yaml, limits.foreignDocumentBytes), `${reference}: Chart.yaml`)
  if (repository !== null && (head.name !== repository.name || head.version !== repository.version)) {
    const expected = `${repository.name} ${repository.version}`
    throw new Failure('chart-form', { subject: reference, expected, found: `${head.name} ${head.version}` })
  }
  return { head, missing: await missingDependencies(reference, tree) }
}

/**
 * Takes a chart that is in no registry, in the form in which Helm would have pushed it: the packed chart bit for bit, and
 * its signature (`.prov`) where it has one.
 *
 * @throws Failure `chart-expected`, `chart-form`, `chart-index`, `chart-missing`, `web-differs`, `archive-refused`, …
 */
export async function draftChart(asked: AskedChart, folder: string, tools: CollectTools): Promise<Draft> {
  const { reference, repository, sha256 } = asked
  return withIncoming(tools.blobs, async (incoming) => {
    const packed =
      repository === null
        ? await fromFolder(asked, folder, incoming, tools)
        : await fromRepository({ ...asked, repository }, incoming, tools)
    const looked = await tools.foreign.look(packed.path)
    checkLooked(reference, looked)
    const { head, missing } = await headOf(asked, packed.path, looked, tools)
    const content = await take(packed.path, (await stat(packed.path)).size, tools)
    checkTaken(reference, looked.digest, content.digest)
    if (sha256 !== null && sha256 !== content.digest)
      throw new Failure('web-differs', { subject: reference, expected: sha256, found: content.digest })
    const signed = await stat(`${packed.path}.prov`).catch(() => null)
    const provenance = signed === null ? null : await take(`${packed.path}.prov`, signed.size, tools)
    const rendering = await renderChart(asked, packed.path, { folder, incoming }, tools)
    const config = await tools.blobs.putBytes(head.config)
    const draft = await madeDraft(asked, chartManifest(config, content, provenance, head), tools)
    const place = { reference: packed.name, evidence: asked.evidence, at: asked.at }
    const beside = await besideFile(
      place,
      { root: draft.root, content: content.digest },
      packed.folder,
      tools,
    )
    const findings = [...packed.findings, ...missing, ...beside.findings]
    return {
      ...draft,
      spoken: beside.spoken,
      findings,
      looked: toldOf(reference, looked),
      named: withRendering(namedBy(looked, asked.images), rendering),
      rendered: rendering?.rendered ?? [],
    }
  })
}
