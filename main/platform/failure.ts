import type { FailureCode, FailureView, Facts, Further } from '../../shared/failure.ts'
import { viewOf, type Face } from '../../shared/text/say-failure.ts'

/** What main throws: a code of the closed set, what it is about, and where it came from. Words live in shared/text. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly facts: Facts
  /** Where else the same is so. */
  readonly further: Further | undefined

  constructor(code: FailureCode, facts: Facts = {}, cause?: unknown, further?: Further) {
    super(code, cause === undefined ? {} : { cause })
    this.name = 'Failure'
    this.code = code
    this.facts = facts
    this.further = further
  }

  /** @param face where it is read: in the window it names buttons and places, in a terminal commands */
  view(face?: Face): FailureView {
    const view = viewOf(this.code, this.facts, face)
    return this.further === undefined ? view : { ...view, further: this.further }
  }
}

/** The system's word for an error (`ENOSPC`), or its message; short, for the fact `found`. */
export function causeOf(error: unknown): string {
  if (error instanceof Failure) return error.code
  if (error instanceof Error) {
    const code = (error as NodeJS.ErrnoException).code
    return (code ?? error.message).slice(0, 200)
  }
  return 'unknown'
}

/** Any thrown value as a failure: ours as it is, an abort as `cancelled`, the rest as `internal`. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (error instanceof Error && error.name === 'AbortError') return new Failure('cancelled', {}, error)
  return new Failure('internal', { found: causeOf(error) }, error)
}

/** Turns an error of the file system into a failure that names the path: full discs apart from broken ones. */
export function diskFailure(error: unknown, path: string): Failure {
  if (error instanceof Failure) return error
  const code = causeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Failure('disk-full', { path, expected: 'more', found: 0 }, error)
  }
  return new Failure('disk-failed', { path, found: code }, error)
}
