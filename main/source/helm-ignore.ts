import { BadPattern, pathMatches } from './path-match.ts'

/** A line of `.helmignore`. */
interface Rule {
  readonly pattern: string
  /** It keeps what fits, and leaves out whatever else comes to it. */
  readonly negated: boolean
  readonly foldersOnly: boolean
  /** Whether the whole path is asked, or its last step alone. */
  readonly whole: boolean
}

/** A line that Helm refuses. */
export class BadRule extends Error {
  readonly line: string

  constructor(line: string, why: string) {
    super(why)
    this.line = line
  }
}

// What Go calls a space: not the byte order mark, which JavaScript would trim too.
const space = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+'
const around = new RegExp(`^${space}|${space}$`, 'g')

function ruleOf(line: string): Rule | null {
  const text = line.replace(around, '')
  if (text === '' || text.startsWith('#')) return null
  if (text.includes('**')) throw new BadRule(text, 'a pattern without “**”')
  try {
    pathMatches(text, 'abc')
  } catch (error) {
    if (error instanceof BadPattern) throw new BadRule(text, 'a pattern that can be read')
    throw error
  }
  const negated = text.startsWith('!')
  const bare = negated ? text.slice(1) : text
  const foldersOnly = bare.endsWith('/')
  const pattern = foldersOnly ? bare.slice(0, -1) : bare
  const anchored = pattern.startsWith('/')
  return {
    pattern: anchored ? pattern.slice(1) : pattern,
    negated,
    foldersOnly,
    whole: pattern.includes('/'),
  }
}

function fits({ pattern, whole }: Rule, path: string): boolean {
  try {
    return pathMatches(pattern, whole ? path : path.slice(path.lastIndexOf('/') + 1))
  } catch (error) {
    if (error instanceof BadPattern) return false
    throw error
  }
}

/**
 * What `helm package` leaves out of a chart's folder: by the rules of its `.helmignore` (helm.sh/helm `pkg/ignore`), hidden
 * files in `templates`, and what begins with `.` or `_` below `charts`, where Helm looks for charts alone. Of a folder that
 * is left out nothing is asked.
 *
 * @param text of `.helmignore`; empty where there is none
 * @returns whether a path below the chart's folder is left out
 * @throws BadRule
 */
export function helmIgnore(text: string): (path: string, isFolder: boolean) => boolean {
  const lines = [...text.replace(/^\ufeff/, '').split('\n'), 'templates/.?*']
  const rules = lines.flatMap((line) => ruleOf(line) ?? [])
  return (path, isFolder) => {
    for (const rule of rules) {
      const fit = (!rule.foldersOnly || isFolder) && fits(rule, path)
      if (fit !== rule.negated) return true
    }
    return !isFolder && !path.endsWith('.prov') && /^(?:charts\/[^/]+\/)*charts\/[._]/.test(path)
  }
}
