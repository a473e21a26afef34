import type { ReactNode } from 'react'
import type { Looked } from '../../shared/look.ts'
import { count, size } from '../text/format.ts'
import { signersOf } from '../text/look.ts'
import { Badge } from './badge.tsx'
import { Fold } from './fold.tsx'
import { LookedItems } from './looked-items.tsx'
import { Table } from './table.tsx'
import { VerdictFacts } from './verdict-facts.tsx'

/** Lines of a list that are drawn; the command line has all. */
const drawn = 500

function Left({ all }: { readonly all: number }): ReactNode {
  return all > drawn ? <p>{count(all - drawn, 'more', 'more')}: the command line lists all.</p> : null
}

function Files({ files, filesLeftOut }: Pick<Looked, 'files' | 'filesLeftOut'>): ReactNode {
  if (files.length === 0) return null
  const all = files.length + filesLeftOut
  return (
    <Fold name={count(all, 'file')}>
      <Table label="Files" heads={['Path', { number: 'Size' }, 'Digest']}>
        {files.slice(0, drawn).map((file) => (
          <tr key={file.path}>
            <th scope="row">{file.path}</th>
            <td className="number">{size(file.size)}</td>
            <td>
              <code>{file.sha256}</code>
            </td>
          </tr>
        ))}
      </Table>
      <Left all={all} />
    </Fold>
  )
}

/** Who signed it: what the heading cuts short, to be compared and copied. */
function Signers({ by }: { readonly by: readonly string[] }): ReactNode {
  return by.length === 0 ? null : (
    <section className="card pass" aria-label="Signed by">
      {by.map((one) => (
        <p key={one}>
          <Badge result="pass" text="Signed" /> <code>{one}</code>
        </p>
      ))}
    </section>
  )
}

type Named = Looked['named'][number]

function NamedList({ named }: { readonly named: readonly Named[] }): ReactNode {
  return (
    <>
      <ul>
        {named.slice(0, drawn).map(({ reference, where }) => (
          <li key={reference}>
            <code>{reference}</code> <span className="small soft">in {where.join(', ')}</span>
          </li>
        ))}
      </ul>
      <Left all={named.length} />
    </>
  )
}

/** Missing images that are named at once; the rest is behind a control. */
const said = 10

/** Images that something in it names and that it does not bring: whoever installs it will want them. */
function Missing({ named }: { readonly named: readonly Named[] }): ReactNode {
  if (named.length === 0) return null
  const more = named.slice(said)
  return (
    <section className="card warn" aria-labelledby="not-carried">
      <header>
        <Badge result="warn" />
        <h2 id="not-carried">It names {count(named.length, 'image')} that it does not carry</h2>
      </header>
      <NamedList named={named.slice(0, said)} />
      {more.length === 0 ? null : (
        <Fold name={`${more.length} more`} of="images that it does not carry">
          <NamedList named={more} />
        </Fold>
      )}
    </section>
  )
}

/** What is in something that others packed, and what it proves: checks, the worst first; what it lacks; what it holds. */
export function LookedFacts({ looked }: { readonly looked: Looked }): ReactNode {
  const { named, digest, outcome } = looked
  const missing = <Missing named={named.filter((one) => !one.carried)} />
  const carried = named.filter((one) => one.carried)
  return (
    <>
      <Signers by={signersOf(looked)} />
      {outcome === 'passed' ? missing : null}
      <VerdictFacts verdict={looked} />
      {outcome === 'passed' ? null : missing}
      <LookedItems items={looked.items} />
      <Files files={looked.files} filesLeftOut={looked.filesLeftOut} />
      {carried.length === 0 ? null : (
        <Fold name={`${count(carried.length, 'image')} that it names and carries`}>
          <NamedList named={carried} />
        </Fold>
      )}
      {digest === null ? null : (
        <Fold name="its digest">
          <p>
            To copy: <code>{digest}</code>
          </p>
        </Fold>
      )}
    </>
  )
}
