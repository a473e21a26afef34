import { isDeepStrictEqual } from 'node:util'
import type { LedgerEvent } from '../../ledger/event.ts'
import type { Lines } from '../../ledger/lines.ts'
import { asFailure } from '../../platform/failure.ts'
import { freeze } from './frozen.ts'
import { streamOf } from './order.ts'
import { replay } from './replay.ts'
import { standsOn } from './stands-on.ts'
import type { DeskState } from './state.ts'

/** The lines of a ledger, and the roots over its beginnings. */
export interface Past {
  readonly lines: Lines
  readonly rootAt: (size: number) => Buffer | null
}

function eventsAt(past: Past, places: Iterable<number>): LedgerEvent[] {
  return [...places].flatMap((place) => past.lines.at(place) ?? [])
}

// What every act stands on, whatever it is about.
function inForce(state: DeskState): unknown {
  const { card, marking, people, trust, roots, peers, founding, seal, version, changes, restored } = state
  const { digest, source } = state.policy
  const { epochs, putBack } = state.order
  return [
    { card, marking, people, trust, roots, peers, founding, seal, version, changes, restored },
    { digest, source, packages: [...state.packages], revoked: [...state.revoked] },
    { epochs: [...epochs], putBack },
  ]
}

function aboutOne(state: DeskState, id: string): unknown {
  const one = state.consignments.get(id)
  const stream = streamOf(state.order, one?.sender?.id ?? '', one?.channel ?? '')
  const waybill = one?.waybill ?? null
  return {
    one,
    entry: stream?.seen.find((entry) => entry.digest === waybill),
    releases: stream?.releases.filter((release) => release.waybill === waybill),
    recovered: stream?.recovered,
  }
}

function problemOf(
  state: DeskState,
  anew: DeskState,
  ids: readonly string[],
  wanted: readonly string[],
): string | null {
  const same = (what: string, of: (from: DeskState) => unknown): string | null =>
    isDeepStrictEqual(plain(of(state)), plain(of(anew))) ? null : what
  let problem = same('people, trust, policy or changes', inForce)
  problem ??= same('the floor of the clock', ({ floor }) => floor)
  problem ??= same('causes of rejection', ({ causes }) => [...causes].sort())
  for (const id of wanted) problem ??= same(`consignment ${id}`, (from) => aboutOne(from, id))
  for (const id of ids) {
    const channel = state.consignments.get(id)?.channel ?? ''
    problem ??= same(`the owner of channel ${channel}`, ({ order }) => order.owners.get(channel))
  }
  return problem
}

// As it would come out of a file: a field that is absent and one that is undefined are the same.
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null)) as unknown

/**
 * Verifies anew, from lines and statements, what an act stands on: everything that is in force, and of these consignments
 * and those that they rest on every line. `null` when the state says the same, else what differs.
 *
 * A `null` is a proof; a difference may come from parts that this left out, and is settled by a replay of all lines.
 */
export function differsAnew(state: DeskState, past: Past, ids: readonly string[]): string | null {
  const { lines, rootAt } = past
  const wanted = [...standsOn(state, ids)]
  const places = new Set([null, ...wanted].flatMap((id) => lines.placesOf(id)))
  try {
    const events = eventsAt(
      past,
      [...places].sort((a, b) => a - b),
    )
    return problemOf(state, replay(events, rootAt), ids, wanted)
  } catch (error) {
    return String(asFailure(error).facts.found ?? 'lines that cannot be read')
  }
}

/** The same over all lines: what the ledger says, without anything that was kept. @throws Failure `ledger-damaged` */
export function differsFromAll(state: DeskState, past: Past): string | null {
  const all = replay(eventsAt(past, Array(past.lines.size).keys()), past.rootAt)
  return isDeepStrictEqual(plain(freeze(state)), plain(freeze(all))) ? null : 'what its lines say'
}
