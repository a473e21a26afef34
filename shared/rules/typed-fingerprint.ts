import { evenWords, oddWords } from '../text/word-list.ts'

/** How many words stand for a fingerprint. */
const words = 16
const digits = 64

/** What was typed of a fingerprint so far: `open` may become one, `whole` can be compared, `wrong` can never become one. */
export interface Typed {
  readonly state: 'empty' | 'open' | 'whole' | 'wrong'
  /** A sentence for the person who types. It tells nothing about any key: only whether words are in the list. */
  readonly said: string
}

const listAt = (place: number): readonly string[] => (place % 2 === 0 ? evenWords : oddWords)

/** What is wrong with a word at its place, from 0; `null` where nothing is. `last`: it may not be typed to its end yet. */
function wrongWord(word: string, place: number, last: boolean): string | null {
  if (listAt(place).includes(word)) return null
  if (last && [...evenWords, ...oddWords].some((one) => one.startsWith(word))) return null
  const shown = `Word ${place + 1}, “${word.slice(0, 30)}”,`
  return listAt(place + 1).includes(word)
    ? `${shown} cannot stand at this place: a word before it is missing or stands twice.`
    : `${shown} is not in the list of words.`
}

function ofDigits(text: string): Typed {
  const count = text.replace(/\s+/g, '').length
  if (count === digits) return { state: 'whole', said: `${digits} of ${digits} hex digits.` }
  if (count > digits) return { state: 'wrong', said: `${count} hex digits; a fingerprint has ${digits}.` }
  return { state: 'open', said: `${count} of ${digits} hex digits.` }
}

/**
 * Looks at a fingerprint while it is typed from paper, word by word.
 *
 * @param ended whether the typing has ended, as on a command line: then the last word must be whole too
 */
export function typedSoFar(typed: string, ended = false): Typed {
  const text = typed.trim().toLowerCase()
  if (text === '') return { state: 'empty', said: `All ${words} words or all ${digits} hex digits.` }
  const all = text.split(/\s+/)
  // “facade” is a word of hex digits and of no list: what could be both is digits until a word says otherwise.
  const known = all.filter((word, i) => listAt(i).includes(word)).length
  if (known === 0 && /^[0-9a-f\s]+$/.test(text)) return ofDigits(text)
  for (const [i, word] of all.entries()) {
    const last = !ended && i === all.length - 1 && !/\s$/.test(typed)
    const wrong = wrongWord(word, i, last)
    if (wrong !== null) return { state: 'wrong', said: wrong }
  }
  if (all.length > words) return { state: 'wrong', said: `${all.length} words; a fingerprint has ${words}.` }
  const whole = all.length === words && listAt(words - 1).includes(all[words - 1] ?? '')
  return { state: whole ? 'whole' : 'open', said: `${all.length} of ${words} words.` }
}
