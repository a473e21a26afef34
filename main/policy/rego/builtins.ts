import { RegoRefused } from './refused.ts'

/*
 * What a module asks of its host beside what it has compiled in. Each depends on its arguments alone. Whatever reads a
 * clock, chance, the host or a network is not here, and a module that names it is refused whole.
 */

const formats = 'sprintf with %s of a text, %d of a whole number, %v of either'

/** Gives the result as JSON; `undefined` where the function has none for these arguments. */
type Builtin = (...values: readonly unknown[]) => string | undefined

// What Go would make of it is a matter of its versions: a rule that needs it is not checked, never guessed.
const unsure = (found: string, expected = formats): RegoRefused =>
  new RegoRefused('builtin', expected, found.slice(0, 100))

function written(verb: string, value: unknown): string {
  if (verb !== 'd' && typeof value === 'string') return value
  if (verb === 'v' && typeof value === 'boolean') return String(value)
  // Larger numbers have lost digits on the way.
  if (verb !== 's' && Number.isSafeInteger(value)) return String(value)
  throw unsure(`%${verb} of ${value === null ? 'null' : typeof value}`)
}

function sprintf(format: unknown, values: unknown): string | undefined {
  if (typeof format !== 'string' || !Array.isArray(values)) return undefined
  let used = 0
  const text = format.replaceAll(/%(.?)/gsu, (_, verb: string) => {
    if (verb === '%') return '%'
    if (!['s', 'd', 'v'].includes(verb) || used >= values.length) throw unsure(`%${verb}`)
    used += 1
    return written(verb, values[used - 1])
  })
  if (used < values.length) throw unsure(`${values.length} values for ${used} places`)
  return JSON.stringify(text)
}

const timeForm =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/
// Near enough that Go may take it: a fraction with a comma, an hour of one digit.
const nearlyTime = /^\d{4}-\d{2}-\d{2}T[\d:.,Z+-]*$/
const [earliest, latest] = [-(2n ** 63n), 2n ** 63n - 1n]

// Nanoseconds do not fit into a number of this language: they are counted as whole numbers and handed over as text.
function nanoseconds(value: unknown): string | undefined {
  const [whole, year = '', month = '', day = '', ...rest] =
    typeof value === 'string' ? (timeForm.exec(value) ?? []) : []
  if (whole === undefined) {
    if (typeof value === 'string' && nearlyTime.test(value)) throw unsure(value, 'a time of RFC 3339')
    return undefined
  }
  const [hour = '', minute = '', second = '', fraction = '', zone = ''] = rest
  const start = new Date(`${year}-${month}-${day}T00:00:00Z`)
  if (Number.isNaN(start.getTime()) || start.getUTCDate() !== Number(day)) return undefined
  const [zoneHours = '0', zoneMinutes = '0'] = zone === 'Z' ? [] : zone.slice(1).split(':')
  const ahead = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (zone.startsWith('-') ? -60 : 60)
  const seconds = start.getTime() / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - ahead
  const found = BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))
  return found < earliest || found > latest ? undefined : String(found)
}

const builtins = new Map<string, Builtin>([
  ['sprintf', sprintf],
  ['time.parse_rfc3339_ns', nanoseconds],
])

/** The functions of a module by its own numbers. @throws RegoRefused for one that is not provided */
export function builtinsOf(table: unknown): ReadonlyMap<number, Builtin> {
  if (typeof table !== 'object' || table === null || Array.isArray(table))
    throw new RegoRefused('module', 'a table of functions', 'something else')
  const found = new Map<number, Builtin>()
  for (const [name, number] of Object.entries(table)) {
    const builtin = builtins.get(name)
    if (builtin === undefined) {
      const expected = `no function of a host but ${[...builtins.keys()].join(', ')}`
      throw new RegoRefused('builtin', expected, name.slice(0, 100))
    }
    if (typeof number !== 'number') throw new RegoRefused('module', 'a table of functions', 'something else')
    found.set(number, builtin)
  }
  return found
}
