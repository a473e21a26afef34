import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations']

interface Axe {
  run(context: Document, options: object): Promise<{ readonly violations: Violations }>
}
declare global {
  var axe: Axe | undefined
}

/** Whether every frame of the page has axe already. */
async function hasAxe(page: Page): Promise<boolean> {
  const found = page.frames().map(async (frame) => {
    try {
      return await frame.evaluate(() => globalThis.axe !== undefined)
    } catch {
      // A frame without scripts cannot be asked.
      return false
    }
  })
  return !(await Promise.all(found)).includes(false)
}

/**
 * What of a page violates WCAG. Its builder puts axe into the page each time, which takes ten times what looking takes;
 * so a page that has axe is only asked to look again, by the same rules.
 */
export async function violationsOf(page: Page): Promise<Violations> {
  if (!(await hasAxe(page))) {
    // The app refuses pages that axe would open beside this one; it is run in place.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(tags).analyze()
    return violations
  }
  return page.evaluate(async (values) => {
    if (globalThis.axe === undefined) throw new Error('axe is gone')
    const options = { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }
    return (await globalThis.axe.run(document, options)).violations
  }, tags)
}
