import { useEffect, useState, type ReactNode } from 'react'
import type { RequestProblem } from '../../../shared/calls/request.ts'
import type { FailureView } from '../../../shared/failure.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { clearDraft, setDraft, useDraft } from '../../state/draft.ts'
import { useMirror } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'
import { go } from '../../state/view.ts'
import { count } from '../../text/format.ts'
import { emptyRequest, formOf } from '../../text/request-form.ts'
import { isLocal } from '../../text/request-item.ts'
import { openPoints } from '../../text/request-problems.ts'
import { accessOf } from '../../state/access.ts'
import { usePreviewing } from '../../state/previewing.ts'
import { Access } from '../../parts/access.tsx'
import { RequestFields } from './request-fields.tsx'
import { RequestItems } from './request-items.tsx'

/** Everything that is wrong with the request as it stands; asked again shortly after each change. */
function useProblems(text: string): readonly RequestProblem[] | null {
  const [checked, setChecked] = useState<{ of: string; problems: readonly RequestProblem[] } | null>(null)
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      void call('request.check', { text }).then((answer) => {
        if (!current) return
        const failed = answer.ok ? null : answer.failure
        const problems = answer.ok
          ? answer.value.problems
          : [{ path: '', line: 1, column: 1, expected: failed?.next ?? '', found: failed?.happened ?? '' }]
        setChecked({ of: text, problems })
      })
    }, 250)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])
  // What was found in another text says nothing about this one.
  return checked?.of === text ? checked.problems : null
}

function Problems({ problems }: { readonly problems: readonly RequestProblem[] }): ReactNode {
  if (problems.length === 0) return null
  return (
    <section className="card warn" aria-labelledby="open-points">
      <h2 id="open-points">
        {count(problems.length, 'point is', 'points are')} open before this can be collected
      </h2>
      <ul>
        {openPoints(problems)
          .slice(0, 20)
          .map((point) => (
            <li key={point}>{point}</li>
          ))}
      </ul>
    </section>
  )
}

/** A request whose files lie nobody knows where, as one that begins with the text of another. */
function NoFolder({ fail }: { readonly fail: (failure: FailureView | null) => void }): ReactNode {
  const ask = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'folder', intent: 'open' }, fail)
    if (chosen !== null) setDraft({ folder: chosen })
  }
  return (
    <section className="card warn" aria-label="Folder of the request">
      <h2>The folder was not chosen yet</h2>
      <Act onPress={() => void ask()}>Choose the folder…</Act>
    </section>
  )
}

/** The text that the form is a view of. */
function AsYaml({ text, forced }: { readonly text: string; readonly forced: boolean }): ReactNode {
  return (
    <Fold name="the YAML" forced={forced}>
      <Field
        label="The same request as YAML"
        value={text}
        onChange={(value) => setDraft({ text: value })}
        rows={22}
        mono
        hint="Change either; the other follows. This text is kept with the consignment, word for word."
      />
    </Fold>
  )
}

function headingOf(problems: readonly RequestProblem[] | null, lost: boolean): string {
  if (problems === null || problems.length > 0) return 'Write down what is wanted, why and for whom'
  if (lost) return 'One thing is open: which folder the files of this request lie in'
  return 'The request is complete and can be collected'
}

/** A new request: a form and its YAML side by side; what is changed in one shows in the other. */
export function NewRequest(): ReactNode {
  const { text, folder, ...given } = useDraft()
  const people = useMirror((mirror) => mirror.desk)?.people ?? []
  const [failure, setFailure] = useState<FailureView | null>(null)
  const problems = useProblems(text)
  const form = formOf(text)
  const access = accessOf(given)
  const wrong = problems === null || problems.some(({ path }) => path.startsWith('items'))
  const previewing = usePreviewing(wrong ? null : form, text, folder?.place ?? null, access)
  const open = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'request', intent: 'open' }, setFailure)
    if (chosen === null) return
    const opened = await call('request.open', { place: chosen.place })
    if (!opened.ok) setFailure(opened.failure)
    else
      setDraft({ text: opened.value.text, folder: { place: opened.value.folder, label: opened.value.label } })
  }
  const collect = async (): Promise<void> => {
    setFailure(null)
    await previewing.stop()
    const request = { text, folder: folder?.place ?? null }
    const started = await call('collect.start', { request, patient: true, ...access })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else setFailure(started.failure)
  }
  const lost = folder === null && form !== null && form.items.some(isLocal)
  const closed = problems === null || problems.length > 0 || form === null || lost
  return (
    <Frame
      heading={headingOf(problems, lost)}
      next={
        closed
          ? 'Collecting is closed until nothing is open.'
          : 'Next: everything is fetched by digest, with what speaks for it.'
      }
      acts={
        <>
          <Act onPress={() => go({ to: 'start' })}>All consignments</Act>
          <Act onPress={() => void open()}>Open a request file…</Act>
          <Act onPress={clearDraft} disabled={text === emptyRequest}>
            Clear
          </Act>
          <Act kind="primary" onPress={() => void collect()} disabled={closed}>
            Collect
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      {lost ? <NoFolder fail={setFailure} /> : null}
      <div className="beside">
        <div>
          {form === null ? (
            <section className="card not-checked">
              <h2>The YAML cannot be read as a request just now</h2>
              <p>The form comes back as soon as the text is mended. Nothing was lost.</p>
            </section>
          ) : (
            <>
              <RequestFields form={form} people={people} problems={problems} fail={setFailure} />
              <RequestItems
                items={form.items}
                problems={problems}
                fail={setFailure}
                previewing={previewing}
              />
              <Access
                given={given}
                change={setDraft}
                use="Used for this collect only. Nothing of it is kept or written into the request."
                fail={setFailure}
              />
            </>
          )}
        </div>
        <div>
          <div role="status">{problems === null ? null : <Problems problems={problems} />}</div>
          <AsYaml text={text} forced={form === null} />
        </div>
      </div>
    </Frame>
  )
}
