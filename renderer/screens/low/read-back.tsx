import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Drives } from '../../parts/drives.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { MediaTable } from '../../parts/media-table.tsx'
import { choose, type Chosen } from '../../state/place.ts'
import { go } from '../../state/view.ts'
import { count } from '../../text/format.ts'

/** Reading back: out, in again, and compared with what this desk wrote. */
export function ReadBack({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, media } = consignment
  const [failure, setFailure] = useState<FailureView | null>(null)
  const good = media.filter((one) => one.readBack === 'passed').length
  const open = media.filter((one) => one.state === 'written' && one.readBack !== 'passed').length
  const read = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'medium', intent: 'open' }, setFailure)
    if (chosen !== null) await readBack(chosen)
  }
  const readBack = async (chosen: Chosen): Promise<void> => {
    const started = await call('readback.start', { medium: chosen.place })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else setFailure(started.failure)
  }
  const { plan } = consignment
  const unwritten = plan.filter((one) => one.good === 0)
  const onRead = plan.filter((one) => one.readBack > 0).length
  const whole = plan.length === 0 || onRead === plan.length
  const heading =
    good > 0 && plan.length > 0
      ? `${onRead} of ${plan.length} media read back exactly as written`
      : good === 0
        ? 'Take the medium out, put it back in, and read it back'
        : open === 0
          ? `${count(good, 'copy', 'copies')} read back exactly as written`
          : `${count(open, 'copy', 'copies')} still to be read back`
  return (
    <Frame
      heading={heading}
      means="A medium that stayed in may be answered for by the computer’s memory."
      next={
        open === 0 && good > 0 ? 'Next: label it, seal it, hand it over.' : 'Next: every byte is compared.'
      }
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'consignment', id, step: 'write' })}>Copies</Act>
          {unwritten.length > 0 ? (
            <Act
              {...(open === 0 && good > 0 ? { kind: 'primary' as const } : {})}
              onPress={() => go({ to: 'consignment', id, step: 'write' })}
            >
              Write medium {unwritten[0]?.number}…
            </Act>
          ) : null}
          {good > 0 && whole ? (
            <Act
              {...(open === 0 ? { kind: 'primary' as const } : {})}
              onPress={() => go({ to: 'consignment', id, step: 'handover' })}
            >
              Go on to hand over
            </Act>
          ) : null}
          {open > 0 || good === 0 ? (
            <Act kind="primary" writes disabled={media.length === 0} onPress={() => void read()}>
              It was out and is in again: read it…
            </Act>
          ) : null}
        </>
      }
    >
      <FailureBox failure={failure} />
      {open === 0 && good > 0 ? null : (
        <section className="card">
          <p>Eject it, take it out, wait a moment, and put it back in, write-protected if possible.</p>
        </section>
      )}
      <Drives
        use={
          media.length === 0
            ? null
            : {
                name: 'Read it back',
                changes: false,
                onChosen: (chosen) => void readBack(chosen),
              }
        }
      />
      <MediaTable media={media} folded={plan.length > 0} />
    </Frame>
  )
}
