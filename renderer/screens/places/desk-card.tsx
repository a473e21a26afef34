import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { useMirror } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'

/** This desk's own id and card, for the paper and the file that the other side needs. */
export function DeskCard({ print }: { readonly print: () => void }): ReactNode {
  const id = useMirror((mirror) => mirror.desk?.id)
  const name = useMirror((mirror) => mirror.desk?.card.name ?? '')
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [saved, setSaved] = useState<string | null>(null)
  if (id === undefined) return null
  const save = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'card', intent: 'save', name }, setFailure)
    if (chosen === null) return
    const answer = await call('card.save', { place: chosen.place })
    if (answer.ok) setSaved(answer.value.file)
    else setFailure(answer.failure)
  }
  return (
    <section className="card" aria-labelledby="desk-card">
      <h2 id="desk-card">The id of this desk</h2>
      <p className="soft">
        The other side compares this card, as a file, with the printed one, brought by hand.
      </p>
      <p>
        <code>{id}</code>
      </p>
      <FailureBox failure={failure} />
      <div className="acts">
        <Act onPress={print}>Print desk card…</Act>
        <Act onPress={() => void save()}>Save desk card…</Act>
      </div>
      <p role="status">{saved === null ? '' : `Saved as ${saved}.`}</p>
    </section>
  )
}
