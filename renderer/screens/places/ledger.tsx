import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { LedgerCheck } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Words } from '../../parts/digest.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useMirror } from '../../state/mirror.ts'
import { amount, count } from '../../text/format.ts'
import { LedgerEvents } from './ledger-events.tsx'

function Damage({ checked }: { readonly checked: LedgerCheck }): ReactNode {
  const { bad, differing } = checked
  return (
    <section className="card fail" aria-label="What is wrong with the ledger">
      <header>
        <Badge result="fail" text="Not intact" />
        <h2>
          {bad === null
            ? 'Files of this desk differ from its ledger'
            : `Line ${bad.line} is the first bad one`}
        </h2>
      </header>
      {bad === null ? (
        <p>{differing.join(', ')}</p>
      ) : (
        <Facts
          rows={[
            ['Expected', <code key="expected">{bad.expected}</code>],
            ['Found', <code key="found">{bad.found}</code>],
          ]}
        />
      )}
      <p>
        {bad === null
          ? 'They are copies for other tools. Opening the desk again makes them anew and records that.'
          : 'Nothing that this desk says about lines from there on can be relied on. Close this desk, keep its folder as it is, and compare the head with what the other side last saw.'}
      </p>
    </section>
  )
}

function Head({
  size,
  root,
  words,
}: {
  readonly size: number
  readonly root: string
  readonly words: readonly string[]
}): ReactNode {
  return (
    <section className="card">
      <h2>Head of the ledger after event {amount(size)}</h2>
      <Words words={words} />
      <Fold name="what it is for, and its digits">
        <p className="small soft">
          Whoever has written these words down can tell later whether anything before was changed or cut. To
          copy: <code>{root}</code>
        </p>
      </Fold>
    </section>
  )
}

type Checking = LedgerCheck | 'working' | null

function headingOf(size: number, checked: Checking): string {
  if (checked === 'working') return 'The whole ledger is being recomputed'
  if (checked === null) return `The ledger has ${count(size, 'event')}`
  return checked.intact
    ? `The ledger is intact: all ${count(checked.size, 'event')} were recomputed`
    : 'The ledger is not intact. Call the security officer'
}

/** The ledger: its events to read, its head, and a check of all of it. */
export function Ledger(): ReactNode {
  const ledger = useMirror((mirror) => mirror.desk?.ledger)
  const [checked, setChecked] = useState<Checking>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const verify = async (): Promise<void> => {
    setFailure(null)
    setChecked('working')
    const answer = await call('ledger.verify', {})
    setChecked(answer.ok ? answer.value : null)
    if (!answer.ok) setFailure(answer.failure)
  }
  if (ledger === undefined) return null
  const done = checked === 'working' ? null : checked
  return (
    <Frame
      heading={headingOf(ledger.size, checked)}
      means="Every act at this desk, each bound to the one before."
      reading
      next={
        checked === 'working'
          ? 'Reading the file and recomputing each line. Nothing is written.'
          : 'Checking recomputes each line from the file.'
      }
      acts={
        <Act kind="primary" onPress={() => void verify()} disabled={checked === 'working'}>
          Check the whole ledger
        </Act>
      }
    >
      <FailureBox failure={failure} />
      {done === null || done.intact ? null : <Damage checked={done} />}
      <LedgerEvents size={ledger.size} />
      <Head {...ledger} />
    </Frame>
  )
}
