import type { CallInput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import { canonical } from '../../platform/json.ts'
import { zChange, type Change } from '../state/change.ts'
import { isCurrent } from '../state/changes.ts'
import { writable, type Context } from '../work/context.ts'
import { completeChange, makeChange } from './make-change.ts'

type Officer = CallInput<'time.floor'>['officer']

/**
 * A change that two officers make together: the first asks for it, and the second either signs it by its number or asks
 * for the same, which puts it in force.
 *
 * @throws Failure `seal-first` on a founding desk, `officers-needed`, of the rule that it breaks
 */
export async function together(
  context: Context,
  change: Change,
  officer: Officer,
): ReturnType<typeof makeChange> {
  const desk = writable(context, change.kind === 'desk.restored')
  const { state } = desk
  if (state.founding) throw new Failure('seal-first')
  if (officer === undefined) throw new Failure('officers-needed')
  // What replay could not read back must never reach the ledger.
  if (!zChange.safeParse(change).success) {
    throw new Failure('bad-input', {
      found: 'more than a change can hold',
      expected: 'a change within the bounds of its fields',
    })
  }
  const same = canonical(change)
  const asked = state.changes.find(
    (one) =>
      one.signed === null &&
      one.withdrawn === null &&
      isCurrent(state, one) &&
      canonical(one.document.change).equals(same),
  )
  if (asked === undefined) return makeChange(context, change, officer)
  return { ...(await completeChange(context, desk, asked, officer)), pending: null }
}
