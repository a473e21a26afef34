/* SPDX licence expressions (SPDX 2.3, annex D; 3.0, annex B), read strictly and bounded. No list of licences is kept here. */

/** One licence of an expression. */
export interface Licence {
  /** The id without its version where it is of a family that counts them; else the whole, in lower case. */
  readonly family: string
  readonly version: readonly number[] | null
  readonly orLater: boolean
  readonly exception: string | null
}

export type Expression =
  | { readonly kind: 'licence'; readonly licence: Licence }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }

const most = { length: 4096, tokens: 512, depth: 32 } as const

// Only these have ids that say "only" and "or later"; others say it with a plus sign.
const counted = /^((?:a|l)?gpl|gfdl)-(\d+(?:\.\d+)*)(-only|-or-later)?$/

function licenceOf(id: string, exception: string | null): Licence {
  const lower = id.toLowerCase()
  const plain = lower.endsWith('+') ? lower.slice(0, -1) : lower
  const [, family, version = '', suffix] = counted.exec(plain) ?? []
  const orLater = lower.endsWith('+') || suffix === '-or-later'
  if (family === undefined) return { family: plain, version: null, orLater, exception }
  return { family, version: version.split('.').map(Number), orLater, exception }
}

const idForm =
  /^(?:(?:DocumentRef-[A-Za-z0-9.-]+:)?(?:LicenseRef|AdditionRef)-[A-Za-z0-9.-]+|[A-Za-z0-9.-]+\+?)$/
const isWord = (token: string | undefined, word: string): boolean =>
  token === word || token === word.toLowerCase()

class Reader {
  private at = 0
  private readonly tokens: readonly string[]
  constructor(tokens: readonly string[]) {
    this.tokens = tokens
  }

  whole(): Expression | null {
    const found = this.either(0)
    return this.at === this.tokens.length ? found : null
  }

  // OR binds weakest, then AND, then WITH.
  private either(depth: number): Expression | null {
    return this.joined('OR', 'or', () => this.joined('AND', 'and', () => this.one(depth)))
  }

  private joined(word: string, kind: 'and' | 'or', read: () => Expression | null): Expression | null {
    const parts: Expression[] = []
    do {
      const found = read()
      if (found === null) return null
      parts.push(found)
    } while (this.take(word))
    return parts.length === 1 ? (parts[0] ?? null) : { kind, parts }
  }

  private take(word: string): boolean {
    if (!isWord(this.tokens[this.at], word)) return false
    this.at += 1
    return true
  }

  private one(depth: number): Expression | null {
    if (depth > most.depth) return null
    if (this.take('(')) {
      const found = this.either(depth + 1)
      return this.take(')') ? found : null
    }
    const id = this.id()
    if (id === null) return null
    const exception = this.take('WITH') ? this.id() : undefined
    return exception === null
      ? null
      : { kind: 'licence', licence: licenceOf(id, exception?.toLowerCase() ?? null) }
  }

  private id(): string | null {
    const token = this.tokens[this.at]
    const isReserved = ['AND', 'OR', 'WITH'].some((word) => isWord(token, word))
    if (token === undefined || isReserved || !idForm.test(token)) return null
    this.at += 1
    return token
  }
}

/** @returns `null` for what is no expression: also for a name of a licence in words, and for what says nothing */
export function readExpression(text: string): Expression | null {
  if (text.length > most.length || /^(?:NOASSERTION|NONE)$/.test(text)) return null
  const tokens = text.match(/[()]|[^\s()]+/g) ?? []
  return tokens.length === 0 || tokens.length > most.tokens ? null : new Reader(tokens).whole()
}

function order(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * Whether a banned licence is what another one is, or may be taken as. A ban that names no exception is of the licence with
 * any; a later version that may be chosen is not chosen for sure.
 */
export function isBanned(ban: Licence, licence: Licence): boolean {
  if (ban.family !== licence.family) return false
  if (ban.exception !== null && ban.exception !== licence.exception) return false
  if (ban.version === null || licence.version === null) return ban.version === licence.version
  const difference = order(licence.version, ban.version)
  if (difference === 0) return true
  return difference < 0 ? licence.orLater : ban.orLater
}

/** Whether there is no way to take the thing without a licence that is banned: of a choice, every one must be. */
export function needsBanned(expression: Expression, banned: (licence: Licence) => boolean): boolean {
  if (expression.kind === 'licence') return banned(expression.licence)
  const { kind, parts } = expression
  return kind === 'or'
    ? parts.every((one) => needsBanned(one, banned))
    : parts.some((one) => needsBanned(one, banned))
}
