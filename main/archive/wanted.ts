/** What a going through looks into, beyond what every one does. */
export interface Wanted {
  /** Whether a file is an archive whose files are wanted too; `seen` has those before it. */
  readonly isArchive: (path: string, seen: { has(path: string): boolean }) => boolean
  /** Whether a file is a document that will be read, however it is called. */
  readonly isDocument: (path: string) => boolean
}

/** Nothing beyond that. */
export const nothingMore: Wanted = { isArchive: () => false, isDocument: () => false }
