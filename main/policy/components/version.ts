/* Versions of packages, compared as their own world compares them; where that is not known for sure, they are not. */

export type Order = -1 | 0 | 1
type Compare = (a: string, b: string) => Order | null

const digits = /^\d+$/
const sign = (difference: number): Order => (difference < 0 ? -1 : difference > 0 ? 1 : 0)

// Numbers of any length, without the loss that large ones have.
function byNumber(a: string, b: string): Order {
  const [left, right] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')]
  if (left.length !== right.length) return sign(left.length - right.length)
  return left < right ? -1 : left > right ? 1 : 0
}

const semver = /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/
const part = /^(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)$/

interface SemVer {
  readonly numbers: readonly string[]
  readonly before: readonly string[]
}

function readSemVer(text: string): SemVer | null {
  if (text.length > 256) return null
  const [, major = '', minor = '', patch = '', tail] = semver.exec(text) ?? []
  if (major === '') return null
  const before = tail === undefined ? [] : tail.split('.')
  return before.every((one) => part.test(one)) ? { numbers: [major, minor, patch], before } : null
}

/** Whether a version is one of SemVer 2; a leading `v` is passed over. */
export const isSemVer = (text: string): boolean => readSemVer(text) !== null

function byIdentifier(a: string, b: string): Order {
  const [left, right] = [digits.test(a), digits.test(b)]
  if (left && right) return byNumber(a, b)
  if (left !== right) return left ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

function firstDifference(a: readonly string[], b: readonly string[], compare: typeof byNumber): Order {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const order = compare(a[i] ?? '', b[i] ?? '')
    if (order !== 0) return order
  }
  return 0
}

/** SemVer 2, 11. `null` where one of them is none. */
export function bySemVer(a: string, b: string): Order | null {
  const [left, right] = [readSemVer(a), readSemVer(b)]
  if (left === null || right === null) return null
  const order = firstDifference(left.numbers, right.numbers, byNumber)
  if (order !== 0) return order
  if (left.before.length === 0 || right.before.length === 0)
    return sign((left.before.length === 0 ? 1 : 0) - (right.before.length === 0 ? 1 : 0))
  const identifiers = firstDifference(left.before, right.before, byIdentifier)
  return identifiers === 0 ? sign(left.before.length - right.before.length) : identifiers
}

const release = /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|rc|alpha|beta|c|pre|preview)[-_.]?(\d*))?$/i
const stages: Readonly<Record<string, string>> = { a: '0', alpha: '0', b: '1', beta: '1' }

// Of PEP 440 releases and their alphas, betas and candidates. Post, dev and local ones are not compared here.
function byPython(a: string, b: string): Order | null {
  const [left, right] = [release.exec(a), release.exec(b)]
  if (left === null || right === null || a.length > 256 || b.length > 256) return null
  const keyOf = (
    [, epoch = '0', numbers = '', stage, count = '']: RegExpExecArray,
    width: number,
  ): string[] => {
    const parts = numbers.split('.')
    const padded = [...parts, ...Array.from({ length: width - parts.length }, () => '0')]
    const rank = stage === undefined ? '3' : (stages[stage.toLowerCase()] ?? '2')
    return [epoch, ...padded, rank, count === '' ? '0' : count]
  }
  const width = Math.max(left[2]?.split('.').length ?? 0, right[2]?.split('.').length ?? 0)
  return firstDifference(keyOf(left, width), keyOf(right, width), byNumber)
}

const debian = /^(?:(\d+):)?([0-9][A-Za-z0-9.+~:-]*?)(?:-([A-Za-z0-9.+~]+))?$/

// Debian policy 5.6.12: a tilde sorts before the end, letters before all other signs.
function weight(character: string | undefined): number {
  if (character === '~') return -1
  if (character === undefined || /\d/.test(character)) return 0
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256
}

function byDebianPart(a: string, b: string): Order {
  let [left, right] = [a, b]
  while (left !== '' || right !== '') {
    const [word = '', other = ''] = [/^\D*/.exec(left)?.[0], /^\D*/.exec(right)?.[0]]
    for (let i = 0; i < Math.max(word.length, other.length); i += 1) {
      const difference = weight(word[i]) - weight(other[i])
      if (difference !== 0) return sign(difference)
    }
    const [number = '', against = ''] = [
      /^\d*/.exec(left.slice(word.length))?.[0],
      /^\d*/.exec(right.slice(other.length))?.[0],
    ]
    const order = byNumber(number === '' ? '0' : number, against === '' ? '0' : against)
    if (order !== 0) return order
    left = left.slice(word.length + number.length)
    right = right.slice(other.length + against.length)
  }
  return 0
}

function byDebian(a: string, b: string): Order | null {
  const [left, right] = [debian.exec(a), debian.exec(b)]
  if (left === null || right === null || a.length > 256 || b.length > 256) return null
  const epoch = byNumber(left[1] ?? '0', right[1] ?? '0')
  if (epoch !== 0) return epoch
  const upstream = byDebianPart(left[2] ?? '', right[2] ?? '')
  return upstream === 0 ? byDebianPart(left[3] ?? '0', right[3] ?? '0') : upstream
}

const comparers: Readonly<Record<string, Compare>> = {
  ...{ npm: bySemVer, cargo: bySemVer, golang: bySemVer },
  ...{ pypi: byPython, deb: byDebian },
}

/** Compares two versions of packages of a type; `null` where nothing here can. */
export function compareVersions(type: string, a: string, b: string): Order | null {
  return Object.hasOwn(comparers, type) ? (comparers[type]?.(a, b) ?? null) : null
}

/** Whether versions of packages of this type can be compared at all. */
export const isComparable = (type: string): boolean => Object.hasOwn(comparers, type)

interface Bound {
  readonly operator: string
  readonly version: string
}

const bound = /^(<=|>=|<|>|=)?([^<>=|\s]+)$/

/** `>=1.2.0 <1.4.3 || =2.0.0`: bounds side by side must all hold, one of the groups is enough. `null` where it is none. */
export function readRange(text: string): readonly (readonly Bound[])[] | null {
  const groups = text.split('||').map((group) => group.trim().split(/\s+/))
  const read = groups.map((group) =>
    group.flatMap((one) => {
      const [, operator = '=', version = ''] = bound.exec(one) ?? []
      return version === '' ? [] : [{ operator, version }]
    }),
  )
  const isWhole = read.every((group, i) => group.length > 0 && group.length === groups[i]?.length)
  return isWhole ? read : null
}

const holds = ({ operator }: Bound, order: Order): boolean =>
  order === 0 ? operator.endsWith('=') : operator.startsWith(order < 0 ? '<' : '>')

/** Whether no version at all lies within a group of bounds: a lower one above an upper one. `false` where nobody can say. */
export function isEmptyRange(type: string, text: string): boolean {
  const range = readRange(text)
  return (range ?? []).some((group) =>
    group.some((low) =>
      group.some((high) => {
        if (!/^[>=]/.test(low.operator) || !/^[<=]/.test(high.operator)) return false
        const order = compareVersions(type, low.version, high.version)
        if (order === null || low === high) return false
        return order > 0 || (order === 0 && (low.operator === '>' || high.operator === '<'))
      }),
    ),
  )
}

/** Whether every version of a range is one of the type. */
export function isRangeOf(type: string, text: string): boolean {
  const range = readRange(text)
  return (
    range !== null &&
    range.every((group) => group.every(({ version }) => compareVersions(type, version, version) === 0))
  )
}

/** Whether a version lies in a range; `null` where it cannot be compared. */
export function isInRange(type: string, version: string, text: string): boolean | null {
  const range = readRange(text)
  if (range === null) return null
  const groups = range.map((group) => {
    const found = group.map((one) => {
      const order = compareVersions(type, version, one.version)
      return order === null ? null : holds(one, order)
    })
    if (found.includes(false)) return false
    return found.includes(null) ? null : true
  })
  if (groups.includes(true)) return true
  return groups.includes(null) ? null : false
}
