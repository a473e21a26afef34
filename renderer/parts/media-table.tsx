import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { size, time } from '../text/format.ts'
import { Badge, PlainBadge } from './badge.tsx'

type Medium = ConsignmentView['media'][number]

function State({ one }: { readonly one: Medium }): ReactNode {
  if (one.state === 'writing') return <PlainBadge text="Writing" />
  if (one.state === 'failed') return <Badge result="fail" text="Stopped: do not use" />
  if (one.readBack === 'passed') return <Badge result="pass" text="Read back; not shown to have been out" />
  if (one.readBack === null) return <Badge result="not-checked" text="Written, not read back" />
  return <Badge result="fail" text="Does not hold what was written: do not use" />
}

/** The copies of a consignment, each with what is known of it. */
export function MediaTable({ media }: { readonly media: readonly Medium[] }): ReactNode {
  if (media.length === 0) return null
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Copies that were written">
      <table>
        <thead>
          <tr>
            <th scope="col">Copy</th>
            <th scope="col">Folder</th>
            <th scope="col">Parts</th>
            <th scope="col">State</th>
            <th scope="col">Begun</th>
            <th scope="col" className="number">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {media.map((one) => (
            <tr key={one.run}>
              <td>{one.copy}</td>
              <td>
                <code>{one.folder}</code>
              </td>
              <td>{one.parts.length}</td>
              <td>
                <State one={one} />
              </td>
              <td>{time(one.at)}</td>
              <td className="number">{size(one.parts.reduce((sum, part) => sum + part.size, 0))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
