import { useState, type ReactNode } from 'react'
import type { Paper } from '../../shared/calls/report.ts'
import type { FailureView } from '../../shared/failure.ts'
import { call } from '../bridge.ts'
import { choose } from '../state/place.ts'
import { Act } from './act.tsx'
import { Choice } from './choice.tsx'
import { FailureBox } from './failure.tsx'
import { SavedFiles, type Saved } from './saved.tsx'

/** The papers that can be printed on. */
export const paperChoices = [
  { value: 'a4', name: 'A4', means: '210 × 297 mm' },
  { value: 'letter', name: 'Letter', means: '8.5 × 11 inches' },
] as const

/** Labels and custody sheet of the media that were written, saved as PDF to be printed. */
export function Sheets({ id }: { readonly id: string }): ReactNode {
  const [paper, setPaper] = useState<Paper>('a4')
  const [saved, setSaved] = useState<readonly Saved[]>([])
  const [failure, setFailure] = useState<FailureView | null>(null)
  const save = async (kind: 'label' | 'custody'): Promise<void> => {
    const chosen = await choose({ purpose: kind, intent: 'save', format: 'pdf' }, setFailure)
    if (chosen === null) return
    const { place } = chosen
    const answer = await call('sheet.save', { id, kind, format: 'pdf', paper, place })
    if (!answer.ok) {
      setFailure(answer.failure)
      return
    }
    const { file, sha256 } = answer.value
    setSaved((before) => [...before.filter((other) => other.file !== file), { file, sha256 }])
  }
  return (
    <>
      <FailureBox failure={failure} />
      <SavedFiles saved={saved} />
      <section className="card">
        <h2>Sheets to print</h2>
        <p>The labels name no contents. The custody sheet has rows for everybody who takes the media over.</p>
        <Choice label="Paper" options={paperChoices} value={paper} onChange={setPaper} />
        <div className="acts">
          <Act onPress={() => void save('label')}>Save labels (PDF)…</Act>
          <Act onPress={() => void save('custody')}>Save custody sheet (PDF)…</Act>
        </div>
      </section>
    </>
  )
}
