import { useState, type ReactNode } from 'react'
import type { CallOutput } from '../../shared/contract.ts'
import type { FailureView } from '../../shared/failure.ts'
import { call } from '../bridge.ts'
import { useHalf } from '../state/half.ts'
import { refresh } from '../state/mirror.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { Choice } from './choice.tsx'
import { FailureBox } from './failure.tsx'
import { Field } from './field.tsx'
import { SigningFields, useSigning } from './signing.tsx'
import { useOfficers } from './officer.tsx'

interface Typed {
  readonly transfer: string
  readonly sheet: string
  readonly bag: string
  readonly whole: 'yes' | 'no' | null
  readonly from: string
}

const empty: Typed = { transfer: '', sheet: '', bag: '', whole: null, from: '' }
type Came = CallOutput<'custody.arrive'>

function Result({ came }: { readonly came: Came }): ReactNode {
  return (
    <section className={`card ${came.alarm ? 'fail' : 'pass'}`} role="status" aria-label="The seal">
      <Badge
        result={came.alarm ? 'fail' : 'pass'}
        text={came.alarm ? 'A difference was recorded before' : 'As the sheet says, and whole'}
      />
      {came.alarm ? <p>Only a security officer clears it, with their key.</p> : null}
    </section>
  )
}

/** What arrived: the seal as it stands on the sheet and on the bag. A difference is recorded and refused. */
export function SealsArriving(): ReactNode {
  const [{ transfer, sheet, bag, whole, from }, change, forget] = useHalf('arrival', empty)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [came, setCame] = useState<Came | null>(null)
  const signing = useSigning(setFailure, useOfficers())
  // A difference stands until an officer signs that it is cleared.
  const clears = failure?.code === 'seal-differs' || came?.alarm === true
  const record = async (officer: boolean): Promise<void> => {
    const signer = officer ? signing.take() : null
    const answer = await call('custody.arrive', {
      ...{ transfer, sheet: sheet.trim(), bag: bag.trim(), whole: whole === 'yes' },
      ...(from === '' ? {} : { from }),
      ...(signer === null ? {} : { signer }),
    })
    setCame(answer.ok ? answer.value : null)
    if (answer.ok) setFailure(null)
    else signing.tell(answer.failure)
    if (answer.ok && !answer.value.alarm) forget()
    await refresh()
  }
  const ready = [transfer, sheet, bag].every((text) => text.trim() !== '') && whole !== null
  return (
    <section className="card" aria-labelledby="arriving">
      <h2 id="arriving">The seal</h2>
      <FailureBox failure={failure} />
      {came === null ? null : <Result came={came} />}
      <Field
        label="Transfer id, from the label"
        value={transfer}
        onChange={(text) => change({ transfer: text })}
        mono
      />
      <Field label="Seal on the sheet" value={sheet} onChange={(text) => change({ sheet: text })} mono />
      <Field label="Seal on the bag" value={bag} onChange={(text) => change({ bag: text })} mono typedOnly />
      <Choice
        label="Is it whole?"
        value={whole}
        onChange={(value) => change({ whole: value })}
        options={[
          { value: 'yes', name: 'Whole' },
          { value: 'no', name: 'Broken, or opened' },
        ]}
      />
      <Field label="From whom (may stay empty)" value={from} onChange={(text) => change({ from: text })} />
      <Act writes disabled={!ready} onPress={() => void record(false)}>
        Record the seal
      </Act>
      {clears ? (
        <>
          <SigningFields signing={signing} sign={null} />
          <Act writes disabled={!ready || !signing.ready} onPress={() => void record(true)}>
            Compared again: clear it
          </Act>
        </>
      ) : null}
    </section>
  )
}
