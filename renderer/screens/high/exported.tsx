import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../../shared/views.ts'
import { landedLine, landedOf, type Landed } from '../../../shared/rules/landed.ts'
import { sealLine } from '../../../shared/text/landing.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { SealedFacts } from '../../parts/sealed-facts.tsx'
import { go } from '../../state/view.ts'
import { count, size, time } from '../../text/format.ts'
import { landingTarget, sealedAt, sealers } from '../../text/landing.ts'

type Export = ConsignmentView['exports'][number]

/** What was asked for, what crossed, and what lies there; each thing that does not in a sentence. */
function Counted({ landed }: { readonly landed: Landed }): ReactNode {
  return (
    <>
      <p>{landedLine(landed)}</p>
      {landed.missing.length === 0 ? null : (
        <ul>
          {landed.missing.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </>
  )
}

/** Whether what landed at a registry is sealed, by whom, and who is still to sign. */
function Sealed({
  consignment,
  one,
}: {
  readonly consignment: ConsignmentView
  readonly one: Export
}): ReactNode {
  const sealed = sealedAt(consignment, one.target)
  if (sealed !== null) return <SealedFacts sealed={sealed} />
  const all = sealers(consignment, one.target)
  const signed = all.filter(({ at }) => at !== null)
  // What is next says it already.
  const half = one.seals === 'by-deciders' && signed.length > 0
  return (
    <>
      {half || one.seals === undefined || one.seals === 'made' ? null : (
        <p>
          <Badge result="warn" text="Not sealed" />{' '}
          {sealLine(one.seals, one.target).replace(/^Not sealed(: | )/, '')}
        </p>
      )}
      {!half ? null : (
        <p>
          <Badge result="warn" text="Not sealed" /> Signed by {signed.map(({ half }) => half.name).join(', ')}
          ; still to sign:{' '}
          {all
            .filter(({ at }) => at === null)
            .map(({ half }) => half.name)
            .join(', ')}
          .
        </p>
      )}
    </>
  )
}

/** What an export left beside the content, and what can be made of it. */
function Landing(props: {
  readonly consignment: ConsignmentView
  readonly one: Export
  /** Whether it is the last to its target: only there anything can be done. */
  readonly last: boolean
}): ReactNode {
  const { consignment, one, last } = props
  const { id } = consignment
  const target = landingTarget(one.target)
  const { found, seals } = one
  const sealed = sealedAt(consignment, one.target) !== null
  if (target === null) return seals === undefined ? null : <p>{sealLine(seals, one.target)}</p>
  return (
    <>
      {found === undefined ? null : (
        <p>Read again as its readers look for it: {count(found, 'thing')}, all there.</p>
      )}
      {last ? (
        <>
          <Sealed consignment={consignment} one={one} />
          <div className="acts">
            <Act
              spoken={`${sealed ? 'Seals' : 'Seal it'} at ${target.name}…`}
              onPress={() => go({ to: 'consignment', id, step: 'seal', target: one.target })}
            >
              {sealed ? 'Seals…' : 'Seal it…'}
            </Act>
            <Act
              spoken={`Files for its engines at ${target.name}…`}
              onPress={() => go({ to: 'consignment', id, step: 'kit', target: one.target })}
            >
              Files for its engines…
            </Act>
          </div>
        </>
      ) : null}
    </>
  )
}

function Written({ one }: { readonly one: Export }): ReactNode {
  return (
    <ul>
      {one.written.map((entry) => (
        <li key={`${entry.reference}-${entry.digest}`}>
          <code>{entry.reference}</code> <code>{entry.digest}</code>
        </li>
      ))}
      {one.moved.map((tag) => (
        <li key={tag.reference}>
          <Badge result="warn" text="Moved" /> <code>{tag.reference}</code> held <code>{tag.before}</code>{' '}
          before.
        </li>
      ))}
      {one.warned.map((sentence) => (
        <li key={sentence}>
          <Badge result="warn" text="Warning" /> {sentence}
        </li>
      ))}
    </ul>
  )
}

/** Every export, the newest first: what lies there, as it was compared; of a registry, what was found again and who sealed it. */
export function Exports({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { exports, content } = consignment
  return [...exports].reverse().map((one) => (
    <section className="card pass" key={`${one.at}-${one.target}`}>
      <header>
        <Badge result="pass" text="Exported" />
        <h2>
          <code>{one.target}</code>
        </h2>
        <span className="id">{time(one.at)}</span>
      </header>
      <p>
        {count(one.blobs, 'blob')}, {size(one.bytes)}. Every byte was hashed as written. Compared with the
        accepted waybill:
      </p>
      <Written one={one} />
      {one.left.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Counted landed={landedOf(content, one.written)} />
      <Landing
        consignment={consignment}
        one={one}
        last={exports.filter(({ target }) => target === one.target).at(-1) === one}
      />
    </section>
  ))
}
