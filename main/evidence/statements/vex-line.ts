/** What an author says of one vulnerability in one thing. */
export interface VexLine {
  readonly ids: readonly string[]
  /** Whether it says that the thing is not affected, with a reason, or fixed. */
  readonly lowers: boolean
  readonly status: string
  /** When the author says so; of several lines the latest counts. */
  readonly at: string | null
}
