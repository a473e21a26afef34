import type { Check } from '../verdict.ts'

/** What has to pass, each at least once and nowhere otherwise, before it is proven what the bytes of a bundle are. */
const asked = ['content.layout', 'content.blob', 'medium.all']

/**
 * Whether all bytes of a bundle are proven to be what was signed: what is on media that are still missing is not. A tar
 * alone has no media.
 */
export function areBytesProven(checks: readonly Pick<Check, 'id' | 'result'>[]): boolean {
  return asked.every((id) => {
    const some = checks.filter((check) => check.id === id)
    return some.every(({ result }) => result === 'pass') && (some.length > 0 || id === 'medium.all')
  })
}
