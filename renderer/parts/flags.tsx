import type { ReactNode } from 'react'
import { Badge } from './badge.tsx'

/** What was learned of something accepted since: as loud as a failure. */
export function FlaggedSince({ flags }: { readonly flags: readonly string[] }): ReactNode {
  if (flags.length === 0) return null
  return (
    <section className="card fail" aria-label="Learned since">
      <header>
        <Badge result="fail" text="Alarm" />
        <h2>Something was learned about this after it was accepted</h2>
      </header>
      <ul>
        {flags.map((flag) => (
          <li key={flag}>{flag}</li>
        ))}
      </ul>
      <p>It stays accepted. Ask the sender over another way, and call the security officer.</p>
    </section>
  )
}
