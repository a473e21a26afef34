const numbers = ['no', 'one', 'two', 'three', 'four'] as const

/** “two people”, as an officer says it. */
export function peopleWords(number: number): string {
  return `${numbers[number] ?? String(number)} ${number === 1 ? 'person' : 'people'}`
}

/** “Dave Okoro, Erin Sand and Gus Hale”. */
export function together(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}
