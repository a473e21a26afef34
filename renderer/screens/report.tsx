import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { call } from '../bridge.ts'
import { Act } from '../parts/act.tsx'
import { Badge } from '../parts/badge.tsx'
import { Facts } from '../parts/facts.tsx'
import { FailureBox } from '../parts/failure.tsx'
import { Frame } from '../parts/frame.tsx'
import { useMirror } from '../state/mirror.ts'
import { go } from '../state/view.ts'
import { size, time } from '../text/format.ts'

type Format = 'json' | 'html' | 'pdf'

const past = { accept: 'accepted', reject: 'rejected', hold: 'held' } as const

function Crossing({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { waybill, sender, decisions, decided, requester, reason, carried, exports } = consignment
  const people = decisions.filter((half) => half.outcome === decided)
  return (
    <section className="card">
      <h2>What the report says</h2>
      <Facts
        rows={[
          ['Waybill', <code key="waybill">{waybill}</code>],
          ['From', sender === null ? '–' : `${sender.name} (${sender.id})`],
          ['Asked by', `${requester ?? '–'}: ${reason ?? '–'} (named, not proven)`],
          ['Content', `${carried.blobs} blobs, ${size(carried.bytes)}`],
          [
            'Decision',
            decided === null
              ? 'none yet'
              : `${past[decided]} by ${people.map((half) => `${half.name} (${half.person})`).join(' and ')}`,
          ],
          [
            'Exported',
            exports.length === 0
              ? 'not yet'
              : exports.map((one) => `${one.target}, ${time(one.at)}`).join('; '),
          ],
        ]}
      />
    </section>
  )
}

interface Saved {
  readonly file: string
  readonly sha256: string
}

/** The report: saved as PDF, page or signed JSON. */
export function Report({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const [saved, setSaved] = useState<readonly Saved[]>([])
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [busy, setBusy] = useState(false)
  const founding = useMirror((mirror) => mirror.desk?.founding === true)
  const { id } = consignment
  const save = async (format: Format): Promise<void> => {
    setFailure(null)
    const chosen = await call('place.choose', {
      purpose: 'report',
      title: `Save the report as ${format.toUpperCase()}`,
    })
    if (!chosen.ok) {
      setFailure(chosen.failure)
      return
    }
    const { place } = chosen.value
    if (place === null) return
    setBusy(true)
    const answer = await call('report.save', { id, format, place })
    setBusy(false)
    if (answer.ok) setSaved((before) => [...before, { file: answer.value.file, sha256: answer.value.sha256 }])
    else setFailure(answer.failure)
  }
  return (
    <Frame
      heading={busy ? 'Making the report' : 'The report is ready to be saved and printed'}
      means="The signed JSON is the record. Page and PDF are made from it alone and carry its digest on each page."
      next="Next: print the PDF and let both people sign it by hand."
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'consignment', id, step: 'verdict' })}>Verdict</Act>
          <Act onPress={() => void save('json')} disabled={busy}>
            Save signed JSON…
          </Act>
          <Act onPress={() => void save('html')} disabled={busy}>
            Save page (HTML)…
          </Act>
          <Act kind="primary" onPress={() => void save('pdf')} disabled={busy}>
            Save PDF…
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <div role="status">
        {saved.map((one) => (
          <section className="card pass" key={one.sha256}>
            <header>
              <Badge result="pass" text="Saved" />
              <h2>{one.file}</h2>
            </header>
            <p>
              SHA-256 <code>{one.sha256}</code>
            </p>
          </section>
        ))}
      </div>
      {founding ? (
        <section className="card warn">
          <header>
            <Badge result="warn" />
            <h2>This desk is still being founded</h2>
            <span className="id">desk.founding</span>
          </header>
          <p>People, trust and policy can be changed here by one person without a key. The report says so.</p>
        </section>
      ) : null}
      <Crossing consignment={consignment} />
    </Frame>
  )
}
