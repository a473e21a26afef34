/**
 * Whether a whole text fits a pattern: `*` stands for anything within a part between slashes, `**` for anything at all,
 * every other character for itself. Never slower than pattern times text.
 */
export function fits(pattern: string, text: string): boolean {
  const tokens = pattern.match(/\*\*|\*|[^*]/gsu) ?? []
  // reached[i]: whether the tokens so far fit the first i characters.
  let reached = Array.from({ length: text.length + 1 }, (_, i) => i === 0)
  for (const token of tokens) {
    const next = Array.from({ length: text.length + 1 }, () => false)
    if (token === '*' || token === '**') {
      let open = false
      for (let i = 0; i <= text.length; i++) {
        if (i > 0 && token === '*' && text[i - 1] === '/') open = false
        open ||= reached[i] === true
        next[i] = open
      }
    } else {
      for (let i = token.length; i <= text.length; i++) {
        next[i] = reached[i - token.length] === true && text.startsWith(token, i - token.length)
      }
    }
    reached = next
  }
  return reached[text.length] === true
}
