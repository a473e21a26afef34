import type { LedgerEvent } from '../../ledger/event.ts'
import { Failure } from '../../platform/failure.ts'
import { rulesFirst, rulesNow } from '../../../shared/rules/version.ts'
import { parsePolicy } from '../../policy/parse.ts'
import { facts, isEventType, type Recorded } from './facts.ts'
import { foldChanges } from './changes.ts'
import { foldHigh } from './high.ts'
import { foldLanding } from './landing.ts'
import { foldLow } from './low.ts'
import { foldRegister } from './media.ts'
import { newOrder } from './order.ts'
import { unmarked, type Around, type DeskState } from './state.ts'

/** Parses an event's facts by its type. Unknown types and fields refuse the ledger. */
export function recordedOf(event: LedgerEvent): Recorded {
  const damaged = (found: string): Failure =>
    new Failure('ledger-damaged', {
      expected: 'events that this version knows',
      found: `event ${event.sequence}: ${found}`,
      line: event.sequence,
    })
  if (!isEventType(event.type)) throw damaged(event.type)
  const parsed = facts[event.type].safeParse(event.facts)
  if (!parsed.success) throw damaged(`${event.type}, ${parsed.error.issues[0]?.path.join('.') ?? ''}`)
  return { type: event.type, facts: parsed.data } as Recorded
}

function foldDesk(state: DeskState, recorded: Recorded): boolean {
  switch (recorded.type) {
    case 'desk.created':
      state.card = recorded.facts.card
      return true
    case 'desk.marking':
      state.marking = recorded.facts.marking
      return true
    case 'desk.recovered':
      return true
    default:
      return false
  }
}

function rulesOf(event: LedgerEvent): number {
  const { rules = rulesFirst, sequence } = event
  if (rules <= rulesNow) return rules
  throw new Failure('ledger-damaged', {
    expected: `rules that this version knows, at most ${rulesNow}`,
    found: `event ${sequence}: rules ${rules}`,
    line: sequence,
  })
}

/**
 * Takes one event into the state, once everything that it says of people and of what came of their acts is found true.
 *
 * @throws Failure `ledger-damaged`
 */
export function fold(state: DeskState, event: LedgerEvent, rootAt: (size: number) => Buffer | null): void {
  const recorded = recordedOf(event)
  const around: Around = {
    sequence: event.sequence,
    at: event.time.at,
    statements: event.statements,
    actors: event.actors,
    outcome: event.outcome,
    rules: rulesOf(event),
    rootAt,
  }
  if (foldDesk(state, recorded)) return
  if (foldChanges(state, recorded, around)) return
  if (foldLow(state, recorded, around)) return
  if (foldRegister(state, recorded, around)) return
  if (foldLanding(state, recorded, around)) return
  foldHigh(state, recorded, around)
}

/**
 * The state that a ledger tells.
 *
 * @throws Failure `ledger-damaged`
 */
export function replay(events: readonly LedgerEvent[], rootAt: (size: number) => Buffer | null): DeskState {
  const first = events[0]
  const recorded = first === undefined ? null : recordedOf(first)
  if (recorded?.type !== 'desk.created') {
    throw new Failure('ledger-damaged', {
      expected: 'desk.created as the first event',
      found: first?.type ?? 'none',
    })
  }
  const state: DeskState = {
    card: recorded.facts.card,
    marking: unmarked,
    people: [],
    trust: [],
    policy: {
      digest: 'sha256:',
      source: '',
      document: parsePolicy(Buffer.from('sallyport: policy/v1\nversion: 1\n')),
    },
    consignments: new Map(),
    order: newOrder(),
    floor: null,
    causes: new Set(),
    roots: [],
    packages: new Map(),
    peers: [],
    landing: null,
    listed: null,
    revoked: new Map(),
    founding: true,
    seal: null,
    version: 0,
    ground: {},
    failedSince: null,
    changes: [],
    restored: [],
    flags: [],
  }
  for (const event of events) fold(state, event, rootAt)
  return state
}
