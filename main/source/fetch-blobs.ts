import type { Digest } from '../../shared/digest.ts'
import type { FailureCode, Facts } from '../../shared/failure.ts'
import type { Credentials } from '../oci/credentials.ts'
import { download } from '../oci/download.ts'
import { restBytes, sharedRest } from '../oci/pacing.ts'
import { Registry } from '../oci/registry.ts'
import { Warnings, type Warning } from '../oci/warnings.ts'
import { asFailure, Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { openGate, type GateRules } from '../platform/network.ts'
import type { TaskContext } from '../platform/workers.ts'
import { keepAs, leaveHalf } from '../store/keep.ts'

export interface FetchOrder {
  readonly host: string
  readonly repository: string
  readonly digest: Digest
  readonly size: number
  /** The `.half` that is written, and the name it gets once every byte is there and hashes right. */
  readonly to: string
  readonly keep: string
  /** Evidence: that it cannot be had is reported and stops nothing. */
  readonly optional: boolean
}

/** Several threads may be given the same list: each takes the next entry from `cursor` (one Int32). */
export interface FetchInput {
  readonly rules: GateRules
  readonly credentials: Credentials
  readonly orders: readonly FetchOrder[]
  readonly cursor: SharedArrayBuffer
  /** Until when each host is let alone, of `restsFor` these orders. */
  readonly rests: SharedArrayBuffer
}

export interface NotFetched {
  readonly digest: Digest
  readonly code: FailureCode
  readonly facts: Facts
}

/** What came of a task. */
export interface Fetched {
  /** The optional ones that could not be had. */
  readonly missing: readonly NotFetched[]
  /** Whom it asked. */
  readonly hosts: readonly string[]
  readonly warnings: readonly Warning[]
}

/** Memory in which all threads see what each host says to one of them. */
export function restsFor(orders: readonly FetchOrder[]): SharedArrayBuffer {
  return new SharedArrayBuffer(Math.max(1, hostsOf(orders).length) * restBytes)
}

// In the same order on every thread.
function hostsOf(orders: readonly FetchOrder[]): string[] {
  return [...new Set(orders.map(({ host }) => host))]
}

// Two requests on a thread keep it busy while one waits; more only take turns (measured, see environment.md).
const requestsAtOnce = 2
/** More threads than these would ask one host for more than it is asked at once. */
export const fetchingThreads = limits.requestsAtOnce / requestsAtOnce

const stops: ReadonlySet<FailureCode> = new Set(['cancelled', 'disk-full', 'disk-failed', 'internal'])

/**
 * Worker task `fetch-blobs`: downloads blobs to their `.half` files through a gate of its own; one that arrived whole has
 * its name at once, whatever becomes of the others.
 *
 * @throws Failure of the first other one that could not be had
 */
export async function fetchBlobs(input: FetchInput, context: TaskContext): Promise<Fetched> {
  const { rules, credentials, orders } = input
  const cursor = new Int32Array(input.cursor)
  const stop = new AbortController()
  const forward = (): void => stop.abort()
  context.signal.addEventListener('abort', forward)
  const hosts = new Set<string>()
  const warnings = new Warnings()
  const gate = openGate(rules, { hosts })
  const registryOf = (host: string, index: number): [string, Registry] => {
    const rest = sharedRest(input.rests, index)
    return [host, new Registry(host, { gate, rules, credentials, signal: stop.signal, rest, warnings })]
  }
  const registries = new Map(hostsOf(orders).map(registryOf))
  const missing: NotFetched[] = []
  const one = async (order: FetchOrder): Promise<void> => {
    const registry = registries.get(order.host)
    if (registry === undefined) throw new Failure('internal', { found: `no registry for ${order.host}` })
    try {
      await download(registry, { ...order, advance: (bytes) => context.advance(bytes, order.digest) })
      keepAs(order.to, order.keep)
      context.finished(order.digest)
    } catch (error) {
      const failure = asFailure(error)
      leaveHalf(order.to, failure.code)
      if (!order.optional || stops.has(failure.code)) throw failure
      missing.push({ digest: order.digest, code: failure.code, facts: failure.facts })
    }
  }
  const lane = async (): Promise<void> => {
    for (;;) {
      context.check()
      const order = orders[Atomics.add(cursor, 0, 1)]
      if (order === undefined) return
      await one(order)
    }
  }
  // When one lane fails the other must let go of its file before the task ends.
  const failures: unknown[] = []
  const lanes = Array.from({ length: requestsAtOnce }, () =>
    lane().catch((error: unknown) => {
      failures.push(error)
      stop.abort()
    }),
  )
  await Promise.all(lanes)
  context.signal.removeEventListener('abort', forward)
  if (failures.length > 0) throw failures[0]
  return { missing, hosts: [...hosts], warnings: warnings.all }
}
