import { UsageError } from './arguments.ts'

/** The roles that words name. @throws UsageError */
export function rolesFrom<Name extends string>(words: readonly string[], known: readonly Name[]): Name[] {
  return words.map((word) => {
    const role = known.find((one) => one === word)
    if (role === undefined) throw new UsageError(`--role is one of ${known.join(', ')}; found “${word}”.`)
    return role
  })
}
