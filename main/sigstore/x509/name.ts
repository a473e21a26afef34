import { expectTag, inside, oid, sequence, tags, utf8, type Der } from './der.ts'

/* Distinguished names, compared as people read them (RFC 5280, 7.1): whichever type of text, case and blanks. */

const printable = 0x13
const teletex = 0x14
const wide = 0x1e

function textOf(value: Der): string {
  const { tag, content } = value
  if (tag === tags.utf8) return utf8(content)
  if (tag === printable || tag === tags.ia5 || tag === teletex) return content.toString('latin1')
  if (tag === wide && content.length % 2 === 0) return Buffer.from(content).swap16().toString('utf16le')
  return `#${value.raw.toString('hex')}`
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ')

/** One part of a name, as far as it is compared: its attributes with their texts. */
export type NamePart = string

/** The parts of a distinguished name, the outermost first. @throws DerError */
export function nameParts(name: Der): readonly NamePart[] {
  return sequence(name).map((part) =>
    inside(expectTag(part, tags.set))
      .map((attribute) => {
        const [type, value, ...rest] = sequence(attribute)
        const text = value === undefined ? '' : folded(textOf(value))
        return JSON.stringify([oid(type), text, rest.length])
      })
      .sort()
      .join(),
  )
}

/** Whether one name begins with the parts of another. */
export function beginsWith(name: readonly NamePart[], start: readonly NamePart[]): boolean {
  return start.length <= name.length && start.every((part, at) => part === name[at])
}

/** Whether two names are the same. @throws DerError */
export function sameName(one: Der, other: Der): boolean {
  const [first, second] = [nameParts(one), nameParts(other)]
  return first.length === second.length && beginsWith(first, second)
}
