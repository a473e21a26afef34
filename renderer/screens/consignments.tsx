import type { ReactNode } from 'react'
import { Act } from '../parts/act.tsx'
import { FailureBox } from '../parts/failure.tsx'
import { Frame } from '../parts/frame.tsx'
import { Needs } from '../parts/needs.tsx'
import { many, useMirror } from '../state/mirror.ts'
import { go } from '../state/view.ts'
import { count } from '../text/format.ts'
import { openStates } from '../text/words.ts'
import { ConsignmentTable } from './consignment-table.tsx'
import { RefusedMedia } from './high/refused.tsx'
import { PutBack } from './put-back.tsx'

function headingOf(side: 'low' | 'high', all: number, waiting: number, held: number): string {
  if (all === 0) return side === 'high' ? 'Nothing has arrived yet' : 'Nothing was collected yet'
  const known = `${count(all, 'consignment')} known`
  if (side === 'high') {
    const holding = held === 0 ? '' : held === 1 ? ', one is held' : `, ${held} are held`
    const open = waiting - held
    if (open === 0) return `Nothing waits for a decision${holding}; ${known}`
    return `${count(open, 'consignment')} ${open === 1 ? 'waits' : 'wait'} for a decision${holding}`
  }
  return waiting === 0 ? `Nothing is under way; ${known}` : `${count(waiting, 'consignment')} under way`
}

const words = {
  high: {
    means: 'Everything that arrived at this desk, the newest first.',
    next: 'Next: put in a medium and receive what is on it.',
    empty: 'When a medium comes, receive it here. Nothing on it is opened before its signatures pass.',
  },
  low: {
    means: 'Everything that was asked for at this desk, the newest first.',
    next: 'Next: write down what is wanted, why and for whom.',
    empty:
      'A request says what is wanted, why and for whom. It is collected here, signed by two people, and written to media.',
  },
} as const

/** The list of consignments. */
export function Consignments(): ReactNode {
  const { desk, counts, failure } = useMirror()
  if (desk === null) return null
  if (desk.putBack !== null) return <PutBack desk={desk} putBack={desk.putBack} />
  const { side } = desk.card
  const all = many(counts)
  const waiting = many(counts, openStates[side])
  const { means, next, empty } = words[side]
  return (
    <Frame
      heading={headingOf(side, all, waiting, many(counts, ['held']))}
      means={means}
      next={next}
      acts={
        side === 'high' ? (
          <Act kind="primary" onPress={() => go({ to: 'receive' })}>
            Receive a medium…
          </Act>
        ) : (
          <>
            <Act onPress={() => go({ to: 'look' })}>Look into a file…</Act>
            <Act kind="primary" onPress={() => go({ to: 'request' })}>
              New request…
            </Act>
          </>
        )
      }
    >
      <FailureBox failure={failure} />
      {desk.warnings.map((text) => (
        <p key={text} className="card warn">
          {text}
        </p>
      ))}
      {desk.recovered.length > 0 ? (
        <section className="card warn">
          <h2>Opening this desk finished or discarded what was under way</h2>
          <ul>
            {desk.recovered.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      ) : null}
      <Needs desk={desk} />
      {side === 'high' ? <RefusedMedia /> : null}
      {all > 0 ? <ConsignmentTable counts={counts} side={side} /> : <p>{empty}</p>}
    </Frame>
  )
}
