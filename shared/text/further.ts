import type { FailureView } from '../failure.ts'

/** Where else the same is so, a sentence for each place; nothing where it is so at one place alone. */
export function furtherSentences({ further }: Pick<FailureView, 'further'>): string[] {
  if (further === undefined) return []
  const { places, more } = further
  const sentences = places.map(({ line, column, found, expected }) => {
    return `Also at line ${line ?? '–'}, column ${column ?? '–'}: ${found ?? '–'}. Expected: ${expected ?? '–'}.`
  })
  return more === 0 ? sentences : [...sentences, `And ${more} more.`]
}
