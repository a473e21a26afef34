import type { ReactNode } from 'react'
import type { RevokedView } from '../../shared/changes.ts'
import { time } from '../text/format.ts'
import { Badge } from './badge.tsx'

/** That a key which signed or decided this was revoked since: as loud as a failure. */
export function RevokedSince({ revoked }: { readonly revoked: readonly RevokedView[] }): ReactNode {
  if (revoked.length === 0) return null
  return (
    <section className="card fail" aria-label="Revoked since">
      <Badge result="fail" text="Revoked after it had signed" />
      <ul>
        {revoked.map((one) => (
          <li key={one.fingerprint}>
            {one.name}, {time(one.at)}: {one.reason}. <code>{one.fingerprint}</code>
          </li>
        ))}
      </ul>
      <p>Find out what was signed since the key was lost.</p>
    </section>
  )
}
