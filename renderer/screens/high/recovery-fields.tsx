import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../../shared/views.ts'
import { Choice } from '../../parts/choice.tsx'
import { Field } from '../../parts/field.tsx'
import { digestError, epochError, numberOf, type RecoveryForm } from '../../text/recovery.ts'

/** What the statement would do to the very bundle that is looked at; nothing where it lets it go on. */
function Against(props: { readonly form: RecoveryForm; readonly consignment: ConsignmentView }): ReactNode {
  const { form, consignment } = props
  const { waybill, sequence } = consignment
  if (waybill === null || form.accepted === null) return null
  const last = form.accepted === 'one' ? numberOf(form.sequence) : null
  const same = form.accepted === 'one' && form.digest.trim() === waybill
  const rejected = form.rejected.includes(waybill)
  if (!same && !rejected && (last === null || sequence === null || last < sequence)) return null
  return (
    <p className="card warn" role="status">
      {same || rejected
        ? 'This is the bundle that lies here. It then counts as decided before, and is refused as a replay.'
        : `The bundle that lies here has number ${sequence ?? 0}. It is then refused, as not newer than the last accepted one.`}
    </p>
  )
}

/** How far a stream had come whose memory was lost: from paper, by two officers. */
export function RecoveryFields(props: {
  readonly form: RecoveryForm
  readonly setForm: (form: RecoveryForm) => void
  readonly consignment: ConsignmentView
  /** The epoch in force here. */
  readonly epoch: number
}): ReactNode {
  const { form, setForm, consignment, epoch } = props
  const set = (change: Partial<RecoveryForm>): void => setForm({ ...form, ...change })
  return (
    <section className="card" aria-labelledby="recovery">
      <h2 id="recovery">How far the stream had come</h2>
      <p className="soft">
        From a label, a custody sheet, a report or a receipt. Both officers sign exactly this. What nobody can
        state any more stays unknown, and the record shows that it was not stated.
      </p>
      <Field
        label="Epoch in force"
        value={form.epoch}
        onChange={(text) => set({ epoch: text })}
        error={epochError(form.epoch, epoch, epoch)}
        hint={`The stretch of numbers that the sender counts in; each begins at number 1. Here it is ${epoch}, and it never falls.`}
      />
      <Choice
        label="What was accepted last"
        value={form.accepted}
        onChange={(accepted) => set({ accepted })}
        options={[
          { value: 'one', name: 'A bundle:', means: 'its number and digest are on paper.' },
          { value: 'none', name: 'Nothing:', means: 'no bundle of this stream was accepted in this epoch.' },
        ]}
      />
      {form.accepted === 'one' ? (
        <>
          <Field
            label="Number of the last accepted bundle"
            value={form.sequence}
            onChange={(sequence) => set({ sequence })}
            error={form.sequence === '' || numberOf(form.sequence) !== null ? '' : 'A number from 1.'}
          />
          <Field
            label="Digest of its waybill"
            value={form.digest}
            onChange={(digest) => set({ digest })}
            error={digestError(form.digest)}
            mono
            hint="sha256: and 64 hex digits."
          />
        </>
      ) : null}
      <Field
        label="Digests of waybills that were rejected (may stay empty)"
        value={form.rejected}
        onChange={(rejected) => set({ rejected })}
        error={digestError(form.rejected)}
        rows={2}
        mono
        hint="One a line. They are never accepted again, and what follows on them is no gap."
      />
      <Against form={form} consignment={consignment} />
    </section>
  )
}
