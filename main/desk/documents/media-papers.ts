import { Failure } from '../../platform/failure.ts'
import { dispositionCertificate } from '../../report/certificate.ts'
import { statisticsSheet, type MonthOfDesk } from '../../report/statistics.ts'
import type { Desk } from '../desk.ts'
import { mediumView, registerOf } from '../views/register.ts'
import { marksNow, type PaperPage } from './papers.ts'
import { statisticsOf } from './statistics.ts'

/** A desk as the sheet of a month names it. */
export function monthOf(desk: Desk): MonthOfDesk {
  const { card, marking } = desk.state
  const { size, root } = desk.head()
  return { name: card.name, id: desk.id, side: card.side, marking, size, root: root.toString('hex') }
}

/** The numbers of a month, on paper. */
export function statisticsPage(desk: Desk, month: string): PaperPage {
  const html = statisticsSheet(statisticsOf(desk, month), monthOf(desk))
  return { html, marks: marksNow(desk, `Statistics of ${month} · ${desk.state.card.name}`) }
}

/** The certificate of a medium that was sanitised or destroyed. @throws Failure `media-unknown`, `media-state` */
export function certificatePage(desk: Desk, label: string): PaperPage {
  const found = registerOf(desk).find(label)
  if (found === null) throw new Failure('media-unknown', { found: label })
  const medium = mediumView(desk, found)
  const { disposition } = medium
  if (disposition === null) {
    const expected = 'one that was sanitised or destroyed'
    throw new Failure('media-state', { subject: medium.label, found: medium.state, expected })
  }
  const { name, id, marking, size, root } = monthOf(desk)
  const html = dispositionCertificate({ ...medium, disposition }, { name, id, marking, size, root })
  return { html, marks: marksNow(desk, `Disposition of medium ${medium.label}`) }
}
