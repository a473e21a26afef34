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

/** The encoding of Windows that bytes begin in: by a byte order mark, or by the zero beside their first sign. */
function encodingOf([first, second, third]: Uint8Array): 'utf-16le' | 'utf-16be' | 'utf-8' | null {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be'
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : null
}

/**
 * The text that bytes are: UTF-8 with or without a byte order mark, or UTF-16. The mark is not in it.
 *
 * @returns `null` where they are none: another encoding, or signs that no text has
 */
export function textOf(bytes: Uint8Array): string | null {
  const text = decoded(bytes, encodingOf(bytes) ?? 'utf-8')
  return text === null || notText.test(text) ? null : text
}

/** The same, and of an older encoding what stands in ASCII: enough for a PEM block with words around it. */
export function textAroundPem(bytes: Buffer): string | null {
  return textOf(bytes) ?? (bytes.includes('-----BEGIN ') ? bytes.toString('latin1') : null)
}

/** Text of Windows as UTF-8 without a mark; other bytes as they are. */
export function withoutMark(bytes: Buffer): Buffer {
  const text = encodingOf(bytes) === null ? null : textOf(bytes)
  return text === null ? bytes : Buffer.from(text, 'utf8')
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
  const [bare, again] = [body, bytes.toString(encoding)].map((one) => one.replace(/=+$/, ''))
  // Padding is whole or not there at all.
  return bare === again && (body === bare || body.length % 4 === 0) ? bytes : null
}

/** The bytes that a text is the hexadecimal of, as a whole; also as `openssl dgst -hex` writes it, with its name before. */
export function fromHex(text: string): Buffer | null {
  const body = unwrapped(text).replace(/^[A-Za-z0-9-]+\([^()]*\)= ?/, '')
  return hex.test(body) ? Buffer.from(body.replaceAll(':', ''), 'hex') : null
}
