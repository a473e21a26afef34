import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { CallOutput } from '../../../shared/contract.ts'
import type { FailureView } from '../../../shared/failure.ts'
import { packs } from '../../../shared/text/packs/packs.ts'
import { call, type Result } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { PolicyProblems } from '../../parts/policy-problems.tsx'
import { TriedOn } from '../../parts/tried-on.tsx'
import { useMirror } from '../../state/mirror.ts'
import { useTrial } from '../../state/trial.ts'

type Read = CallOutput<'policy.preview'>

/** What was written and not used yet: going back and forth keeps it. */
let written: string | null = null

/** Lets go of what was written: it is in force, or asked for. */
export function forgetWritten(): void {
  written = null
}

/** Reads the text as the desk would, shortly after each change; `null` while it is asked. */
function useReading(text: string): Result<'policy.preview'> | null {
  const [read, setRead] = useState<{ of: string; answer: Result<'policy.preview'> } | null>(null)
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      void call('policy.preview', { source: text }).then((answer) => {
        if (current) setRead({ of: text, answer })
      })
    }, 250)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])
  return read?.of === text ? read.answer : null
}

function Packs({ begin }: { readonly begin: (source: string) => void }): ReactNode {
  return (
    <Fold name="policies to begin with">
      {packs.map(({ name, about, page, source }) => (
        <section key={name} className="card" aria-label={name}>
          <p>{about}</p>
          <Act onPress={() => begin(source)}>Begin with {name}</Act>
          <Fold name="more" of={name}>
            {page.split('\n\n').map((part) => (
              <p key={part}>{part}</p>
            ))}
          </Fold>
        </section>
      ))}
    </Fold>
  )
}

/** The text of the policy in force, one version on: every policy that is set has a higher one. */
const nextOf = (source: string, version: number): string =>
  source.replace(/^version:[ \t]*\d+/m, `version: ${version + 1}`)

/** Selects a line of the text, and gives it the focus. */
function showLine(area: HTMLTextAreaElement | null | undefined, text: string, line: number): void {
  const before = text.split('\n').slice(0, line - 1)
  const start = before.reduce((length, one) => length + one.length + 1, 0)
  const end = text.indexOf('\n', start)
  area?.focus()
  area?.setSelectionRange(start, end < 0 ? text.length : end)
}

function meansOf(read: Result<'policy.preview'> | null, current: number): string {
  if (read === null) return 'It is being read.'
  if (!read.ok) return 'It cannot be read as a policy yet.'
  const { version } = read.value
  return version > current
    ? `It is a policy, version ${version}.`
    : `It is a policy, but version ${current} is in force: its version must be higher.`
}

/** A policy that is written here: what is wrong beside its line, tried on a bundle before anybody asks for it. */
export function PolicyEditor(props: {
  readonly preview: (read: Read) => void
  readonly done: () => void
}): ReactNode {
  const { preview, done } = props
  const desk = useMirror((mirror) => mirror.desk)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const policy = desk?.policy
  const [text, setText] = useState(written ?? nextOf(policy?.source ?? '', policy?.document.version ?? 0))
  const read = useReading(text)
  const trial = useTrial(setFailure)
  const area = useRef<HTMLDivElement>(null)
  if (desk === null || policy === undefined) return null
  const change = (to: string): void => {
    written = to
    setText(to)
    trial.forget()
  }
  const ready = read?.ok === true
  return (
    <Frame
      heading="Write a policy"
      means={meansOf(read, policy.document.version)}
      next="Next: see what it would change. Nothing is in force before that."
      acts={
        <>
          <Act onPress={done}>Back</Act>
          {desk.card.side === 'high' ? (
            <Act writes disabled={!ready || trial.busy} onPress={() => trial.start(text, 'bundle')}>
              Try on a bundle…
            </Act>
          ) : null}
          <Act disabled={!ready || trial.busy} onPress={() => trial.start(text, 'waybill')}>
            Try on a waybill…
          </Act>
          <Act
            kind="primary"
            disabled={!ready}
            onPress={() => (read?.ok === true ? preview(read.value) : null)}
          >
            See what changes
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <div role="status">
        {trial.busy ? <p>Trying…</p> : null}
        {read !== null && !read.ok ? (
          <PolicyProblems
            failure={read.failure}
            text={text}
            show={(line) => showLine(area.current?.querySelector('textarea'), text, line)}
          />
        ) : null}
      </div>
      {trial.tried === null ? null : <TriedOn tried={trial.tried} />}
      <Packs begin={change} />
      <div ref={area}>
        <Field label="The policy as YAML" value={text} onChange={change} rows={24} mono />
      </div>
    </Frame>
  )
}
