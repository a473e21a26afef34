import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collect, type Collected } from '../../../main/collect/collect.ts'
import type { CollectTools, CollectItems } from '../../../main/collect/tools.ts'
import type { Credentials } from '../../../main/oci/credentials.ts'
import { Warnings } from '../../../main/oci/warnings.ts'
import { openGate, type GateRules } from '../../../main/platform/network.ts'
import { openPool } from '../../../main/platform/workers.ts'
import { parseRequest, plainHosts } from '../../../main/request/parse.ts'
import { openBlobs, type Blobs } from '../../../main/store/blobs.ts'

export interface Workbench {
  /** The request's folder. */
  readonly folder: string
  readonly store: string
  readonly blobs: Blobs
  readonly steps: string[]
  collect(items: string, more?: Options): Promise<Collected>
  close(): Promise<void>
}
export interface Options {
  /** How an archive is looked into; none is asked for otherwise. */
  readonly look?: CollectTools['foreign']['look']
  readonly credentials?: Credentials
  readonly ca?: Readonly<Record<string, string>>
  readonly alsoPlain?: readonly string[]
  readonly signal?: AbortSignal
  readonly wayOn?: CollectItems['wayOn']
}

/** A request with these lines below `items:`. */
export function requestWith(items: string): Buffer {
  return Buffer.from(
    `sallyport: request/v1\nname: test\nreason: Because\nrequester: alice\ndestinations: [${'a1'.repeat(32)}]\nchannel: main\nitems:\n${items}\n`,
  )
}

/** A folder, a store and threads for collecting. */
export async function openWorkbench(): Promise<Workbench> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'sallyport-collect-')))
  const folder = join(root, 'request')
  const store = join(root, 'store')
  await mkdir(folder)
  const blobs = await openBlobs(store)
  const pool = openPool(2)
  const steps: string[] = []
  return {
    folder,
    store,
    blobs,
    steps,
    collect: async (items, options = {}) => {
      const request = parseRequest(requestWith(items))
      const plainHttp = [...plainHosts(request), ...(options.alsoPlain ?? [])]
      const hosts = new Set<string>()
      const rules: GateRules = { hosts: 'any', plainHttp, ca: options.ca ?? {} }
      return collect(request, folder, {
        gate: openGate(rules, { hosts }),
        rules,
        credentials: options.credentials ?? {},
        hosts,
        warnings: new Warnings(),
        blobs,
        pool,
        environment: { PATH: process.env['PATH'] },
        renderer: () => Promise.resolve(null),
        foreign: {
          look: options.look ?? (() => Promise.reject(new Error('no archive is asked for here'))),
          signedText: () => Promise.reject(new Error('no signed text is asked for here')),
          judge: () => Promise.reject(new Error('no evidence in a folder is asked for here')),
          open: () => Promise.reject(new Error('no archive is asked for here')),
        },
        signal: options.signal ?? new AbortController().signal,
        step: (name) => void steps.push(name),
        advance: () => undefined,
        addTotal: () => undefined,
        items: {
          name: () => undefined,
          change: () => undefined,
          advance: () => undefined,
          wayOn: options.wayOn ?? null,
        },
      })
    },
    close: async () => {
      await pool.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}
