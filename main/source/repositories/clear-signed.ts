const begin = '-----BEGIN PGP SIGNED MESSAGE-----'
const signature = '-----BEGIN PGP SIGNATURE-----'
const end = '-----END PGP SIGNATURE-----'

/** Lines as they are signed: blanks at their ends count for nothing (RFC 9580, 7.2). */
export const signedLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/[ \t\r]+$/, ''))
    .join('\n')
    .replace(/\n$/, '')

/**
 * The text in a document that is one signed text and nothing else: what stands before or behind it would be read by some
 * and signed by nobody.
 *
 * @returns `null` for any other
 */
export function clearText(document: string): string | null {
  const lines = document.split('\n').map((line) => line.replace(/\r$/, ''))
  const text = lines.indexOf('', 1) + 1
  const over = lines.indexOf(signature)
  const last = lines.indexOf(end)
  const framed = lines[0] === begin && text > 0 && text <= over && over < last
  if (!framed || lines.slice(1, text - 1).some((line) => !line.startsWith('Hash: '))) return null
  if (lines.slice(last + 1).some((line) => line.trim() !== '')) return null
  const inside = lines.slice(text, over)
  // What begins with a dash is escaped, so that nothing in the text looks like its frame.
  if (inside.some((line) => line.startsWith('-') && !line.startsWith('- '))) return null
  return inside.map((line) => line.replace(/^- /, '')).join('\n')
}
