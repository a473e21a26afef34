import type { ReactNode } from 'react'
import type { Check } from '../../shared/verdict.ts'
import { titleOf } from '../text/checks.ts'
import { Badge } from './badge.tsx'
import { Fold } from './fold.tsx'
import { Table } from './table.tsx'

/** Checks that passed, a row each; where the same was found as was expected, it is said once. */
export function CheckTable({ checks }: { readonly checks: readonly Check[] }): ReactNode {
  return (
    <>
      <Table label="Checks that passed" kind="checks" heads={['State', 'Check', 'Of', 'Expected, and found']}>
        {checks.map(({ id, result, subject, expected, found }, i) => (
          <tr key={`${id}-${subject}-${i}`}>
            <td>
              <Badge result={result} />
            </td>
            <th scope="row">{titleOf(id)}</th>
            <td>{subject}</td>
            <td>
              <code>{expected}</code>
              {found === 'as expected' || found === expected ? null : (
                <>
                  ; found <code>{found}</code>
                </>
              )}
            </td>
          </tr>
        ))}
      </Table>
      <Fold name="these checks in raw form">
        <pre tabIndex={0}>{JSON.stringify(checks, null, 2)}</pre>
      </Fold>
    </>
  )
}
