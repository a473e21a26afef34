/*
 * Patterns of paths as Go's `filepath.Match` reads them on systems with `/`, which Helm's rules are written in: `*` and `?`
 * stop at `/`, classes do not, `\` takes the next sign as it is. Step by step like there (Go 1.26, `path/filepath/match.go`):
 * a star takes the first place where what follows fits and never goes back, and a mistake behind a place that already does
 * not fit is not found. Patterns of others therefore cost no more than pattern times path.
 */

/** A pattern that cannot be read. */
export class BadPattern extends Error {}

type Signs = readonly string[]

/** The next part of a pattern without stars, whether stars stand before it, and what follows. */
function nextPart(pattern: Signs): { readonly star: boolean; readonly part: Signs; readonly rest: Signs } {
  const start = pattern.findIndex((sign) => sign !== '*')
  const from = start < 0 ? pattern.length : start
  let inClass = false
  for (let i = from; i < pattern.length; i++) {
    if (pattern[i] === '\\') i += 1
    else if (pattern[i] === '[') inClass = true
    else if (pattern[i] === ']') inClass = false
    else if (pattern[i] === '*' && !inClass)
      return { star: from > 0, part: pattern.slice(from, i), rest: pattern.slice(i) }
  }
  return { star: from > 0, part: pattern.slice(from), rest: [] }
}

/** One sign of a class, and where the next begins. @throws BadPattern */
function signInClass(part: Signs, at: number): { readonly sign: string; readonly next: number } {
  const escaped = part[at] === '\\'
  const sign = part[escaped ? at + 1 : at]
  const next = escaped ? at + 2 : at + 1
  if (sign === undefined || (!escaped && (sign === '-' || sign === ']')) || next >= part.length)
    throw new BadPattern('a class that is not whole')
  return { sign, next }
}

const codeOf = (sign: string): number => sign.codePointAt(0) ?? 0

/** Whether a class takes a sign, and where what follows it begins. @throws BadPattern */
function classTakes(part: Signs, from: number, sign: string | null): { taken: boolean; next: number } {
  const negated = part[from] === '^'
  let at = negated ? from + 1 : from
  let match = false
  for (let count = 0; !(part[at] === ']' && count > 0); count++) {
    const low = signInClass(part, at)
    const high = part[low.next] === '-' ? signInClass(part, low.next + 1) : low
    at = high.next
    const code = sign === null ? -1 : codeOf(sign)
    match ||= codeOf(low.sign) <= code && code <= codeOf(high.sign)
  }
  return { taken: match !== negated, next: at + 1 }
}

/** How many signs from here on a part takes; `null`: it does not fit. Also then it is read to its end. @throws BadPattern */
function partTakes(part: Signs, name: Signs, from: number): number | null {
  let at = from
  let fits = true
  for (let i = 0; i < part.length;) {
    const sign: string | null = fits ? (name[at] ?? null) : null
    fits &&= sign !== null
    if (part[i] === '[') {
      const { taken, next } = classTakes(part, i + 1, sign)
      fits &&= taken
      i = next
    } else if (part[i] === '?') {
      fits &&= sign !== '/'
      i += 1
    } else {
      if (part[i] === '\\') i += 1
      if (i >= part.length) throw new BadPattern('a “\\” at its end')
      fits &&= sign === part[i]
      i += 1
    }
    at += 1
  }
  return fits ? at - from : null
}

/**
 * Whether a pattern fits a whole path.
 *
 * @throws BadPattern for one that cannot be read, as far as it is read for this path
 */
export function pathMatches(pattern: string, path: string): boolean {
  const name: Signs = Array.from(path)
  let left: Signs = Array.from(pattern)
  let at = 0
  while (left.length > 0) {
    const { star, part, rest } = nextPart(left)
    if (star && part.length === 0) return !name.includes('/', at)
    const end = placeOf(part, name, at, { star, last: rest.length === 0 })
    if (end === null) return false
    at = end
    left = rest
  }
  return at === name.length
}

/** Where a part ends that fits here, or behind what a star before it takes; the last one must reach the end. */
function placeOf(
  part: Signs,
  name: Signs,
  at: number,
  { star, last }: { readonly star: boolean; readonly last: boolean },
): number | null {
  for (let from = at; from <= name.length; from++) {
    const taken = partTakes(part, name, from)
    if (taken !== null && (!last || from + taken === name.length)) return from + taken
    if (!star || name[from] === '/') return null
  }
  return null
}
