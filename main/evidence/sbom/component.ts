import { z } from 'zod'
import type { Digest } from '../../../shared/digest.ts'
import { hexOf } from '../../../shared/digest.ts'
import type { Sbom } from '../../../shared/evidence.ts'

/* What the readers of bills of materials share. Texts are kept as they were signed: rules compare them, people see them cleaned. */

/** One thing that a bill of materials lists. */
export interface Component {
  readonly name: string
  readonly version: string | null
  readonly purls: readonly string[]
  /** Licence expressions, each as it stands; more than one where several are stated. */
  readonly licences: readonly string[]
  /** SHA-256 of its files, hex in lower case. */
  readonly hashes: readonly string[]
  readonly supplier: string | null
}

/** What rules ask of a bill of materials. */
export interface Bill {
  readonly components: readonly Component[]
  /** What the document is about, where that stands apart from what it lists. */
  readonly own: readonly Component[]
  /** SHA-256 of single files that it lists beside components, hex in lower case. */
  readonly files: readonly string[]
  /** Entries that are none that can be read: what they are nobody knows. */
  readonly unread: number
  /** Ids that stand twice: of such a document nobody can say which one is meant. */
  readonly repeatedIds: number
  /** Whether it names a person, an organisation or a tool that made it. */
  readonly hasAuthor: boolean
  /** Whether it says of anything what it depends on, or what it is part of. */
  readonly hasRelations: boolean
  readonly created: string | null
}

/** A bill of materials as it is shown, and as rules read it. */
export interface ReadBill {
  readonly view: Omit<Sbom, 'predicateType'>
  readonly bill: Bill
}

export const codes = { shape: 'statement.form', base64: 'statement.form' } as const
export const zText = z.string().max(8192)

export const texts = (...found: readonly (string | null | undefined)[]): string[] =>
  found.flatMap((one) => (one === null || one === undefined || one === '' ? [] : [one]))

/** How many of these ids were there before. */
export const repeated = (ids: readonly string[]): number => ids.length - new Set(ids).size

// A digest of 64 digits anywhere in what names the described thing: hash, purl, version, name. The colon before it is
// escaped in a purl (`pkg:oci/app@sha256%3A…`), and the escape must not read as one more digit.
export function describes(names: readonly string[], subject: Digest): Sbom['describes'] {
  const digests = names.flatMap(
    (name) =>
      name
        .toLowerCase()
        .replaceAll('%3a', ':')
        .match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? [],
  )
  if (digests.includes(hexOf(subject))) return 'subject'
  return digests.length === 0 ? 'not-said' : 'another'
}
