import { useState, type ReactNode } from 'react'
import type { ItemComponents } from '../../shared/components.ts'
import type { FailureView } from '../../shared/failure.ts'
import { answerWords, changeWords, doubtWords } from '../../shared/text/components.ts'
import type { CheckResult } from '../../shared/verdict.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { call } from '../bridge.ts'
import { useInside } from '../state/components.ts'
import { useSaving } from '../state/saving.ts'
import { count, time } from '../text/format.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { DeskId } from './desk-id.tsx'
import { FailureBox } from './failure.tsx'
import { Fold } from './fold.tsx'
import { SavedFiles } from './saved.tsx'
import { Table } from './table.tsx'

/** Packages, and items, that are drawn at once. */
const drawn = 50

const answers: Readonly<Record<ItemComponents['answer'], readonly [CheckResult, string]>> = {
  new: ['warn', 'New'],
  identical: ['pass', 'Same'],
  same: ['pass', 'Same'],
  differs: ['warn', 'Differs'],
  'not-known': ['not-checked', 'Not known'],
}
const answerNames: Readonly<Record<ItemComponents['answer'], string>> = {
  'not-known': 'not known',
  differs: 'differ',
  new: 'new',
  same: 'with the same packages',
  identical: 'the very same',
}

const worst: readonly ItemComponents['answer'][] = ['not-known', 'differs', 'new', 'same', 'identical']

const said = (found: readonly string[]): string => (found.length === 0 ? '–' : found.join(', '))

function Changes({ item }: { readonly item: ItemComponents }): ReactNode {
  const [shown, setShown] = useState(drawn)
  const { name, changes, left } = item
  if (changes.length === 0) return null
  return (
    <>
      <Table label={`What changed inside ${name}`} heads={['What', 'Package', 'Before', 'Now']}>
        {changes.slice(0, shown).map(({ kind, purl, before, now }, i) => (
          <tr key={i}>
            <td>{changeWords[kind]}</td>
            <th scope="row">
              <code>{purl}</code>
            </th>
            <td>{said(before)}</td>
            <td>{said(now)}</td>
          </tr>
        ))}
      </Table>
      {changes.length > shown ? (
        <Act
          onPress={() => setShown(shown + drawn)}
        >{`Show more: ${changes.length - shown} are not shown`}</Act>
      ) : null}
      {left > 0 ? <p>{count(left, 'change')} more are counted and not listed.</p> : null}
    </>
  )
}

/** By whom each document is: nothing of what is said here stands on more than that. */
function Documents({ item }: { readonly item: ItemComponents }): ReactNode {
  const { name, documents, against, destinations } = item
  return (
    <Fold name="by which documents" of={name}>
      {against === null ? null : (
        <p>
          Compared with number {against.sequence ?? '–'} of {time(against.at)}: <code>{against.waybill}</code>
        </p>
      )}
      {destinations.map((id) => (
        <p key={id}>
          For <DeskId id={id} />
        </p>
      ))}
      <ul>
        {documents.map(({ side, blob, format, by, compared }, i) => (
          <li key={i}>
            {side === 'now' ? 'Now' : 'Before'}: {format ?? 'not read'}, signed by {by ?? 'nobody known'}
            {compared ? '' : ', not compared'}: <code>{blob}</code>
          </li>
        ))}
      </ul>
    </Fold>
  )
}

function Item({ item }: { readonly item: ItemComponents }): ReactNode {
  const [result, text] = answers[item.answer]
  return (
    <section className={`card ${result}`} aria-label={`Inside ${item.name}`}>
      <header>
        <Badge result={result} text={text} />
        {item.doubts.length === 0 || item.answer === 'not-known' ? null : (
          <Badge result="not-checked" text={`${item.doubts.length} not known`} />
        )}
        <h3>{item.name}</h3>
        <span className="id">{item.kind}</span>
      </header>
      <p>{answerWords(item)}</p>
      {item.doubts.length === 0 ? null : (
        <ul>
          {item.doubts.map((doubt) => (
            <li key={`${doubt.side}-${doubt.code}`}>{doubtWords(doubt)}</li>
          ))}
        </ul>
      )}
      <Changes item={item} />
      <Documents item={item} />
    </section>
  )
}

function Compared({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, name } = consignment
  const inside = useInside(id, `${consignment.waybill ?? ''} ${consignment.state}`)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [shown, setShown] = useState(drawn)
  const saving = useSaving(setFailure)
  const save = (): void =>
    saving.save({ purpose: 'report', intent: 'save', format: 'csv', name: `${name} inside` }, (place) =>
      call('components.save', { id, place }),
    )
  if (inside === null) return <p role="status">Comparing…</p>
  if (inside.items === null) return <FailureBox failure={inside.failure} />
  const items = [...inside.items].sort((a, b) => worst.indexOf(a.answer) - worst.indexOf(b.answer))
  const open = items.filter(({ answer, doubts }) => answer === 'differs' && doubts.length > 0).length
  const found = worst.map((answer) => [answer, items.filter((one) => one.answer === answer).length] as const)
  return (
    <>
      <FailureBox failure={failure} />
      <SavedFiles saved={saving.saved} />
      <ul className="badges" aria-label="Counts of what changed inside">
        {found.map(([answer, number]) =>
          number === 0 ? null : (
            <li key={answer}>
              <Badge result={answers[answer][0]} text={`${number} ${answerNames[answer]}`} />
            </li>
          ),
        )}
        {open === 0 ? null : (
          <li>
            <Badge result="not-checked" text={`${open} not compared whole`} />
          </li>
        )}
      </ul>
      <p className="small soft">
        By documents that somebody known signed. What they leave out, nobody compared.
      </p>
      {items.slice(0, shown).map((item, i) => (
        <Item key={i} item={item} />
      ))}
      <div className="acts">
        {items.length > shown ? (
          <Act onPress={() => setShown(shown + drawn)}>{`Show more items: ${items.length - shown}`}</Act>
        ) : null}
        <Act onPress={save} disabled={saving.busy}>
          Save as table (CSV)…
        </Act>
      </div>
    </>
  )
}

/** What changed inside each item since the last one of its name, behind one control. */
export function InsideItems({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  if (consignment.waybill === null) return null
  return (
    <section className="card" aria-label="What changed inside">
      <Fold name="changes inside">
        <Compared consignment={consignment} />
      </Fold>
    </section>
  )
}
