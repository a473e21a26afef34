import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** As many words as a verdict may have, the frame around it included: less than these. */
export const verdictLimits = { passed: 250, failed: 350 } as const

/** As many words as the middle one of all pictured screens may have: less than this. */
export const medianLimit = 150

/** Which kind of verdict a screen is, for those that have a limit of their own. */
export type VerdictShown = keyof typeof verdictLimits

/** How much somebody has to read in a state of the window. */
export interface Reading {
  readonly name: string
  /** Visible words of the whole window; what is folded does not count. */
  readonly words: number
  /** Height of the page, in screens of what is seen of it at once. */
  readonly screens: number
  readonly verdict: VerdictShown | null
}

/** Where each pictured state leaves its figures. */
export const readingsFolder = join('test-results', 'words')

/** The figures of every state that was pictured since it was cleared; none where no window was driven. */
export function readings(): readonly Reading[] {
  try {
    return readdirSync(readingsFolder).map(
      (file) => JSON.parse(readFileSync(join(readingsFolder, file), 'utf8')) as Reading,
    )
  } catch {
    return []
  }
}
