import type { ReactNode } from 'react'
import type { Saved } from '../state/saving.ts'
import { Badge } from './badge.tsx'
import { Facts } from './facts.tsx'

/** The files that this page has saved, the last one named first; said aloud when one comes. */
export function SavedFiles({ saved }: { readonly saved: readonly Saved[] }): ReactNode {
  const last = saved.at(-1)
  return (
    <div role="status">
      {last === undefined ? null : (
        <section className="card pass">
          <header>
            <Badge result="pass" text="Saved" />
            <h2>{last.file} was saved</h2>
            <span className="id">SHA-256</span>
          </header>
          <Facts rows={saved.map((one) => [one.file, <code key={one.file}>{one.sha256}</code>])} />
        </section>
      )}
    </div>
  )
}
