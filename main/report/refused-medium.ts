import { driveLine } from '../../shared/text/drives.ts'
import { refusalOf } from './answer.ts'
import { documentOf } from './document.ts'
import { code, facts, html, inkRows, table } from './html.ts'
import type { CrossingRecord } from './record.ts'
import { checks } from './sections.ts'

/** A medium that was refused before anything of it was kept, and the desk that refused it. */
export interface RefusedOnPaper {
  readonly desk: Pick<CrossingRecord['desk'], 'id' | 'name'>
  readonly marking: string
  /** The number of the reading in the ledger. */
  readonly sequence: number
  /** The waybill that was found there; `null` where none was. */
  readonly waybill: string | null
  /** The drive that it was read from, where that is known. */
  readonly drive: CrossingRecord['drive']
  readonly verdict: NonNullable<CrossingRecord['verdict']>
}

/** The report on a refused medium: a pure function of the kept verdict and of what the ledger says of the reading. */
export function refusedMedium(refused: RefusedOnPaper): string {
  const { desk, marking, sequence, waybill, drive, verdict } = refused
  const title = `A ${verdict.scope} that was refused at ${desk.name}`
  const main = html`<section class="first">
      <h1>${refusalOf(verdict.counts)}</h1>
      <p>It was not proven that the bytes are what was signed. Nothing of it was kept.</p>
      <div class="answer">
        ${facts([
          ['Read', `${verdict.at} (UTC), a ${verdict.scope}`],
          ['Drive', driveLine(drive) ?? 'not known'],
          ['At', desk.name],
          ['', code(desk.id)],
          ['Waybill found', waybill === null ? 'none' : code(waybill)],
          ['Event', `${sequence} of this desk’s ledger, which has the digest of the verdict`],
        ])}
      </div>
    </section>
    ${checks({ verdict })}
    <div class="whole">
      <h2>Signed by hand</h2>
      <p>I have read this page and kept the medium apart.</p>
      ${table(['Name', 'Role', 'Signature', 'Date'], inkRows(4, 2), 'ink signatures')}
    </div>`
  return documentOf(title, marking, main)
}
