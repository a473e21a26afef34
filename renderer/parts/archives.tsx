import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import type { LookedInto } from '../../shared/look.ts'
import { lookedIntoSentences } from '../../shared/rules/looked-into.ts'
import type { Rendered } from '../../shared/rendered.ts'
import { renderedSentence } from '../../shared/rules/rendered.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { call } from '../bridge.ts'
import { go } from '../state/view.ts'
import { count } from '../text/format.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { FailureBox } from './failure.tsx'
import { Fold } from './fold.tsx'

/** What was found in one archive; what it holds by name and digest behind one control. */
function Archive({ looked }: { readonly looked: LookedInto }): ReactNode {
  const { reference, items, holds, open, missingCount } = looked
  const all = holds.reduce((sum, one) => sum + one.count, 0)
  return (
    <section className={missingCount > 0 ? 'card warn' : 'card'} aria-label={`In ${reference}`}>
      <header>
        {missingCount > 0 ? <Badge result="warn" /> : null}
        <h3>
          In <code>{reference}</code>
        </h3>
      </header>
      <p>{lookedIntoSentences(looked).join(' ')}</p>
      {items.length === 0 && open.length === 0 ? null : (
        <Fold name={all === 0 ? 'what is not proven' : count(all, 'item')} of={`in ${reference}`}>
          <ul>
            {items.map(({ kind, name, digest }, i) => (
              <li key={`${digest}-${i}`}>
                {kind} {name ?? '(no name)'} <code>{digest}</code>
              </li>
            ))}
            {all > items.length ? <li>{all - items.length} more are not listed here.</li> : null}
            {open.map(({ id, subject, found }, i) => (
              <li key={`${id}-${i}`}>
                <code>{id}</code> {subject}: {found}
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </section>
  )
}

/** What was put together to find the images that it uses. Nothing where nothing was. */
function Renderings({ rendered }: { readonly rendered: readonly Rendered[] }): ReactNode {
  if (rendered.length === 0) return null
  return (
    <Fold name="what was rendered" of="to find the images that it uses">
      <ul>
        {rendered.map((one) => (
          <li key={`${one.reference} ${one.given.join()}`}>{renderedSentence(one)}</li>
        ))}
      </ul>
    </Fold>
  )
}

/** What was found in archives and charts, as those who sign are told it. Nothing where there is none. */
export function Archives(props: {
  readonly of: Pick<ConsignmentView, 'archives' | 'rendered'>
  /** Whether it is told at the far side, to those who did not look themselves. */
  readonly told?: boolean
}): ReactNode {
  const { of, told = false } = props
  const { archives, rendered } = of
  if (archives.length === 0 && rendered.length === 0) return null
  return (
    <>
      {told ? <h2>What is in its archives, as its signers were told</h2> : null}
      {archives.map((looked) => (
        <Archive key={looked.reference} looked={looked} />
      ))}
      <Renderings rendered={rendered} />
    </>
  )
}

/** Files that are offered at once. */
const drawn = 20

/** A file by its name; charts of one name differ in their versions. */
const calledOf = ({ kind, name, version }: ConsignmentView['content'][number]): string =>
  kind === 'chart' && version !== null ? `${name} ${version}` : name

/** Files and packed charts of what was accepted, each with the way to look into it here. Nothing where there is none. */
export function LookIntoFiles({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [shown, setShown] = useState(drawn)
  const files = consignment.content.filter(({ kind }) => kind === 'file' || kind === 'chart')
  const charts = files.some(({ kind }) => kind === 'chart')
  const look = async (item: string): Promise<void> => {
    setFailure(null)
    const what = { consignment: consignment.id, item }
    const started = await call('look.start', { what, keys: [], roots: [], plainHttp: false })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else setFailure(started.failure)
  }
  if (files.length === 0) return null
  return (
    <section className="card" aria-labelledby="accepted-files">
      <h2 id="accepted-files">{charts ? 'Files and charts in it' : 'Files in it'}</h2>
      <FailureBox failure={failure} />
      <ul className="rows">
        {files.slice(0, shown).map((one) => (
          <li key={one.reference}>
            <code>{calledOf(one)}</code>
            <Act onPress={() => void look(one.reference)}>
              Look into it<span className="hidden"> {calledOf(one)}</span>
            </Act>
          </li>
        ))}
      </ul>
      {files.length > shown ? (
        <Act
          onPress={() => setShown(shown + drawn)}
        >{`Show more files: ${files.length - shown} are not shown`}</Act>
      ) : null}
    </section>
  )
}
