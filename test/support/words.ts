import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Page } from 'playwright'
import { expect } from 'vitest'
import { readingsFolder, verdictLimits, type Reading, type VerdictShown } from './reading.ts'

/** Counts the words of a state and keeps the figures, as at 1280 × 800; of a narrow window nothing is kept. */
export async function countWords(
  page: Page,
  name: string,
  verdict: VerdictShown | null = null,
): Promise<void> {
  const found = await page.evaluate(() => {
    const shown = document.querySelector('.page')
    // The window that an app opens here may be a little lower than 800; all but the page keeps its height.
    const seen = shown === null ? 800 : 800 - (innerHeight - shown.clientHeight)
    return {
      wide: innerWidth > 1100,
      words: document.body.innerText.split(/\s+/).filter((word) => word !== '').length,
      screens: (shown?.scrollHeight ?? seen) / Math.max(1, seen),
    }
  })
  // Narrow and zoomed windows show the same words on more screens.
  if (!found.wide) return
  const { words, screens } = found
  const file = basename(expect.getState().testPath ?? '', '.test.ts')
  const reading: Reading = { name: `${file}: ${name}`, words, screens, verdict }
  mkdirSync(readingsFolder, { recursive: true })
  writeFileSync(join(readingsFolder, `${file}.${name}.json`), JSON.stringify(reading))
  if (verdict !== null) {
    const within = words < verdictLimits[verdict]
    expect({ name, words, within }).toEqual({ name, words, within: true })
  }
}
