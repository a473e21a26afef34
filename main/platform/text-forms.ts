/*
 * Text as editors, shells and systems leave it behind. A byte order mark, UTF-16 and line ends of Windows say nothing of
 * what was written; who signs bytes signs them elsewhere.
 */

const notText = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f\ufffe\uffff]/

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/**
 * The text that bytes are: UTF-8 with or without a byte order mark, or UTF-16 with one. The mark is not in it.
 *
 * @returns `null` where they are none: another encoding, or signs that no text has
 */
export function textOf(bytes: Uint8Array): string | null {
  const [first, second] = bytes
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  const text = decoded(bytes, encoding)
  return text === null || notText.test(text) ? null : text
}

/** Whether bytes begin as text of Windows does: with a byte order mark, of UTF-8 or UTF-16. */
export function hasMark(bytes: Uint8Array): boolean {
  const [first, second, third] = bytes
  if (first === 0xef) return second === 0xbb && third === 0xbf
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

const standard = /^[A-Za-z0-9+/]+={0,2}$/
const forAddresses = /^[A-Za-z0-9_-]+={0,2}$/
const hex = /^(?:[0-9a-f]{2}:?)+$/i

/** Text without the line ends and blanks that wrap it; what stands inside a line stays. */
export function unwrapped(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .join('')
}

/**
 * The bytes that a text is the base64 of, as a whole: wrapped or not, of either alphabet. What does not encode back to
 * the same is none.
 */
export function fromBase64(text: string): Buffer | null {
  const body = unwrapped(text)
  if (!standard.test(body) && !forAddresses.test(body)) return null
  const encoding = standard.test(body) ? 'base64' : 'base64url'
  const bytes = Buffer.from(body, encoding)
  const again = bytes.toString(encoding)
  return again === body || again === body.replace(/=+$/, '') ? bytes : null
}

/** The bytes that a text is the hexadecimal of, as a whole; also as `openssl dgst -hex` writes it, with its name before. */
export function fromHex(text: string): Buffer | null {
  const body = unwrapped(text).replace(/^[A-Za-z0-9-]+\([^()]*\)= ?/, '')
  return hex.test(body) ? Buffer.from(body.replaceAll(':', ''), 'hex') : null
}
