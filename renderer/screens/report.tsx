import { useState, type ReactNode } from 'react'
import type { Paper } from '../../shared/calls/report.ts'
import type { FailureView } from '../../shared/failure.ts'
import { isDecided } from '../../shared/rules/decision.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { call } from '../bridge.ts'
import { Act } from '../parts/act.tsx'
import { Choice } from '../parts/choice.tsx'
import { FailureBox } from '../parts/failure.tsx'
import { Frame } from '../parts/frame.tsx'
import { OnPaper } from '../parts/on-paper.tsx'
import { PaperChoice } from '../parts/paper-choice.tsx'
import { SavedFiles } from '../parts/saved.tsx'
import { useMirror } from '../state/mirror.ts'
import { useSaving } from '../state/saving.ts'
import { usePrinting } from '../state/printing.ts'
import { go } from '../state/view.ts'

type Format = 'pdf' | 'json' | 'html' | 'csv'

const formats = [
  { value: 'pdf', name: 'PDF', means: 'to print, and to be signed by hand' },
  { value: 'json', name: 'Signed JSON', means: 'the record that all others are made from' },
  { value: 'html', name: 'Page (HTML)', means: 'what is shown below, in one file' },
  { value: 'csv', name: 'Table (CSV)', means: 'rows for a log book' },
] as const

const deeds: Readonly<Record<Format, string>> = {
  pdf: 'Save PDF…',
  json: 'Save signed JSON…',
  html: 'Save page (HTML)…',
  csv: 'Save table (CSV)…',
}

/** The report, on screen as on paper; its saving and printing. */
export function Report({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [format, setFormat] = useState<Format>('pdf')
  const [paper, setPaper] = useState<Paper>('a4')
  const low = useMirror((mirror) => mirror.desk?.card.side === 'low')
  const { id, name } = consignment
  const printing = usePrinting(() => call('report.print', { id, paper }), setFailure)
  const saving = useSaving(setFailure)
  const decided = isDecided(consignment.decided)
  const save = (): void =>
    saving.save({ purpose: 'report', intent: 'save', format, name }, (place) =>
      call('report.save', { id, format, paper, place }),
    )
  return (
    <Frame
      heading={saving.busy ? 'Making the report' : 'The report is ready to be saved and printed'}
      reading
      next="Next: print it and let those who answer for it sign it by hand."
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'consignment', id, step: low ? 'handover' : 'verdict' })}>
            {low ? 'Hand over' : 'Verdict'}
          </Act>
          {decided && !low ? (
            <Act onPress={() => go({ to: 'consignment', id, step: 'close' })}>Close…</Act>
          ) : null}
          <Act onPress={printing.print} disabled={printing.busy}>
            Print…
          </Act>
          <Act kind="primary" onPress={save} disabled={saving.busy}>
            {deeds[format]}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <SavedFiles saved={saving.saved} />
      <p role="status">{printing.said}</p>
      <div className="pair">
        <Choice label="Save as" options={formats} value={format} onChange={setFormat} />
        <PaperChoice value={paper} onChange={setPaper} />
      </div>
      <OnPaper title={`Report on ${name}`} address={id} />
    </Frame>
  )
}
