/** Characters that a new passphrase has at least: five words have as many. */
export const leastPassphrase = 15
/** How many of them differ at least: `aaaaaaaaaaaaaaa` is long and no secret. */
const leastDifferent = 6

/**
 * What a new passphrase lacks, in words; `null` where it is strong enough. Keys that exist keep working with whatever they have:
 * nobody knows the passphrase of a key but who types it.
 */
export function passphraseLacks(passphrase: string): string | null {
  const characters = Array.from(passphrase.normalize('NFC'))
  if (characters.length < leastPassphrase)
    return `at least ${leastPassphrase} characters (five words, for example); it has ${characters.length}`
  const different = new Set(characters).size
  return different < leastDifferent
    ? `at least ${leastDifferent} different characters; it has ${different}`
    : null
}
