/** One challenge of a `WWW-Authenticate` header (RFC 9110, 11.6.1). Scheme and parameter names in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
const quoted = /"((?:[^"\\]|\\.)*)"/y
const gap = /[\s,]*/y

class Reader {
  private readonly text: string
  private at = 0
  constructor(text: string) {
    this.text = text
  }

  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)
    if (match !== null) this.at = pattern.lastIndex
    return match
  }

  skip(): void {
    this.take(gap)
  }

  parameter(): [string, string] | null {
    const start = this.at
    const name = this.take(token)?.[0]
    const equals = name === undefined ? null : this.take(/\s*=\s*/y)
    if (name === undefined || equals === null) {
      this.at = start
      return null
    }
    const text = this.take(quoted)?.[1]
    if (text !== undefined) return [name.toLowerCase(), text.replace(/\\(.)/g, '$1')]
    return [name.toLowerCase(), this.take(token)?.[0] ?? '']
  }
}

/** Reads all challenges; stops, without throwing, at what it cannot read. */
export function parseChallenges(header: string): Challenge[] {
  const reader = new Reader(header.slice(0, 8192))
  const found: Challenge[] = []
  for (;;) {
    reader.skip()
    const scheme = reader.take(token)?.[0]
    if (scheme === undefined) return found
    const parameters: Record<string, string> = Object.create(null) as Record<string, string>
    reader.skip()
    for (let next = reader.parameter(); next !== null; next = reader.parameter()) {
      parameters[next[0]] = next[1]
      reader.skip()
    }
    found.push({ scheme: scheme.toLowerCase(), parameters })
  }
}
