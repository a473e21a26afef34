import type { Certificate } from './certificate.ts'
import {
  boolean,
  context,
  DerError,
  expectTag,
  inside,
  namedBits,
  natural,
  oid,
  readDer,
  sequence,
  tags,
  utf8,
  type Der,
} from './der.ts'

/** Object identifiers of extensions and purposes (RFC 5280, RFC 6962, Fulcio). */
export const oids = {
  keyUsage: '2.5.29.15',
  alternativeNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  purposes: '2.5.29.37',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  scts: '1.3.6.1.4.1.11129.2.4.2',
  fulcio: '1.3.6.1.4.1.57264.1',
} as const

/** `basicConstraints`: whether a certificate is an authority's, and how many may stand below it. */
export interface Authorized {
  readonly is: boolean
  readonly critical: boolean
  readonly pathLength: number
}

/**
 * `basicConstraints` (RFC 5280, 4.2.1.9), its default left out as DER has it; without it a certificate is no authority.
 *
 * @throws DerError
 */
export function authorityOf(certificate: Certificate): Authorized {
  const extension = certificate.extensions.get(oids.basicConstraints)
  if (extension === undefined) return { is: false, critical: false, pathLength: 0 }
  const { critical } = extension
  const [first, length, ...rest] = sequence(readDer(extension.value))
  if (first === undefined) return { is: false, critical, pathLength: 0 }
  if (!boolean(first) || rest.length > 0) throw new DerError('basic constraints of another form')
  return { is: true, critical, pathLength: length === undefined ? Infinity : Number(natural(length)) }
}

/**
 * Whether `keyUsage` (RFC 5280, 4.2.1.3) allows the bit (0 digitalSignature, 5 keyCertSign); `null` when there is no such
 * extension.
 *
 * @throws DerError
 */
export function usageAllows(certificate: Certificate, bit: 0 | 5): boolean | null {
  const extension = certificate.extensions.get(oids.keyUsage)
  if (extension === undefined) return null
  const bits = namedBits(readDer(extension.value))
  if (bits.size === 0 || Math.max(...bits) > 8)
    throw new DerError('a key usage without a bit, or with others')
  return bits.has(bit)
}

/** The extended key usages; `null` when there is no such extension. @throws DerError */
export function purposesOf(
  certificate: Certificate,
): { readonly critical: boolean; readonly oids: readonly string[] } | null {
  const extension = certificate.extensions.get(oids.purposes)
  if (extension === undefined) return null
  return { critical: extension.critical, oids: sequence(readDer(extension.value)).map(oid) }
}

/** A name in `subjectAltName` that Fulcio gives: an address, a URI, or a user name of its own type. */
export interface AlternativeName {
  readonly type: 'email' | 'uri' | 'other'
  readonly value: string
}

// RFC 5280, 4.2.1.6: both are ASCII. A NUL or control in one has fooled C programs into reading half of it.
function ascii(content: Buffer): string {
  if (content.some((byte) => byte <= 0x20 || byte >= 0x7f))
    throw new DerError('a name that is not plain ASCII')
  return content.toString('latin1')
}

const uriForm = /^[A-Za-z][A-Za-z0-9+.-]*:/

/** Every alternative name as it stands there (GeneralName). @throws DerError */
export function generalNames(certificate: Certificate): Der[] {
  const extension = certificate.extensions.get(oids.alternativeNames)
  return extension === undefined ? [] : sequence(readDer(extension.value))
}

/** Every alternative name. @throws DerError on a kind that Fulcio never gives */
export function alternativeNames(certificate: Certificate): AlternativeName[] {
  return generalNames(certificate).map((name): AlternativeName => {
    if (name.tag === context(1, false)) {
      const value = ascii(name.content)
      if (!/^[^@/:]+@[^@/:]+$/.test(value)) throw new DerError('an address that is none')
      return { type: 'email', value }
    }
    if (name.tag === context(6, false)) {
      const value = ascii(name.content)
      if (!uriForm.test(value)) throw new DerError('a URI that is none')
      return { type: 'uri', value }
    }
    if (name.tag === context(0)) {
      const [type, wrapped, ...rest] = inside(name)
      const [text, ...more] = inside(expectTag(wrapped, context(0)))
      if (oid(type) !== `${oids.fulcio}.7` || text?.tag !== tags.utf8 || rest.length + more.length > 0)
        throw new DerError('a name of another type')
      const value = utf8(text.content)
      // Names are compared as text: one of this type must not read like an address or a URI. Fulcio gives none such.
      if (value.includes('@') || uriForm.test(value))
        throw new DerError('a user name that reads like another kind')
      return { type: 'other', value }
    }
    throw new DerError(`an alternative name of kind ${name.tag & 0x1f}`)
  })
}

/** The numbers of Fulcio's extensions that hold bare text; those from 8 on hold a UTF8String in DER. */
const bare = new Set([1, 2, 3, 4, 5, 6])

/** Fulcio's extensions by number (signing.md, 1.6), as text. @throws DerError */
export function fulcioExtensions(certificate: Certificate): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  for (const [name, { value }] of certificate.extensions) {
    if (!name.startsWith(`${oids.fulcio}.`)) continue
    // `…57264.1.8.0` is another identifier than `…57264.1.8`: a number is read as it is written, or not at all.
    const rest = name.slice(oids.fulcio.length + 1)
    if (!/^[1-9]\d{0,5}$/.test(rest)) throw new DerError(`an extension ${name}, which is none of Fulcio's`)
    const number = Number(rest)
    if (bare.has(number)) found.set(number, utf8(value))
    else if (number >= 8) {
      const der = readDer(value)
      if (der.tag !== tags.utf8) throw new DerError(`extension ${number} is not text`)
      found.set(number, utf8(der.content))
    }
  }
  return found
}
