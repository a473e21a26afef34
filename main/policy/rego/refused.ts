/** Why a rule set did not answer. Its words are those of the check `policy.rego`. */
export type RegoReason =
  'missing' | 'other-file' | 'module' | 'builtin' | 'entrypoint' | 'input' | 'time' | 'trap' | 'answer'

/** A rule set that cannot be asked, or whose answer counts for nothing. */
export class RegoRefused extends Error {
  readonly reason: RegoReason
  readonly expected: string
  readonly found: string

  constructor(reason: RegoReason, expected: string, found: string) {
    super(`${found}; expected: ${expected}`)
    this.name = 'RegoRefused'
    this.reason = reason
    this.expected = expected
    this.found = found
  }
}
