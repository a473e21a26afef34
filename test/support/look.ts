import type { Page } from 'playwright'
import { expect } from 'vitest'
import { picture } from './app.ts'
import { violationsOf } from './axe.ts'
import type { VerdictShown } from './reading.ts'
import { countWords } from './words.ts'

/** A screen in a state, drawn as it is, and how much there is to read in it. */
export async function draw(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: picture(`${name}-light`) })
  await countWords(page, name)
}

/**
 * A screen in a state: drawn in light and dark, and without a violation of WCAG in both. A verdict also says which kind it
 * is, and then has no more words than such a one may have.
 */
export async function look(page: Page, name: string, verdict: VerdictShown | null = null): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: picture(`${name}-${colorScheme}`) })
    const violations = await violationsOf(page)
    expect({
      name,
      colorScheme,
      violations: violations.map((one) => [one.id, one.nodes.map((node) => node.html)]),
    }).toEqual({
      name,
      colorScheme,
      violations: [],
    })
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await countWords(page, name, verdict)
}

/**
 * What stays at the edges of a small window covers a part of what scrolls below it. Scrolls to the first place where no
 * control is cut there, because half of one is no smaller target than the whole that the next line shows.
 */
async function scrollClear(page: Page): Promise<void> {
  await page.evaluate(() => {
    const edges = [...document.querySelectorAll('.window > .marking, .foot .acts')]
    const cut = (control: Element): boolean => {
      const { top, bottom } = control.getBoundingClientRect()
      return edges.some((edge) => {
        const { top: above, bottom: below } = edge.getBoundingClientRect()
        return !edge.contains(control) && [above, below].some((line) => top < line && line < bottom)
      })
    }
    for (let y = 0; y <= 400; y += 8) {
      scrollTo(0, y)
      if (![...document.querySelectorAll('button, input, textarea, select')].some(cut)) return
    }
    scrollTo(0, 0)
  })
}

/** How the same state is seen by people who set their computer otherwise. */
const otherwise = [
  { name: 'narrow', width: 320, height: 640 },
  { name: 'zoomed', width: 640, height: 400 },
  { name: 'small', width: 1024, height: 700 },
] as const

/**
 * A screen in a state: without sideways scrolling at 320 px, at 200 % and at 1024 × 700, in forced colours and with
 * reduced motion; without a violation of WCAG in each.
 */
export async function lookOtherwise(page: Page, name: string): Promise<void> {
  const check = async (kind: string): Promise<void> => {
    await page.screenshot({ path: picture(`${name}-${kind}`) })
    const violations = await violationsOf(page)
    const found = violations.map((one) => [one.id, one.nodes.map((node) => node.html)])
    expect({ name, kind, found }).toEqual({ name, kind, found: [] })
  }
  for (const { name: kind, width, height } of otherwise) {
    await page.setViewportSize({ width, height })
    const wide = await page.evaluate(() =>
      ['html', '.page', '.journey', '.places'].map((selector) => {
        const element = document.querySelector(selector)
        return element === null ? 0 : Math.max(0, element.scrollWidth - element.clientWidth)
      }),
    )
    expect({ name, kind, wide }).toEqual({ name, kind, wide: [0, 0, 0, 0] })
    await scrollClear(page)
    await check(kind)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
  await check('forced')
  const moving = await page.evaluate(() => document.getAnimations().length)
  expect({ name, moving }).toEqual({ name, moving: 0 })
  await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'no-preference' })
}
