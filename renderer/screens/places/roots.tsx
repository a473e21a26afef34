import type { ReactNode } from 'react'
import type { RevokedView, RootView } from '../../../shared/changes.ts'
import { hexOf } from '../../../shared/digest.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Table } from '../../parts/table.tsx'
import { count, time } from '../../text/format.ts'
import type { Revocable } from './revoke.tsx'

function Root(props: { readonly root: RootView; readonly revoke: (what: Revocable) => void }): ReactNode {
  const { root, revoke } = props
  const { name, digest, origin, at, by, authorities, unusable } = root
  return (
    <section className="card" aria-label={`Trusted root ${name}`}>
      <header>
        <h2>{name}</h2>
        <span className="id">trusted root</span>
      </header>
      <Facts
        rows={[
          ['File', <code key="file">{digest}</code>],
          ...(unusable.length === 0 ? [] : ([['Cannot be used', unusable.join('; ')]] as const)),
        ]}
      />
      <Fold name={count(authorities.length, 'authority', 'authorities')} of={name}>
        <Facts
          rows={[
            ['From', origin],
            [
              'Installed',
              `${at === null ? '' : time(at)}, by ${by.join(' and ') || 'one person, while this desk was founding'}`,
            ],
          ]}
        />
        <Table label={`Authorities of ${name}`} heads={['Kind', 'Name', 'Counts', 'Fingerprint']}>
          {authorities.map((one) => (
            <tr key={`${one.kind}-${one.fingerprint}-${one.from ?? ''}`}>
              <td>{one.kind}</td>
              <td>{one.name}</td>
              <td>
                {one.from?.slice(0, 10)} to {one.to?.slice(0, 10) ?? 'now'}
              </td>
              <td>
                <code>{one.fingerprint}</code>
              </td>
            </tr>
          ))}
        </Table>
      </Fold>
      <Act
        writes
        spoken={`Revoke the root ${name}…`}
        onPress={() => revoke({ name: `the root ${name}`, fingerprint: hexOf(digest) })}
      >
        Revoke…
      </Act>
    </section>
  )
}

/** The trusted roots of this desk, with everything that each names. */
export function Roots(props: {
  readonly roots: readonly RootView[]
  readonly revoke: (what: Revocable) => void
}): ReactNode {
  return props.roots.map((root) => <Root key={root.digest} root={root} revoke={props.revoke} />)
}

/** Keys and roots that no longer count. */
export function RevokedKeys({ revoked }: { readonly revoked: readonly RevokedView[] }): ReactNode {
  if (revoked.length === 0) return null
  return (
    <section className="card" aria-labelledby="revoked-keys">
      <h2 id="revoked-keys">Revoked for good: {revoked.length}</h2>
      <ul>
        {revoked.map((one) => (
          <li key={one.fingerprint}>
            <Badge result="fail" text="Revoked" /> {one.name}, {time(one.at)}: {one.reason}{' '}
            <code>{one.fingerprint}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}
