import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { indexBytes } from '../../../main/bundle/index-json.ts'
import { exportDockerArchive } from '../../../main/export/docker-archive.ts'
import type { Exportable, Exported } from '../../../main/export/export.ts'
import { exportOciArchive } from '../../../main/export/oci-archive.ts'
import { parsePlatform } from '../../../main/oci/platform.ts'
import { openPool, type Pool } from '../../../main/platform/workers.ts'
import { sampleImage, type Content, type Named, type SampleImage } from '../../support/images.ts'
import { openWorkbench, type Workbench } from '../collect/workbench.ts'
import { exportable, exportTools } from './pushing.ts'

/** A place to export archives to, and what makes content for them. */
export interface Archiving {
  readonly bench: Workbench
  readonly pool: Pool
  /** Empty at first. */
  readonly folder: string
  /** A file in it, not there yet. */
  readonly out: string
  /** What a collect of a layout `app` with these images brings, each under its tag. */
  collected(content: Content, tagged: Readonly<Record<string, Named>>): Promise<Exportable>
  /** The sample image of two platforms, with something that speaks for it. */
  sampled(): Promise<Exportable>
  oci(content: Exportable, target?: string, signal?: AbortSignal): Promise<Exported>
  docker(content: Exportable, platform?: string | null, target?: string): Promise<Exported>
  close(): Promise<void>
}

/** What a manifest names, as it stands there. */
export interface Layered {
  readonly config: Named
  readonly layers: readonly Named[]
}

export function manifestOf(content: Content, { digest }: Named): Layered {
  return JSON.parse(content.blobs.get(digest)!.toString('utf8')) as Layered
}

/** The layer that both platforms of the sample have. */
export function baseOf({ content, amd64 }: SampleImage): string {
  return manifestOf(content, amd64).layers[0]!.digest
}

export async function openArchiving(): Promise<Archiving> {
  const bench = await openWorkbench()
  const pool = openPool(2)
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sallyport-archives-')))
  const out = join(folder, 'out.tar')
  const collected: Archiving['collected'] = async (content, tagged) => {
    const entries = Object.entries(tagged).map(([tag, named]) => ({ named, tag }))
    await content.writeLayout(join(bench.folder, 'app'), entries)
    const lines = Object.keys(tagged).map((tag) => `  - image: oci:./app:${tag}`)
    return exportable(bench, await bench.collect(lines.join('\n')))
  }
  return {
    bench,
    pool,
    folder,
    out,
    collected,
    sampled: () => {
      const sample = sampleImage()
      sample.content.referrer(sample.root, 'application/x', 'speaks')
      return collected(sample.content, { '1.2.3': sample.root })
    },
    oci: (content, target = out, signal) =>
      exportOciArchive(content, target, indexBytes(content.items), exportTools(pool, signal)),
    docker: (content, platform = null, target = out) => {
      const wanted = platform === null ? null : parsePlatform(platform)
      return exportDockerArchive(content, target, wanted, exportTools(pool))
    },
    close: async () => {
      await pool.close()
      await bench.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
