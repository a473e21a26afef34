/** What is wrong with a command line; exit code 2. */
export class UsageError extends Error {}

export interface OptionSpec {
  /** What stands behind the option in the usage line; `null` for a switch. */
  readonly value: string | null
  readonly many?: boolean
  readonly required?: boolean
}

export interface CommandSpec {
  /** Names of the arguments that are not options, in order; one that ends in `?` may be missing, a last one in `...` stands for several. */
  readonly positional: readonly string[]
  readonly options: Readonly<Record<string, OptionSpec>>
}

/** A parsed command line. */
export interface Arguments {
  /** Positional argument by its place. */
  at(place: number): string
  /** Positional arguments from a place on. */
  from(place: number): readonly string[]
  has(option: string): boolean
  get(option: string): string | undefined
  need(option: string): string
  all(option: string): readonly string[]
}

const everywhere: Readonly<Record<string, OptionSpec>> = { json: { value: null }, help: { value: null } }

function parse(
  spec: CommandSpec,
  words: readonly string[],
): { found: Map<string, string[]>; rest: string[] } {
  const found = new Map<string, string[]>()
  const rest: string[] = []
  const options = { ...everywhere, ...spec.options }
  let only = false
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (only || !word.startsWith('--')) {
      rest.push(word)
      continue
    }
    if (word === '--') {
      only = true
      continue
    }
    const [name = '', ...joined] = word.slice(2).split('=')
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    if (option === undefined) throw new UsageError(`There is no option --${name}.`)
    const values = found.get(name) ?? []
    if (values.length > 0 && option.many !== true) throw new UsageError(`--${name} is given twice.`)
    if (option.value === null) {
      if (joined.length > 0) throw new UsageError(`--${name} takes no value.`)
      values.push('')
    } else {
      const value = joined.length > 0 ? joined.join('=') : words[++i]
      if (value === undefined || (joined.length === 0 && value.startsWith('--'))) {
        throw new UsageError(`--${name} needs ${option.value}.`)
      }
      values.push(value)
    }
    found.set(name, values)
  }
  return { found, rest }
}

/**
 * Reads a command line strictly: no unknown option, none twice, none missing.
 *
 * @throws UsageError
 */
export function readArguments(spec: CommandSpec, words: readonly string[]): Arguments {
  const { found, rest } = parse(spec, words)
  const least = spec.positional.filter((name) => !name.endsWith('?')).length
  const missing = spec.positional[rest.length]
  if (rest.length < least) throw new UsageError(`${missing ?? 'An argument'} is missing.`)
  if (rest.length > spec.positional.length && spec.positional.at(-1)?.endsWith('...') !== true)
    throw new UsageError(`“${rest.at(-1) ?? ''}” is one argument too many.`)
  for (const [name, option] of Object.entries(spec.options)) {
    if (option.required === true && !found.has(name)) throw new UsageError(`--${name} is missing.`)
  }
  return {
    at: (place) => rest[place] ?? '',
    from: (place) => rest.slice(place),
    has: (option) => found.has(option),
    get: (option) => found.get(option)?.[0],
    need: (option) => found.get(option)?.[0] ?? '',
    all: (option) => found.get(option) ?? [],
  }
}
