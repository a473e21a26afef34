/** What is wrong with a policy that says something in a form that is right: where, what was expected, what is there. */
export interface Problem {
  readonly path: readonly (string | number)[]
  readonly expected: string
  readonly found: string
}

/** The problems of each entry of a list, with where it stands. */
export function ofEach<Entry>(
  name: string,
  list: readonly Entry[],
  problems: (entry: Entry, i: number) => readonly Problem[],
): Problem[] {
  return list.flatMap((entry, i) =>
    problems(entry, i).map((one) => ({ ...one, path: [name, i, ...one.path] })),
  )
}

/** Entries that stand twice by what tells them apart. */
export function twice<Entry>(
  list: readonly Entry[],
  keyOf: (entry: Entry) => string,
  at: string,
  expected: string,
): (entry: Entry, i: number) => Problem[] {
  const keys = list.map(keyOf)
  return (entry, i) => {
    const key = keyOf(entry)
    return keys.indexOf(key) === i ? [] : [{ path: [at], expected, found: key }]
  }
}
