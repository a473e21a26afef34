import type { Choice } from '../../shared/calls/place.ts'
import type { FailureView } from '../../shared/failure.ts'
import { call } from '../bridge.ts'

/** A place that somebody chose: an opaque id, and the name to show. */
export interface Chosen {
  readonly place: string
  readonly label: string
}

/** Asks for a place by the system's own dialog. `null` when they cancelled; a failure goes to `fail`. */
export async function choose(
  choice: Choice,
  fail: (failure: FailureView | null) => void,
): Promise<Chosen | null> {
  fail(null)
  const answer = await call('place.choose', choice)
  if (!answer.ok) {
    fail(answer.failure)
    return null
  }
  const { place, label } = answer.value
  return place === null ? null : { place, label }
}
