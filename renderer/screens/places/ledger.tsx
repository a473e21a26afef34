import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { LedgerCheck } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Words } from '../../parts/digest.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useMirror } from '../../state/mirror.ts'
import { count } from '../../text/format.ts'

/** The ledger: its head, and a check of all of it. */
export function Ledger(): ReactNode {
  const ledger = useMirror((mirror) => mirror.desk?.ledger)
  const [checked, setChecked] = useState<LedgerCheck | null>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const verify = async (): Promise<void> => {
    setFailure(null)
    const answer = await call('ledger.verify', {})
    if (answer.ok) setChecked(answer.value)
    else setFailure(answer.failure)
  }
  if (ledger === undefined) return null
  const heading =
    checked === null
      ? `The ledger has ${count(ledger.size, 'event')}`
      : checked.intact
        ? `The ledger is intact: ${count(checked.size, 'event')}`
        : 'The ledger is not intact. Call the security officer'
  return (
    <Frame
      heading={heading}
      means="Every act at this desk, in order, each bound to the one before. It is never rewritten."
      next="Checking recomputes all of it and writes nothing."
      acts={
        <Act kind="primary" onPress={() => void verify()}>
          Check the whole ledger
        </Act>
      }
    >
      <FailureBox failure={failure} />
      {checked === null || checked.intact ? null : (
        <section className="card fail">
          <h2>
            {checked.bad === null
              ? 'Files differ from the ledger'
              : `Line ${checked.bad.line} is the first bad one`}
          </h2>
          <p>
            {checked.bad === null
              ? checked.differing.join(', ')
              : `Expected ${checked.bad.expected}, found ${checked.bad.found}.`}
          </p>
        </section>
      )}
      <section className="card">
        <h2>Head of the ledger</h2>
        <Words words={ledger.words} />
        <code>{ledger.root}</code>
      </section>
    </Frame>
  )
}
