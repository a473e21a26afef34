import type { ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { MediaTable } from '../../parts/media-table.tsx'
import { SealsLeaving } from '../../parts/seals-leaving.tsx'
import { Sheets } from '../../parts/sheets.tsx'
import { choose } from '../../state/place.ts'
import { go } from '../../state/view.ts'
import { count } from '../../text/format.ts'

/** The media that accepted content went out on: read back, then labelled and handed over. Nothing where there are none. */
export function OutMedia(props: {
  readonly consignment: ConsignmentView
  readonly fail: (failure: FailureView | null) => void
  /** Shows a sheet for paper. */
  readonly open: (kind: 'label' | 'custody') => void
}): ReactNode {
  const { consignment, fail, open } = props
  const { media } = consignment
  const good = media.filter((one) => one.readBack === 'passed').length
  const read = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'medium', intent: 'open' }, fail)
    if (chosen === null) return
    const started = await call('readback.start', { medium: chosen.place })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else fail(started.failure)
  }
  if (media.length === 0) return null
  return (
    <>
      <section className="card" aria-labelledby="out-media">
        <h2 id="out-media">Media with this content</h2>
        <p>
          {good === media.length
            ? `${count(good, 'copy', 'copies')} read back exactly as written.`
            : 'Take the medium out, put it back in, and read it back. A copy that was not read back may not leave.'}
        </p>
        <div className="acts">
          <Act writes onPress={() => void read()}>
            It was out and is in again: read it…
          </Act>
        </div>
      </section>
      <MediaTable media={media} />
      <SealsLeaving consignment={consignment} />
      {good > 0 ? <Sheets open={open} /> : null}
    </>
  )
}
