import { done, sallyport, type Ended, type Said } from './command-line.ts'
import { makePerson, type Crossing, type TestPerson } from './desks.ts'

/** Security officers of one desk, and what they do with their keys. */
export interface Officers {
  readonly people: readonly TestPerson[]
  /** Arguments with which an officer signs. */
  signs(place: number): string[]
  /** Two officers seal the desk; gives the second answer. */
  seal(): Promise<Said>
  /** One officer asks for a change, another signs it; gives what the second was answered. */
  change(words: readonly string[], first?: number, second?: number): Promise<Said>
  /** A command at this desk, whatever comes of it. */
  at(...words: string[]): Promise<Ended>
}

/** Adds security officers to a founding desk of a crossing. */
export async function makeOfficers(crossing: Crossing, desk: string, count = 2): Promise<Officers> {
  const { clock, passphrase, folder } = crossing
  const people: TestPerson[] = []
  for (let i = 1; i <= count; i++) {
    const id = `officer-${i}`
    const name = `Officer ${i} of ${desk === crossing.low ? 'low' : 'high'}`
    const person = await makePerson(folder, `${desk === crossing.low ? 'low' : 'high'}-${id}`, name, 'p256')
    people.push({ ...person, id })
    const words = ['person', 'add', '--desk', desk, '--id', id, '--name', name, '--key', `${person.key}.pub`]
    await done([...words, '--role', 'security-officer'], clock)
  }
  const signs = (place: number): string[] => {
    const person = people[place]
    if (person === undefined) throw new Error(`there is no officer ${place}`)
    return ['--person', person.id, '--key', person.key, '--passphrase-file', passphrase]
  }
  const at = (...words: string[]): Promise<Ended> => sallyport([...words, '--desk', desk], clock)
  return {
    people,
    signs,
    at,
    seal: async () => {
      await done(['desk', 'seal', '--desk', desk, ...signs(0)], clock)
      return done(['desk', 'seal', '--desk', desk, ...signs(1)], clock)
    },
    change: async (words, first = 0, second = 1) => {
      const asked = await done([...words, '--desk', desk, ...signs(first)], clock)
      const { number } = asked.pending as { number: number }
      return done(['change', 'sign', String(number), '--desk', desk, ...signs(second)], clock)
    },
  }
}
