import { create } from 'zustand'
import type { DecisionOutcome } from '../../shared/views.ts'

/** Those of the bar. */
export const places = ['consignments', 'media', 'people', 'trust', 'policy', 'ledger', 'settings'] as const
/** “Order and time” and the landing are reached from Trust: seven is as many as anybody looks through. */
export type Place = (typeof places)[number] | 'order' | 'landing'

/** The pages of one consignment: those of a high desk, those of a low desk, and the report that both have. */
export type Step =
  | 'receive'
  | 'verdict'
  | 'decide'
  | 'release'
  | 'override'
  | 'export'
  | 'seal'
  | 'kit'
  | 'request'
  | 'items'
  | 'authenticity'
  | 'approve'
  | 'write'
  | 'readback'
  | 'handover'
  | 'giveup'
  | 'report'
  | 'close'

/** Where the window is. Only this window knows it; nothing of it is a fact. */
interface View {
  readonly place: Place
  readonly consignment: string | null
  readonly step: Step
  /** The outcome that is about to be signed, on the page “decide”. */
  readonly outcome: DecisionOutcome
  /** The registry that the page is about, as the record names it; on the pages “seal” and “kit”. */
  readonly target: string | null
  /** The job whose page is shown until it is left. */
  readonly job: string | null
  readonly receiving: boolean
  /** A refused reading, by the number of its event in the ledger. */
  readonly refused: number | null
  /** A new request is written. */
  readonly requesting: boolean
  /** What is to be looked into is chosen. */
  readonly looking: boolean
  /** Counts the moves of the person: a new page is one that somebody went to. */
  readonly visit: number
}

const start: View = {
  place: 'consignments',
  consignment: null,
  step: 'verdict',
  outcome: 'accept',
  target: null,
  job: null,
  receiving: false,
  refused: null,
  requesting: false,
  looking: false,
  visit: 0,
}

export const useView = create<View>()(() => start)

export type Move =
  | { readonly to: 'place'; readonly place: Place }
  | { readonly to: 'consignment'; readonly id: string; readonly step: Step; readonly target?: string }
  | { readonly to: 'decide'; readonly outcome: DecisionOutcome }
  | { readonly to: 'receive' }
  | { readonly to: 'refused'; readonly sequence: number }
  | { readonly to: 'request' }
  | { readonly to: 'look' }
  | { readonly to: 'job'; readonly id: string }
  | { readonly to: 'start' }

/** Where a move leads: a pure function, so that every move can be tested. */
export function moved(view: View, move: Move): View {
  switch (move.to) {
    case 'place':
      return { ...start, place: move.place }
    case 'consignment':
      return { ...start, consignment: move.id, step: move.step, target: move.target ?? null }
    case 'decide':
      return { ...view, step: 'decide', outcome: move.outcome, job: null }
    case 'receive':
      return { ...start, receiving: true }
    case 'refused':
      return { ...start, refused: move.sequence }
    case 'request':
      return { ...start, requesting: true }
    case 'look':
      return { ...start, looking: true }
    case 'job':
      return { ...view, job: move.id, receiving: false, refused: null, requesting: false, looking: false }
    case 'start':
      return start
  }
}

export function go(move: Move): void {
  useView.setState((view) => ({ ...moved(view, move), visit: view.visit + 1 }))
}
