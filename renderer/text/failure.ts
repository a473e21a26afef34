import type { FailureCode, FailureView } from '../../shared/failure.ts'
import { failureWords } from '../../shared/text/failures.ts'
import { viewOf } from '../../shared/text/say-failure.ts'

const isKnown = (code: string): code is FailureCode => Object.hasOwn(failureWords, code)

/** A failure as the window says it: by its own buttons and places, where the command line names commands. */
export function here(failure: FailureView): FailureView {
  return isKnown(failure.code) ? viewOf(failure.code, failure.facts, 'window') : failure
}
