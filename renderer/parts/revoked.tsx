import type { ReactNode } from 'react'
import type { RevokedView } from '../../shared/changes.ts'
import { time } from '../text/format.ts'
import { Badge } from './badge.tsx'

/** That a key which signed or decided this was revoked since: as loud as a failure. */
export function RevokedSince({ revoked }: { readonly revoked: readonly RevokedView[] }): ReactNode {
  if (revoked.length === 0) return null
  return (
    <section className="card fail" aria-label="Revoked since">
      <header>
        <Badge result="fail" text="Revoked" />
        <h2>A key under this was revoked after it had signed</h2>
      </header>
      <ul>
        {revoked.map((one) => (
          <li key={one.fingerprint}>
            {one.name}, {time(one.at)}: {one.reason}. <code>{one.fingerprint}</code>
          </li>
        ))}
      </ul>
      <p>Nothing of it is exported or written any more. Find out what was signed since the key was lost.</p>
    </section>
  )
}
