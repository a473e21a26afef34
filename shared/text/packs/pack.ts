/** A policy to begin with. */
export interface Pack {
  readonly name: string
  /** For whom it is, in one sentence. */
  readonly about: string
  /** What it asks and why, what must be changed in it, what it does not do: a page of words. */
  readonly page: string
  /** The policy itself. It is valid as it stands, and names people who do not exist. */
  readonly source: string
}
