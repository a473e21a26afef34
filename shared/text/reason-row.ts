/** What a reason means for the officer, what to do, and where the rule is written. */
export interface ReasonWords {
  readonly means: string
  readonly next: string
  /** The clause that demands it: a norm, a published specification, or the known weakness it closes. */
  readonly source: string
  /** `unknown`: nothing speaks against it, but this desk knows nobody who could vouch. Never counts as accepted. */
  readonly kind: 'bad' | 'unknown'
}

/** What to do where somebody may have meant to deceive. */
export const treatAsAttack =
  'Keep the file, use nothing of it, and ask the signer over another way what was signed.'

/** The words of one reason; `bad` unless told otherwise. */
export const row = (
  means: string,
  next: string,
  source: string,
  kind: ReasonWords['kind'] = 'bad',
): ReasonWords => ({
  means,
  next,
  source,
  kind,
})
