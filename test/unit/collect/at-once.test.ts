import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fetchAll } from '../../../main/collect/fetch.ts'
import type { CollectTools } from '../../../main/collect/tools.ts'
import { Warnings } from '../../../main/oci/warnings.ts'
import { limits } from '../../../main/platform/limits.ts'
import type { Pool } from '../../../main/platform/workers.ts'
import type { Source } from '../../../main/source/source.ts'
import { fetchingThreads } from '../../../main/source/fetch-blobs.ts'
import { openBlobs } from '../../../main/store/blobs.ts'
import type { Digest } from '../../../shared/digest.ts'
import { sha256 } from '../../support/images.ts'

it('so many blobs are fetched at once and no more, however many threads there are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-at-once-'))
  const started: string[] = []
  const run = (task: string): Promise<never> => {
    started.push(task)
    return Promise.resolve({ missing: [], hosts: [], warnings: [] } as never)
  }
  const pool: Pool = { size: 64, run, close: () => Promise.resolve() }
  const nothing = (): void => undefined
  const wanted = Array.from({ length: 100 }, (_, i) => {
    return { digest: sha256(String(i)) as Digest, item: null, size: 1, optional: false }
  })
  const source = {
    placeOf: () => ({ kind: 'registry', host: 'reg.example', repository: 'a/b' }),
  } as unknown as Source
  const tools = {
    pool,
    blobs: await openBlobs(folder),
    rules: { hosts: 'any', plainHttp: [], ca: {} },
    credentials: {},
    hosts: new Set(),
    warnings: new Warnings(),
    signal: new AbortController().signal,
    items: { name: nothing, change: nothing, advance: nothing, wayOn: null },
    step: nothing,
    advance: nothing,
    addTotal: nothing,
  } as unknown as CollectTools
  await fetchAll(wanted, new Map(wanted.map(({ digest }) => [digest, source])), tools)
  expect(started.filter((task) => task === 'fetch-blobs')).toHaveLength(fetchingThreads)
  expect(fetchingThreads * 2).toBe(limits.requestsAtOnce)
  await rm(folder, { recursive: true, force: true })
})
