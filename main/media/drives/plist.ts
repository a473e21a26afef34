import { isUtf8 } from 'node:buffer'
import { limits } from '../../platform/limits.ts'

/** A value of a property list. Dates and bytes are left as their text: nothing here asks for them. */
export type Plist = string | number | boolean | readonly Plist[] | { readonly [name: string]: Plist }

const head = /^\uFEFF?\s*(?:<\?xml[^<>]*\?>\s*)?(?:<!DOCTYPE plist[^[\]<>]*>\s*)?/
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decoded(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|\w{1,8});|&/g, (_, name: string | undefined) => {
    if (name === undefined) throw new Error('a bare &')
    if (!name.startsWith('#')) {
      const sign = Object.hasOwn(entities, name) ? entities[name] : undefined
      if (sign === undefined) throw new Error(`an entity ${name}`)
      return sign
    }
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    if (code > 0x10ffff) throw new Error('a character that there is not')
    return String.fromCodePoint(code)
  })
}

/** Reads what `plutil` writes: elements without attributes, no comments, no entities of its own. */
class Reader {
  private at = 0
  private values = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  private space(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at += 1
  }

  private take(sign: string): boolean {
    if (!this.text.startsWith(sign, this.at)) return false
    this.at += sign.length
    return true
  }

  private need(sign: string): void {
    if (!this.take(sign)) throw new Error(`no ${sign} at ${this.at}`)
  }

  private textUntil(close: string): string {
    const end = this.text.indexOf('<', this.at)
    if (end < 0) throw new Error(`no ${close}`)
    const text = decoded(this.text.slice(this.at, end))
    this.at = end
    this.need(close)
    return text
  }

  private dict(depth: number): Plist {
    const found = new Map<string, Plist>()
    for (;;) {
      this.space()
      if (this.take('</dict>')) return Object.fromEntries(found)
      this.need('<key>')
      const name = this.textUntil('</key>')
      if (found.has(name) || name === '__proto__') throw new Error(`the name ${name} twice`)
      found.set(name, this.value(depth + 1))
    }
  }

  private array(depth: number): Plist {
    const found: Plist[] = []
    for (;;) {
      this.space()
      if (this.take('</array>')) return found
      found.push(this.value(depth + 1))
    }
  }

  private number(close: string): number {
    const text = this.textUntil(close).trim()
    const value = /^[+-]?\d{1,20}(?:\.\d{1,20})?$/.test(text) ? Number(text) : Number.NaN
    if (Number.isNaN(value)) throw new Error('a number that is none')
    return value
  }

  private value(depth: number): Plist {
    this.space()
    this.values += 1
    if (this.values > limits.plistValues) throw new Error(`more than ${limits.plistValues} values`)
    if (depth > limits.plistDepth) throw new Error(`values more than ${limits.plistDepth} deep`)
    if (this.take('<dict>')) return this.dict(depth)
    if (this.take('<array>')) return this.array(depth)
    if (this.take('<string>')) return this.textUntil('</string>')
    if (this.take('<integer>')) return this.number('</integer>')
    if (this.take('<real>')) return this.number('</real>')
    if (this.take('<date>')) return this.textUntil('</date>')
    if (this.take('<data>')) return this.textUntil('</data>')
    if (this.take('<true/>')) return true
    if (this.take('<false/>')) return false
    if (this.take('<dict/>')) return {}
    if (this.take('<array/>')) return []
    if (this.take('<string/>')) return ''
    throw new Error(`an element that is not known at ${this.at}`)
  }

  whole(): Plist {
    this.at = head.exec(this.text)?.[0].length ?? 0
    this.need('<plist version="1.0">')
    const value = this.value(1)
    this.space()
    this.need('</plist>')
    this.space()
    if (this.at !== this.text.length) throw new Error('something behind the list')
    return value
  }
}

/** Reads a property list in its XML form (plist(5)). @throws Error where it has another form, or too much of it */
export function parsePlist(bytes: Uint8Array): Plist {
  if (bytes.length > limits.driveListBytes) throw new Error(`more than ${limits.driveListBytes} bytes`)
  if (!isUtf8(bytes)) throw new Error('not UTF-8')
  return new Reader(Buffer.from(bytes).toString('utf8')).whole()
}
