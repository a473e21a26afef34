import type { ReactNode } from 'react'
import type { Exception } from '../../../shared/rules/override.ts'
import type { Verdict } from '../../../shared/verdict.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { Choice } from '../../parts/choice.tsx'
import { Field } from '../../parts/field.tsx'
import { isTime, time } from '../../text/format.ts'
import { titleOf } from '../../text/checks.ts'
import { overridable } from '../../text/override.ts'

type Half = ConsignmentView['overrides'][number]

/** What was chosen and typed of an exception. */
interface What {
  /** `half N` of those that wait, or `check N` of those that are open; `null` until somebody chooses. */
  readonly which: string | null
  readonly scope: 'subject' | 'all'
  readonly until: string
}

/** Before anybody has chosen or typed. */
export const emptyWhat: What = { which: null, scope: 'subject', until: '' }

/** What is wrong with an end, in a sentence; '' while nothing is, or nothing was typed. */
export function untilError(until: string, now: string, latest: string): string {
  if (until === '') return ''
  if (!isTime(until)) return 'A day and time in UTC, as 2026-12-24T00:00:00Z.'
  if (until <= now) return 'A time that is still to come.'
  return until > latest ? `At most ${latest}.` : ''
}

/** The exception that would be signed, and whether that is its second half; `null` while nothing is chosen. */
export function chosenOf(
  { which, scope, until }: What,
  verdict: Verdict,
  halves: readonly Half[],
): { readonly exception: Exception | null; readonly second: boolean } {
  const place = Number(which?.split(' ')[1] ?? Number.NaN)
  const half = which?.startsWith('half') === true ? halves[place] : undefined
  if (half !== undefined) {
    const { check, subject, until: end } = half
    return { exception: { check, subject, until: end }, second: true }
  }
  const check = which?.startsWith('check') === true ? overridable(verdict)[place] : undefined
  if (check === undefined) return { exception: null, second: false }
  const subject = scope === 'all' ? null : check.subject
  return { exception: { check: check.id, subject, until: until.trim() }, second: false }
}

/** Which check, of what, until when: an exception that one person has signed, or a new one. */
export function WhatFields(props: {
  readonly what: What
  readonly setWhat: (what: What) => void
  readonly verdict: Verdict
  readonly halves: readonly Half[]
  readonly now: string
  /** The latest end. */
  readonly latest: string
}): ReactNode {
  const { what, setWhat, verdict, halves, now, latest } = props
  const checks = overridable(verdict)
  const { exception, second } = chosenOf(what, verdict, halves)
  const subject = chosenOf({ ...what, scope: 'subject' }, verdict, halves).exception?.subject ?? ''
  return (
    <>
      <Choice
        label="Which exception?"
        value={what.which}
        onChange={(which) => setWhat({ ...what, which })}
        options={[
          ...halves.map((half, i) => ({
            value: `half ${i}`,
            name: `The same as ${half.name}: ${titleOf(half.check)},`,
            means: `until ${time(half.until)}`,
          })),
          ...checks.map((check, i) => ({
            value: `check ${i}`,
            name: `${halves.length === 0 ? '' : 'A new one: '}${titleOf(check.id)}: ${check.subject}.`,
            means: `Expected ${check.expected}; found ${check.found}.`,
          })),
        ]}
      />
      {exception === null || second ? null : (
        <>
          <Choice
            label="For what?"
            value={what.scope}
            onChange={(scope) => setWhat({ ...what, scope })}
            options={[
              { value: 'subject', name: 'Only this:', means: subject },
              { value: 'all', name: 'Whatever this check is about,', means: 'in this consignment.' },
            ]}
          />
          <Field
            label="Until"
            value={what.until}
            onChange={(until) => setWhat({ ...what, until })}
            error={untilError(what.until.trim(), now, latest)}
            hint={`As 2026-12-24T00:00:00Z, in UTC; at most ${latest}. Then it ends by itself.`}
          />
        </>
      )}
    </>
  )
}
