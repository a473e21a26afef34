import type { Fingerprint } from '../../shared/views.ts'
import { evenWords, oddWords } from '../../shared/text/word-list.ts'

/** How many bytes of a SHA-256 the words stand for: 128 of 256 bits. */
const spokenBytes = 16

/** The 16 words for the first 16 bytes of a SHA-256 in hex. */
export function wordsOf(hex: string): string[] {
  const bytes = Buffer.from(hex, 'hex').subarray(0, spokenBytes)
  return [...bytes].map((byte, i) => (i % 2 === 0 ? evenWords : oddWords)[byte] ?? '')
}

/** A SHA-256 in both forms that people compare. */
export function fingerprintOf(hex: string): Fingerprint {
  return { hex, words: wordsOf(hex) }
}

/**
 * Whether what was typed from paper is this fingerprint: all 64 hex digits or all 16 words, ignoring case and
 * blanks. A prefix never counts.
 *
 * @returns `form` when it is neither form
 */
export function compareTyped(typed: string, hex: string): 'same' | 'differs' | 'form' {
  const text = typed.trim().toLowerCase()
  const digits = text.replace(/\s+/g, '')
  if (/^[0-9a-f]{64}$/.test(digits)) return digits === hex ? 'same' : 'differs'
  const words = text.split(/\s+/)
  const known = words.every((word, i) => (i % 2 === 0 ? evenWords : oddWords).includes(word))
  if (words.length !== spokenBytes || !known) {
    // Right words in the wrong order are a mistake in comparing, not in form.
    const any =
      words.length === spokenBytes && words.every((w) => evenWords.includes(w) || oddWords.includes(w))
    return any ? 'differs' : 'form'
  }
  return words.join(' ') === wordsOf(hex).join(' ') ? 'same' : 'differs'
}
