import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright'
import { expect } from 'vitest'
import { picture } from './app.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** A screen in a state: drawn in light and dark, and without a violation of WCAG in both. */
export async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: picture(`${name}-${colorScheme}`) })
    // The app refuses pages that axe would open beside this one; it is run in place.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(tags).analyze()
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
}
