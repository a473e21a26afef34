import type { ReactNode } from 'react'
import { Act } from './act.tsx'

/** The sheets for the media that were written: labels, and the custody sheet. */
export function Sheets({ open }: { readonly open: (kind: 'label' | 'custody') => void }): ReactNode {
  return (
    <section className="card">
      <h2>Sheets to print</h2>
      <p>The labels name no contents. The custody sheet has rows for everybody who takes the media over.</p>
      <div className="acts">
        <Act onPress={() => open('label')}>Print labels…</Act>
        <Act onPress={() => open('custody')}>Print custody sheet…</Act>
      </div>
    </section>
  )
}
