/**
 * The same reading, done once for each text: what came of it is kept for the texts that were asked for last, at most
 * `most` of them, and given to all who ask. It must be treated as immutable. What throws is not kept.
 */
export function readOnce<Value extends object>(
  read: (text: string) => Value,
  most: number,
): (text: string) => Value {
  // By the text itself and not by a digest that stands beside it: nobody can give one text the reading of another.
  const kept = new Map<string, Value>()
  return (text) => {
    const value = kept.get(text) ?? read(text)
    // A map keeps the order in which keys were set: what was asked for last stands last.
    kept.delete(text)
    kept.set(text, value)
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break
      kept.delete(oldest)
    }
    return value
  }
}
