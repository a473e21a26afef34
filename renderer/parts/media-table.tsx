import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { driveLine, outWords } from '../../shared/text/drives.ts'
import { mediumName } from '../../shared/text/medium-name.ts'
import { size } from '../text/format.ts'
import { Badge, PlainBadge } from './badge.tsx'
import { Fold } from './fold.tsx'
import { Table } from './table.tsx'

type Medium = ConsignmentView['media'][number]

function State({ one }: { readonly one: Medium }): ReactNode {
  if (one.state === 'writing') return <PlainBadge text="Writing" />
  if (one.state === 'failed') return <Badge result="fail" text="Stopped: do not use" />
  if (one.readBack === 'passed')
    return <Badge result="pass" text={`Read back; ${outWords[one.out ?? 'not-shown']}`} />
  if (one.readBack === null) return <Badge result="not-checked" text="Written, not read back" />
  return <Badge result="fail" text="Does not hold what was written: do not use" />
}

/** The copies of a consignment, each with what is known of it; `folded` where what counts stands beside it already. */
export function MediaTable(props: {
  readonly media: readonly Medium[]
  readonly folded?: boolean
}): ReactNode {
  const { media, folded = false } = props
  if (media.length === 0) return null
  const table = (
    <Table
      label="Copies that were written"
      heads={['Medium', 'Drive', 'Folder', 'Parts', 'State', { number: 'Size' }]}
    >
      {media.map((one) => (
        <tr key={one.run}>
          <td>{mediumName(one)}</td>
          <td>{driveLine(one.drive) ?? 'not known'}</td>
          <td>
            <code>{one.folder}</code>
          </td>
          <td>{one.parts.length}</td>
          <td>
            <State one={one} />
          </td>
          <td className="number">{size(one.parts.reduce((sum, part) => sum + part.size, 0))}</td>
        </tr>
      ))}
    </Table>
  )
  return folded ? <Fold name="every copy">{table}</Fold> : table
}
