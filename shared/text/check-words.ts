/** What an officer reads about a check. `unknown` is for not-checked, `warn` for a pass that somebody should know of. */
export interface CheckWords {
  readonly title: string
  readonly pass: string
  readonly fail: string
  readonly next: string
  readonly warn?: string
  /** What to do about a warning, where that is not what to do about a failure. */
  readonly warnNext?: string
  readonly unknown?: string
  /** What to do where nobody known vouches, if that is not what to do about a failure. */
  readonly unknownNext?: string
  /** What it means and what to do by the reason of a failure, where that is not the same for all. */
  readonly because?: Readonly<Record<string, { readonly means: string; readonly next: string }>>
  /** The same of what was not checked. */
  readonly unknownBecause?: CheckWords['because']
  /** The same of warnings. */
  readonly warnBecause?: CheckWords['because']
}
