/**
 * Does `act` for every entry, at most `most` at a time, in order of their start. The first failure is thrown once the
 * others under way have ended.
 */
export async function inLanes<Entry, Result>(
  entries: readonly Entry[],
  most: number,
  act: (entry: Entry) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const failures: unknown[] = []
  const lane = async (): Promise<void> => {
    while (failures.length === 0 && next < entries.length) {
      const index = next
      next += 1
      try {
        results[index] = await act(entries[index] as Entry)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, entries.length) }, lane))
  if (failures.length > 0) throw failures[0]
  return results
}
