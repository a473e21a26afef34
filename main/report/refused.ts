import type { FailureView } from '../../shared/failure.ts'
import { documentOf } from './document.ts'
import { facts, html } from './html.ts'

/** A page in the place of a report that cannot be made. */
export function refusedPage(failure: FailureView): string {
  const { code, happened, safe, next } = failure
  const main = html`<h1>${happened}</h1>
    ${facts([
      ['Safe', safe],
      ['Do next', next],
      ['Code', code],
    ])}`
  return documentOf('No report', 'NO REPORT', main)
}
