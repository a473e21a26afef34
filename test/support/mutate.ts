/* Changes of a bundle that need no knowledge of it: in its JSON, its text, and the bytes inside its base64. */

/** One change: what is done, where, and with what; the numbers are taken modulo what there is. */
export interface Mutation {
  readonly kind: (typeof mutationKinds)[number]
  readonly where: number
  readonly at: number
  readonly size: number
}

/** Every kind of change. */
export const mutationKinds = [
  'take a part away',
  'put another value',
  'take the part of another bundle',
  'repeat a part',
  'change a letter',
  'flip a bit in bytes',
  'cut bytes off',
  'repeat bytes',
  'leave bytes out',
  'take the bytes of another part',
  'flip a bit of the text',
  'cut the text off',
  'repeat text',
  'leave text out',
] as const

type Tree = { [name: string]: unknown }
interface Place {
  readonly holder: Tree
  readonly name: string
  readonly path: string
}

function placesOf(holder: unknown, path = ''): Place[] {
  if (typeof holder !== 'object' || holder === null) return []
  return Object.entries(holder).flatMap(([name, value]) => [
    { holder: holder as Tree, name, path: `${path}.${name}` },
    ...placesOf(value, `${path}.${name}`),
  ])
}

const pick = <Value>(list: readonly Value[], n: number): Value | undefined =>
  list[n % Math.max(1, list.length)]
const values: readonly unknown[] = [null, 0, -1, 1e300, '', 'a', 'AAAA', '0', '1', true, [], {}, [{}], [[]]]

function inBytes(bytes: Buffer, { kind, at, size }: Mutation, other: Buffer): Buffer {
  const from = at % Math.max(1, bytes.length)
  const to = Math.min(bytes.length, from + 1 + (size % 40))
  switch (kind) {
    case 'flip a bit in bytes':
    case 'flip a bit of the text':
      return Buffer.from(bytes.map((byte, n) => (n === from ? byte ^ (1 << (size % 8)) : byte)))
    case 'cut bytes off':
    case 'cut the text off':
      return bytes.subarray(0, from)
    case 'repeat bytes':
    case 'repeat text':
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
    case 'leave bytes out':
    case 'leave text out':
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
    default:
      return other
  }
}

const isBytes = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 8 && Buffer.from(value, 'base64').toString('base64') === value

function inTree(tree: unknown, mutation: Mutation, other: unknown): void {
  const { kind, where, at, size } = mutation
  const places = placesOf(tree)
  if (kind.includes('bytes')) {
    const held = places.filter(({ holder, name }) => isBytes(holder[name]))
    const place = pick(held, where)
    const source = pick(held, at)
    if (place === undefined || source === undefined) return
    const own = Buffer.from(String(place.holder[place.name]), 'base64')
    const bytes = inBytes(own, mutation, Buffer.from(String(source.holder[source.name]), 'base64'))
    place.holder[place.name] = bytes.toString('base64')
    return
  }
  const place = pick(places, where)
  if (place === undefined) return
  const { holder, name, path } = place
  const value = holder[name]
  if (kind === 'take a part away') Reflect.deleteProperty(holder, name)
  else if (kind === 'put another value') holder[name] = pick(values, at)
  else if (kind === 'repeat a part') {
    if (Array.isArray(value)) holder[name] = [...(value as unknown[]), ...(value as unknown[])]
    else holder[`${name}${pick(['', ' ', 'X'], at) ?? ''}`] = value
  } else if (kind === 'change a letter' && typeof value === 'string') {
    const n = at % Math.max(1, value.length)
    holder[name] = value.slice(0, n) + String.fromCharCode(32 + (size % 96)) + value.slice(n + 1)
  } else if (kind === 'take the part of another bundle') {
    const same = placesOf(other).find((one) => one.path === path)
    if (same !== undefined) holder[name] = same.holder[same.name]
  }
}

/** The text of a bundle, changed; `other` is a bundle to take parts from. */
export function mutated(text: string, mutations: readonly Mutation[], other: string): Buffer {
  const tree = JSON.parse(text) as unknown
  const inText = mutations.filter(({ kind }) => kind.includes('text'))
  for (const one of mutations) if (!inText.includes(one)) inTree(tree, one, JSON.parse(other))
  return inText.reduce<Buffer>(
    (bytes, one) => inBytes(bytes, { ...one, at: one.where }, bytes),
    Buffer.from(JSON.stringify(tree)),
  )
}
