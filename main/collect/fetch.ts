import { isDigest, type Digest } from '../../shared/digest.ts'
import { viewOf } from '../../shared/text/say-failure.ts'
import type { Finding } from '../../shared/waybill.ts'
import { Failure } from '../platform/failure.ts'
import { plain } from '../source/reading.ts'
import {
  fetchingThreads,
  restsFor,
  type Fetched,
  type FetchOrder,
  type NotFetched,
} from '../source/fetch-blobs.ts'
import type { CopyOrder } from '../store/copy-blobs.ts'
import { spread } from '../store/spread.ts'
import type { Places } from './draft.ts'
import type { CollectTools } from './tools.ts'

export interface Wanted {
  readonly digest: Digest
  /** The item that is told of its bytes. */
  readonly item: string | null
  readonly size: number
  /** Only evidence needs it: that it cannot be had is a finding. */
  readonly optional: boolean
}

interface Orders {
  readonly fetch: FetchOrder[]
  readonly copy: CopyOrder[]
  readonly optionalCopy: CopyOrder[]
}

async function ordersFor(wanted: readonly Wanted[], places: Places, tools: CollectTools): Promise<Orders> {
  const orders: Orders = { fetch: [], copy: [], optionalCopy: [] }
  // The largest first, so that no thread is left alone with one at the end.
  for (const { digest, size, optional } of [...wanted].sort((a, b) => b.size - a.size)) {
    if ((await tools.blobs.size(digest)) === size) continue
    const place = places.get(digest)?.placeOf(digest)
    const keep = tools.blobs.path(digest)
    if (place === undefined) throw new Failure('internal', { found: `no place for ${digest}` })
    if (place.kind === 'registry') {
      // Where somebody can have it tried again, one that fails does not stop the others.
      const passable = optional || tools.items.wayOn !== null
      orders.fetch.push({
        host: place.host,
        repository: place.repository,
        digest,
        size,
        to: tools.blobs.halfPath(digest),
        keep,
        optional: passable,
      })
    } else {
      const to = tools.blobs.partPath(digest)
      orders[optional ? 'optionalCopy' : 'copy'].push({ from: place.range, to, keep, digest, size })
    }
  }
  return orders
}

function lost(digest: Digest, failure: Pick<Failure, 'code' | 'facts'>): [Digest, Finding] {
  const detail = plain(viewOf(failure.code, failure.facts).happened)
  return [digest, { code: failure.code, subject: digest, detail }]
}

function tellTotals(
  all: readonly { readonly digest: Digest | null; readonly size: number }[],
  owners: ReadonlyMap<string, string>,
  tools: CollectTools,
): void {
  const totals = new Map<string, number>()
  for (const { digest, size } of all) {
    const item = digest === null ? undefined : owners.get(digest)
    if (item !== undefined) totals.set(item, (totals.get(item) ?? 0) + size)
  }
  for (const [item, total] of totals) tools.items.change(item, { total, done: 0 })
}

/**
 * Brings blobs into the store, on all threads: one fetch per digest, hashed as it is written.
 *
 * @returns the optional ones that could not be had, each with what happened
 * @throws Failure of the first other one that could not be had; what arrived whole of the rest is kept
 */
export async function fetchAll(
  wanted: readonly Wanted[],
  places: Places,
  tools: CollectTools,
): Promise<Map<Digest, Finding>> {
  const orders = await ordersFor(wanted, places, tools)
  return fetchOrders(wanted, orders, tools)
}

async function fetchOrders(
  wanted: readonly Wanted[],
  orders: Orders,
  tools: CollectTools,
): Promise<Map<Digest, Finding>> {
  const { pool, signal, rules, credentials, blobs } = tools
  const all = [...orders.fetch, ...orders.copy, ...orders.optionalCopy]
  tools.addTotal(all.reduce((sum, order) => sum + order.size, 0))
  const owners = new Map<string, string>(
    wanted.flatMap(({ digest, item }) => (item === null ? [] : [[digest, item]])),
  )
  tellTotals(all, owners, tools)
  const options = {
    signal,
    advance: (bytes: number) => tools.advance(bytes),
    finished: (digest: string) => {
      if (isDigest(digest)) blobs.kept(digest)
    },
    advanceOf: (digest: string, bytes: number) => {
      const item = owners.get(digest)
      if (item !== undefined) tools.items.advance(item, bytes)
    },
  }
  const fetching = spread<Fetched>(
    pool,
    'fetch-blobs',
    { rules, credentials, orders: orders.fetch, rests: restsFor(orders.fetch) },
    Math.min(orders.fetch.length, fetchingThreads),
    options,
  )
  const fetched = await fetching
  for (const host of fetched.flatMap(({ hosts }) => hosts)) tools.hosts.add(host)
  for (const warning of fetched.flatMap(({ warnings }) => warnings)) tools.warnings.add(warning)
  const notFetched = fetched.flatMap(({ missing }) => missing)
  const missing = new Map(notFetched.map((entry) => lost(entry.digest, entry)))
  await spread(
    pool,
    'copy-blobs',
    { orders: orders.copy, flush: false, mode: 0o600, inside: true },
    orders.copy.length,
    options,
  )
  for (const order of orders.optionalCopy) {
    const input = { orders: [order], flush: false, mode: 0o600, inside: true }
    await spread(pool, 'copy-blobs', input, 1, options).catch((error: unknown) => {
      const passes = ['not-found', 'content-damaged', 'file-unreadable']
      if (!(error instanceof Failure) || !passes.includes(error.code) || order.digest === null) throw error
      missing.set(...lost(order.digest, error))
    })
  }
  const needed = new Set(wanted.filter((one) => !one.optional).map((one) => one.digest))
  const loud = (entry: NotFetched): boolean => needed.has(entry.digest) || entry.code === 'registry-limit'
  const [first] = notFetched.filter(loud)
  if (first !== undefined) throw new Failure(first.code, { ...first.facts, digest: first.digest })
  return missing
}
