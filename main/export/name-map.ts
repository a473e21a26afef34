import { z } from 'zod'
import { Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { parseYaml, YamlError, type Position } from '../platform/yaml.ts'

const zNameMap = z.strictObject({
  sallyport: z.literal('map/v1'),
  names: z
    .array(z.strictObject({ from: z.string().min(1).max(300), to: z.string().max(300) }))
    .min(1)
    .max(1000),
})

/** Where names of items go: a name, or the beginning of names where it ends in `/`; the longest that fits counts. */
export type NameMap = z.infer<typeof zNameMap>['names']

function wrong({ line, column }: Position, expected: string, found: string): Failure {
  return new Failure('map-form', { line, column, expected, found })
}

/**
 * Parses a map of names: YAML, strict, `sallyport: map/v1` and a list `names` of `from` and `to`.
 *
 * @throws Failure `map-form` with line and column
 */
export function parseNameMap(bytes: Uint8Array): NameMap {
  if (bytes.byteLength > limits.policyBytes) {
    throw wrong({ line: 1, column: 1 }, `at most ${limits.policyBytes} bytes`, `${bytes.byteLength} bytes`)
  }
  try {
    const document = parseYaml(bytes)
    const read = zNameMap.safeParse(document.value)
    if (!read.success) {
      const [issue] = read.error.issues
      const path = (issue?.path ?? []).filter((step) => typeof step !== 'symbol')
      const found = issue?.message ?? 'something else'
      throw wrong(
        document.positionOf(path),
        '“sallyport: map/v1” and “names”, a list of “from” and “to”',
        found,
      )
    }
    const { names } = read.data
    names.forEach(({ from, to }, i) => {
      const at = document.positionOf(['names', i])
      if (from.endsWith('/') !== (to === '' || to.endsWith('/')))
        throw wrong(at, '“/” at the end of both or of neither', `${from} and ${to}`)
      if (names.findIndex((one) => one.from === from) !== i)
        throw wrong(at, 'each name once', `${from} twice`)
    })
    return names
  } catch (error) {
    if (error instanceof YamlError) throw wrong(error.position, error.expected, error.found)
    throw error
  }
}

/** Where a name goes by the map; `null` where the map says nothing of it. */
export function mappedName(name: string, map: NameMap): string | null {
  const fitting = map.filter(({ from }) => (from.endsWith('/') ? name.startsWith(from) : name === from))
  const [best] = fitting.sort((a, b) => b.from.length - a.from.length)
  if (best === undefined) return null
  return best.from.endsWith('/') ? `${best.to}${name.slice(best.from.length)}` : best.to
}
