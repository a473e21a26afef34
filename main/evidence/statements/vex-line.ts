/** What an author says of one vulnerability in one thing. */
export interface VexLine {
  readonly ids: readonly string[]
  /** The parts of the thing that it is about, by package URL; `null`: the whole of it. */
  readonly parts: readonly string[] | null
  /** Whether it says that the thing is not affected, with a reason, or fixed. */
  readonly lowers: boolean
  readonly status: string
  /** When the author says so; of several lines the latest counts. */
  readonly at: string | null
}

/** Whether a name is of a thing with this digest. */
export const namesDigest = (name: string, hex: string): boolean =>
  new RegExp(`sha256:${hex}(?![0-9a-f])`).test(name.toLowerCase().replaceAll('%3a', ':'))

/** Whether a package URL goes on into the thing: it is about what lies there, not about the whole. */
export const isInside = (name: string): boolean => name.includes('#')
