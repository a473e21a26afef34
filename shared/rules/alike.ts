import { folded } from './roles.ts'

/* Names that a reader takes for one another. Told, never decided by: two people may be called alike. */

// Letters of other scripts, and digits, beside the Latin letter that they are read as (the common ones of the table
// “confusables” of Unicode Technical Standard 39; folded text, so small letters only).
const readAs: readonly (readonly [string, string])[] = [
  ['a', 'аαɑ⍺'],
  ['b', 'ьвβʙ'],
  ['c', 'сϲᴄⅽ'],
  ['d', 'ԁɗⅾ'],
  ['e', 'еєεҽ℮'],
  ['f', 'ϝƒ'],
  ['g', 'ɡցɢ'],
  ['h', 'һհнʜ'],
  ['i', 'іıιɩ1lӏ|!ⅼ∣'],
  ['j', 'јϳ'],
  ['k', 'кκҝᴋ'],
  ['m', 'мⅿᴍ'],
  ['n', 'пոηռ'],
  ['o', 'оοσօ0ᴏ'],
  ['p', 'рρ⍴'],
  ['q', 'ԛգ'],
  ['r', 'гᴦ'],
  ['s', 'ѕꜱ5'],
  ['t', 'тτᴛ'],
  ['u', 'υսцʋ'],
  ['v', 'νѵⅴᴠ'],
  ['w', 'ѡԝωᴡ'],
  ['x', 'хχⅹ×'],
  ['y', 'уγүʏ'],
  ['z', 'ᴢʐ'],
]
const latin = new Map(
  readAs.flatMap(([letter, others]) => Array.from(others, (other): [string, string] => [other, letter])),
)

/** A text as an eye in a hurry takes it: letters and digits alone, each as what it is read as. */
function skeleton(text: string): string {
  const letters = folded(text).replace(/[^\p{L}\p{N}|!×∣]/gu, '')
  const read = Array.from(letters, (one) => latin.get(one) ?? one).join('')
  return read.replaceAll('rn', 'm').replaceAll('vv', 'w')
}

/** Whether a reader may take one name for the other; a name is also like itself. */
export function looksAlike(a: string, b: string): boolean {
  return skeleton(a) === skeleton(b)
}

/** Everyone else, told by the key, whose name looks like that of `one`. */
export function alikeTo<Named extends { readonly name: string }>(
  one: Named,
  all: readonly Named[],
  keyOf: (one: Named) => string,
): Named[] {
  return all.filter((other) => keyOf(other) !== keyOf(one) && looksAlike(other.name, one.name))
}
