import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { isFreeText } from '../../../shared/names.ts'
import { mayDecide } from '../../../shared/rules/decision.ts'
import { latestExpiry } from '../../../shared/rules/expiry.ts'
import type { Verdict } from '../../../shared/verdict.ts'
import type { ConsignmentView, PersonView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Frame } from '../../parts/frame.tsx'
import { SigningFields, useSigning, type Signing } from '../../parts/signing.tsx'
import { refresh, useMirror, useNow } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { completes, maySign, waiting } from '../../text/override.ts'
import { Barred, Halves } from './override-facts.tsx'
import { WhatFields, chosenOf, emptyWhat, untilError } from './override-what.tsx'

const none: readonly PersonView[] = []

/** Two people make an exception from one check of a consignment, each with their own key. */
export function Override(props: {
  readonly consignment: ConsignmentView
  readonly verdict: Verdict
}): ReactNode {
  const { consignment, verdict } = props
  const { id, overrides } = consignment
  const people = useMirror((mirror) => mirror.desk?.people) ?? none
  const lifetime = useMirror((mirror) => mirror.desk?.policy.document.lifetime) ?? 0
  const busy = useMirror((mirror) => mirror.jobs.some((one) => one.state === 'running'))
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [what, setWhat] = useState(emptyWhat)
  const [reason, setReason] = useState('')
  const now = useNow()
  const latest = latestExpiry(now, lifetime)
  const halves = waiting(overrides, verdict, now)
  const { exception, second } = chosenOf(what, verdict, halves)
  const able = people.filter((person) => {
    if (exception === null || !mayDecide(person.roles)) return false
    return second ? completes(overrides, exception, person) : maySign(overrides, exception, person)
  })
  const signing = useSigning(setFailure, able)
  const missing = [
    ...(exception === null ? ['which check'] : []),
    ...(exception !== null && (exception.until === '' || untilError(exception.until, now, latest) !== '')
      ? ['the end']
      : []),
    ...(isFreeText(reason) ? [] : ['the reason']),
    ...(signing.ready ? [] : ['who signs, with their key']),
  ]
  const back = (): void => go({ to: 'consignment', id, step: 'verdict' })
  const sign = async (): Promise<void> => {
    const who = signing.take()
    if (who === null || exception === null) return
    setFailure(null)
    const { check, subject, until } = exception
    const about = subject === null ? {} : { subject }
    const answer = await call('override.sign', { id, check, ...about, until, reason, ...who })
    await refresh()
    if (!answer.ok) {
      signing.tell(answer.failure)
      return
    }
    signing.clear()
    setReason('')
    setWhat(emptyWhat)
    if (answer.value.stands) back()
  }
  return (
    <Frame
      heading={`Make an exception from a check: ${halves.length === 0 ? 'two people sign' : 'one more person signs'}`}
      means="For this consignment alone; it counts as overridden, never passed."
      next={
        busy
          ? 'Work is under way at this desk. This waits until it has ended.'
          : missing.length > 0
            ? `Still missing: ${missing.join(', ')}.`
            : second
              ? 'From then on it stands. Earlier halves of a decision are void.'
              : 'Next: a second person signs the same.'
      }
      consignment={consignment}
      acts={
        <>
          <Act onPress={back}>Back to the verdict</Act>
          <Act kind="primary" writes disabled={busy || missing.length > 0} onPress={() => void sign()}>
            {second ? 'Sign the second half with my key' : 'Sign the first half with my key'}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <Halves verdict={verdict} overrides={overrides} />
      <WhatFields what={what} setWhat={setWhat} verdict={verdict} halves={halves} now={now} latest={latest} />
      <Field
        label="Reason"
        value={reason}
        onChange={setReason}
        error={reason === '' || isFreeText(reason) ? '' : 'Visible text of at most 500 characters.'}
        hint="It stands beside the check."
      />
      <Signers
        asked={exception !== null && !busy}
        signing={signing}
        sign={missing.length === 0 ? () => void sign() : null}
      />
      <Barred verdict={verdict} />
    </Frame>
  )
}

function Signers(props: {
  /** Whether it is known yet what is to be signed. */
  readonly asked: boolean
  readonly signing: Signing
  readonly sign: (() => void) | null
}): ReactNode {
  const { asked, signing, sign } = props
  if (!asked) return null
  return (
    <>
      <p className="soft">
        One of the two is a transfer agent, the other a witness, release authority or security officer.
      </p>
      {signing.people.length === 0 ? (
        <p className="field-error">Nobody at this desk can sign this half. Add them under People.</p>
      ) : (
        <SigningFields signing={signing} sign={sign} />
      )}
    </>
  )
}
