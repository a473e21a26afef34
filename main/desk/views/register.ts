import { transferIdOf } from '../../../shared/digest.ts'
import type { MediumEvent, MediumLine, MediumView } from '../../../shared/media.ts'
import { statesAfter } from '../../../shared/rules/media.ts'
import type { Desk } from '../desk.ts'
import { Register, type Medium } from '../state/register.ts'
import { recordedOf } from '../state/replay.ts'
import { lineAt } from './event-lines.ts'

/** Types of events from which the register follows, beside those of its own. */
const also = new Set([
  ...[
    'write.started',
    'write.done',
    'write.failed',
    'readback.done',
    'verify.done',
    'export.started',
    'export.done',
    'export.failed',
  ],
])

const kept = new WeakMap<Desk, { readonly register: Register; next: number }>()

/** The register of media of a desk as its lines tell it now. Each line is taken once. @throws Failure `ledger-damaged` */
export function registerOf(desk: Desk): Register {
  const one = kept.get(desk) ?? { register: new Register(), next: 0 }
  kept.set(desk, one)
  for (; one.next < desk.lines.size; one.next++) {
    const type = desk.lines.typeAt(one.next) ?? ''
    // Before there is a medium nothing becomes of it.
    if (!type.startsWith('media.') && !(also.has(type) && one.register.media.size > 0)) continue
    const event = desk.lines.at(one.next)
    if (event !== undefined) one.register.take(event, recordedOf(event))
  }
  return one.register
}

function eventOf(desk: Desk, { sequence, at, by, state }: Medium['history'][number]): MediumEvent {
  const sentence = lineAt(desk, sequence - 1)?.sentence ?? ''
  return { sequence, at, by: [...by], sentence, state }
}

/** A medium as a line of the register. */
export function mediumLine(desk: Desk, medium: Medium): MediumLine {
  const { label, serial, kind, marking, owner, state, capacity, holds, history } = medium
  const last = history[history.length - 1] ?? { sequence: 0, at: desk.now(), by: [], state }
  const tested = capacity?.passed ?? null
  return {
    ...{ label, serial, kind, marking, owner, state, tested },
    holds: holds.map(transferIdOf),
    last: eventOf(desk, last),
  }
}

/** A medium with everything that the ledger tells of it. */
export function mediumView(desk: Desk, medium: Medium): MediumView {
  const { drive, size, capacity, filled, seal, disposition, state, history } = medium
  return {
    ...mediumLine(desk, medium),
    ...{ drive, size, capacity, seal },
    filled: filled === null ? null : { at: filled.at, written: filled.written },
    disposition: disposition === null ? null : { ...disposition, by: [...disposition.by] },
    next: [...statesAfter(state)],
    history: history.map((step) => eventOf(desk, step)),
  }
}
