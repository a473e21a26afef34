/*
 * What a name, a free text and a file title may look like (bundle.md, "Reader rules"). Pure, so that a form can
 * show a mistake while it is typed; main checks again.
 */

const namePattern = /^[A-Za-z0-9._/@:+-]{1,200}$/
// Brackets stand around an IPv6 address and nowhere else: before a registry's name, also behind a transport or a folder.
const referencePattern =
  /^(?:(?:docker|oci):\/\/|oci:[A-Za-z0-9._/@+-]+:)?(?:\[[0-9A-Fa-f:.]{2,45}\])?[A-Za-z0-9._/@:+-]+$/
const referenceLength = 300
// What every file system that media and exports lie on takes: letters, digits, these signs, and blanks inside.
const titlePattern = /^[\p{L}\p{M}\p{Nd}._+~,@= -]{1,200}$/u
const titleBytes = 200
const deviceName = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i
// Control characters, zero-width ones, bidirectional marks, line and paragraph separators, and lone surrogates:
// a reader must see what a signer signed.
const hidden =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Ids, channels, a waybill's `name`. */
export function isName(value: string): boolean {
  return namePattern.test(value)
}

/** References, and the names of items, which are references in their normal form. */
export function isReference(value: string): boolean {
  return value.length <= referenceLength && (referencePattern.test(value) || webPattern.test(value))
}

/** How programs write before a reference that it is in a registry (`docker://`, and Helm's and Flux's `oci://`). */
export const transport = /^(?:docker|oci):\/\//

/** Whether a reference is into a folder (`oci:PATH…`) and not into a registry. */
export function isLayout(reference: string): boolean {
  return reference.startsWith('oci:') && !transport.test(reference)
}

// The web as a request names it: no log-in, no query and no fragment, because everyone reads the record of it.
const webPattern =
  /^https?:\/\/(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?(?:\/(?!\.{1,2}(?:\/|$))(?:[A-Za-z0-9._~+=,@-]|%[0-9A-Fa-f]{2})+)+\/?(?::[A-Za-z0-9._+-]+)?$/

/**
 * Whether a reference is an address of the web (`https://host/path`), with what is meant there behind a colon
 * (`https://charts.example/stable/app:1.2.3`).
 */
export function isWeb(reference: string): boolean {
  return reference.length <= referenceLength && webPattern.test(reference)
}

/**
 * What is not seen where it stands: control, format, private-use and unassigned characters, tags, fillers, selectors of
 * variants (all that Unicode calls “default ignorable”), and the empty braille cell.
 */
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u
const loneMark = /(?<=^|\p{Z})\p{M}/u
const letterOrSign = /[\p{L}\p{N}\p{P}\p{S}]/u

/**
 * People's and desks' names, reasons, markings: NFC, at most 500 characters, nothing that a reader does not see, not
 * blank, and no accents without a letter before them.
 */
export function isFreeText(value: string): boolean {
  return isKeptText(value) && !unseen.test(value) && letterOrSign.test(value) && !loneMark.test(value)
}

/**
 * Text of an event in a ledger or of a file of the desk's own: taken with what `isFreeText` refuses since, because an
 * honest past is never called false.
 */
export function isKeptText(value: string): boolean {
  return value.length > 0 && value.length <= 500 && value.normalize('NFC') === value && !hidden.test(value)
}

// Bytes in UTF-8, of text without halves of surrogate pairs.
const bytesOf = (value: string): number => encodeURIComponent(value).replace(/%[0-9A-F]{2}/g, 'x').length

// A step of a path: what a file name is made of, composed, and nothing that is not seen.
function isStep(value: string): boolean {
  const plain = value.normalize('NFC') === value && !unseen.test(value) && !loneMark.test(value)
  return plain && titlePattern.test(value) && !/^ | $/.test(value)
}

/**
 * The title of a carried file: safe as a file name on every system we know, at most 200 bytes. Names of packages, with
 * `+`, `~`, `@` and blanks, are titles; `:` is none, because Windows takes it for something else.
 */
export function isFileTitle(value: string): boolean {
  const safe = isStep(value) && bytesOf(value) <= titleBytes && !deviceName.test(value)
  return safe && !value.startsWith('.') && !value.endsWith('.')
}

/** A file as a request asks for it: a path of such names, at most 300 characters. */
export function isFileReference(value: string): boolean {
  const steps = value.split('/')
  const title = steps.at(-1) ?? ''
  return value.length <= 300 && isFileTitle(title) && steps.every((step) => step === '' || isStep(step))
}

// As many characters of a name as a suggestion for a file takes over.
const stemPattern = /^.{0,48}/su

/**
 * The first part of a file name, made from what somebody or something is called: “Carol Diaz” becomes carol-diaz. It is
 * one step of a path and nothing in it is unseen; '' where nothing is left.
 */
export function fileStem(name: string): string {
  const plain = name.normalize('NFC').toLowerCase()
  const dashed = plain.replace(/[^\p{L}\p{M}\p{Nd}._]+/gu, '-').replace(/^[-.]+/, '')
  const stem = (stemPattern.exec(dashed)?.[0] ?? '').replace(/[-.]+$/, '')
  return isFileTitle(`${stem}-`) ? stem : ''
}

const everyHidden = new RegExp(`${hidden.source}|${unseen.source}|${loneMark.source}`, 'gu')

/** Text with each hidden character written in some other way, by its code point. */
export function withHidden(value: string, write: (code: number) => string): string {
  return value.replace(everyHidden, (character) => write(character.codePointAt(0) ?? 0))
}

/** Text from outside made safe to print on a terminal or a page: hidden characters as ⟦U+202E⟧. */
export function visible(value: string): string {
  return withHidden(value, (code) => `⟦U+${code.toString(16).toUpperCase().padStart(4, '0')}⟧`)
}
