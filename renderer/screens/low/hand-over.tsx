import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { MediaTable } from '../../parts/media-table.tsx'
import { SealsLeaving } from '../../parts/seals-leaving.tsx'
import { Sheets } from '../../parts/sheets.tsx'
import { Waybill } from '../../parts/waybill.tsx'
import { refresh } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { mediaSheet, SheetPage } from '../sheet.tsx'
import { count } from '../../text/format.ts'

function Instructions(): ReactNode {
  return (
    <section className="card" aria-label="What to do for each copy">
      <ol>
        <li>Print the label and put it on the medium.</li>
        <li>
          Put the medium into a bag, seal it, and type the number of the seal below. Then print the sheet.
        </li>
        <li>Whoever takes it signs the sheet. One sheet stays here, one goes with the bag.</li>
      </ol>
    </section>
  )
}

/** The end of a consignment at a low desk: label, seal, custody sheet; then it is closed. */
export function HandOver({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, name, media, state } = consignment
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [sheet, setSheet] = useState<'label' | 'custody' | null>(null)
  const good = media.filter((one) => one.readBack === 'passed')
  const unread = media.filter((one) => one.state === 'written' && one.readBack === null).length
  const bad = media.filter((one) => one.readBack !== null && one.readBack !== 'passed').length
  const { plan } = consignment
  const lacking = plan.flatMap(({ number, readBack }) => (readBack > 0 ? [] : [number]))
  const closed = state === 'closed'
  const close = async (): Promise<void> => {
    setFailure(null)
    const answer = await call('consignment.close', { id })
    if (!answer.ok) setFailure(answer.failure)
    await refresh()
  }
  if (sheet !== null) {
    const back = (): void => setSheet(null)
    return <SheetPage shown={mediaSheet(sheet, id)} back="Hand over" done={back} consignment={consignment} />
  }
  const heading = closed
    ? `${name} was handed over and is closed`
    : good.length === 0
      ? 'No copy was read back yet: hand nothing over'
      : `${count(good.length, 'copy', 'copies')} of ${name} can be handed over`
  return (
    <Frame
      heading={heading}
      means={
        closed
          ? 'Record, request and report stay.'
          : 'Only copies that were read back exactly as written may leave.'
      }
      next={closed ? 'Next: nothing at this desk.' : 'Closing ends it here: no further copy can be written.'}
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'start' })}>All consignments</Act>
          <Act onPress={() => go({ to: 'consignment', id, step: 'report' })}>Report…</Act>
          {closed ? null : (
            <Act kind="primary" writes disabled={good.length === 0} onPress={() => void close()}>
              It was handed over: close it
            </Act>
          )}
        </>
      }
    >
      <FailureBox failure={failure} />
      {closed ? null : (
        <Fold name="what to do for each copy">
          <Instructions />
        </Fold>
      )}
      <SealsLeaving consignment={consignment} />
      {good.length > 0 ? <Sheets open={setSheet} /> : null}
      {bad > 0 ? (
        <section className="card fail">
          <h2>{count(bad, 'copy does', 'copies do')} not hold what was written: never hand it over</h2>
          <p>Mark the medium as spoiled and keep it here, or have it destroyed.</p>
        </section>
      ) : null}
      {lacking.length > 0 && good.length > 0 ? (
        <section className="card not-checked">
          <h2>
            The bundle is not whole: medium {lacking.join(', ')} of {plan.length}{' '}
            {lacking.length === 1 ? 'is' : 'are'} not read back
          </h2>
          <p>The other side can read what comes, and waits for the rest.</p>
        </section>
      ) : null}
      {unread > 0 ? (
        <section className="card not-checked">
          <h2>{count(unread, 'copy', 'copies')} not read back: keep it here</h2>
          <p>Nothing is known of what such a medium really holds.</p>
        </section>
      ) : null}
      <MediaTable media={media} />
      <Waybill consignment={consignment} folded />
    </Frame>
  )
}
