import { createReadStream } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import type { TarEntry } from '../../archive/tar-task.ts'
import { BadRule, helmIgnore } from '../../source/helm-ignore.ts'
import { readChartHead } from './chart-head.ts'
import { filesBelow } from './folder-files.ts'
import type { CollectTools } from '../tools.ts'

const ignoreFile = '.helmignore'

/** @throws Failure `chart-form` for what Helm refuses */
async function rulesOf(folder: string, reference: string): Promise<ReturnType<typeof helmIgnore>> {
  const place = join(folder, ignoreFile)
  if ((await lstat(place).catch(() => null)) === null) return helmIgnore('')
  const text = (await readCapped(place, limits.foreignDocumentBytes)).toString('utf8')
  try {
    return helmIgnore(text)
  } catch (error) {
    if (!(error instanceof BadRule)) throw error
    const facts = { expected: error.message, found: error.line.slice(0, 200) }
    throw new Failure('chart-form', { subject: `${reference}/${ignoreFile}`, ...facts }, error)
  }
}

/**
 * Packs the folder of a chart as `helm package` does, without what its `.helmignore` leaves out: a gzip tar of one folder called like the chart. The same files make
 * the same bytes, by whom and when ever.
 *
 * @param incoming where it is written
 * @returns the packed chart
 * @throws Failure `chart-form`, `folder-refused`, `disk-full`
 */
export async function packChart(
  folder: string,
  reference: string,
  incoming: string,
  tools: CollectTools,
): Promise<string> {
  const leftOut = await rulesOf(folder, reference)
  // What git keeps beside the files is no part of the chart, also where no rule says so.
  const files = await filesBelow(
    folder,
    reference,
    (path, isFolder) => path === '.git' || leftOut(path, isFolder),
  )
  const yaml = files.find(({ path }) => path === 'Chart.yaml')
  if (yaml === undefined)
    throw new Failure('chart-form', { subject: reference, expected: 'a Chart.yaml', found: 'none' })
  const bytes = await readCapped(yaml.place, limits.foreignDocumentBytes)
  const { name, version } = readChartHead(bytes, `${reference}/Chart.yaml`)
  const total = files.reduce((sum, { size }) => sum + size, 0)
  if (total > limits.chartBytes)
    throw new Failure('too-large', { subject: `The chart ${reference}`, expected: limits.chartBytes })
  const entries: TarEntry[] = []
  for (const { path, place, size } of files) {
    const content = await readCapped(place, limits.chartBytes)
    entries.push({ name: `${name}/${path}`, size, content: { kind: 'bytes', bytes: content } })
  }
  const tar = join(incoming, 'chart.tar')
  await tools.pool.run('write-tar', { to: tar, entries }, { signal: tools.signal })
  const packed = join(incoming, `${name}-${version}.tgz`)
  const to = await open(packed, 'wx', 0o600)
  // No name and no time in its head.
  await pipeline(createReadStream(tar), createGzip({ level: 9 }), to.createWriteStream())
  return packed
}
