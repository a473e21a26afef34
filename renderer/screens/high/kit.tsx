import { useState, type ReactNode } from 'react'
import type { CallOutput } from '../../../shared/contract.ts'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { LandingPassphraseField, useLandingPassphrase } from '../../parts/landing-passphrase.tsx'
import { Ticks } from '../../parts/ticks.tsx'
import { useLanding } from '../../state/landing.ts'
import { refresh } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'
import { go } from '../../state/view.ts'
import { count } from '../../text/format.ts'
import { engineName, engineOptions, type KitEngine, type LandingTarget } from '../../text/landing.ts'

type Made = CallOutput<'kit.make'>
type Trust = 'landing' | 'signers'

const trusts = (byPeople: boolean) =>
  [
    {
      value: 'landing',
      name: 'The seals of this landing:',
      means: `only what ${byPeople ? 'those who accepted it' : 'this desk’s landing key'} sealed is let in.`,
    },
    {
      value: 'signers',
      name: 'The original signers:',
      means: 'whatever they sign is let in, also what never crossed here.',
    },
  ] as const

/** What was made: first of all, what nobody there will check. */
function MadeKit({ made }: { readonly made: Made }): ReactNode {
  return (
    <section className="card pass" role="status">
      <header>
        <Badge result="pass" text="Made" />
        <h2>
          {count(made.files, 'file')} in {made.folder}
        </h2>
      </header>
      <p>
        <strong>Read NOT-EXPRESSED.md of each engine first:</strong> rules of the policy that it cannot hold,
        and that nobody there checks.
      </p>
      <Facts
        rows={made.notExpressed.map(({ engine, rules }) => [
          engineName(engine),
          rules === 0 ? 'holds every rule' : `cannot hold ${count(rules, 'rule')}`,
        ])}
      />
      <Fold name="how to check the files there">
        <p>
          SHA256SUMS lists every file and is signed by the landing key. Check it with the key that you have on
          paper, not with the one in the folder.
        </p>
        {made.keys.map((key) => (
          <p key={key}>
            The files trust <code>{key}</code>
          </p>
        ))}
      </Fold>
    </section>
  )
}

interface Form {
  readonly engines: readonly KitEngine[]
  readonly trust: Trust
}
const empty: Form = { engines: [], trust: 'landing' }

/** For which registry and engines, and whom they trust. */
function KitFields(props: {
  readonly targets: readonly LandingTarget[]
  readonly said: string
  readonly setSaid: (said: string) => void
  readonly form: Form
  readonly setForm: (form: Form) => void
  readonly byPeople: boolean
  /** The passphrase, where one is asked for. */
  readonly children: ReactNode
}): ReactNode {
  const { targets, said, setSaid, form, setForm, byPeople, children } = props
  return (
    <>
      {targets.length === 1 ? null : (
        <Choice
          label="For which registry?"
          value={said}
          onChange={setSaid}
          options={targets.map((one) => ({ value: one.said, name: one.name }))}
        />
      )}
      <div className="pair">
        <Ticks
          label="Which engines?"
          options={engineOptions}
          value={form.engines}
          onChange={(engines) => setForm({ ...form, engines })}
        />
        <div>
          <Choice<Trust>
            label="What do they trust?"
            value={form.trust}
            onChange={(trust) => setForm({ ...form, trust })}
            options={trusts(byPeople)}
          />
          {children}
        </div>
      </div>
    </>
  )
}

/** Files with which the engines of a far side check what landed there, made in a new folder and signed. */
export function Kit(props: {
  readonly consignment: ConsignmentView
  readonly targets: readonly LandingTarget[]
  readonly first: LandingTarget
}): ReactNode {
  const { consignment, targets, first } = props
  const { id, name } = consignment
  const landing = useLanding()
  const [said, setSaid] = useState(first.said)
  const [form, setForm] = useState(empty)
  const [made, setMade] = useState<Made | null>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const passphrase = useLandingPassphrase(landing, setFailure)
  const target = targets.find((one) => one.said === said) ?? first
  if (landing === null) return null
  const closed =
    landing.key === null ? 'Closed: the landing key signs these files, and this desk has none.' : null
  const missing = [
    ...(form.engines.length === 0 ? ['an engine'] : []),
    ...(passphrase.ready ? [] : ['the passphrase of the landing key']),
  ]
  const ready = closed === null && missing.length === 0
  const make = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'landing', intent: 'save' }, setFailure)
    if (chosen === null) return
    const where = { host: target.host, prefix: target.prefix }
    const what = { place: chosen.place, engines: [...form.engines], trust: form.trust }
    const answer = await call('kit.make', { id, target: where, ...what, ...passphrase.take() })
    await refresh()
    setMade(answer.ok ? answer.value : null)
    if (!answer.ok) passphrase.tell(answer.failure)
  }
  return (
    <Frame
      heading={`Make the files with which engines at ${target.name} check ${name}`}
      means="They say to each engine whose signatures count there, and where its images come from."
      next={
        closed ??
        (missing.length > 0
          ? `Still missing: ${missing.join(', ')}.`
          : 'Next: carry the folder to whoever installs the engines.')
      }
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'consignment', id, step: 'export' })}>Export</Act>
          <Act kind="primary" writes disabled={!ready} onPress={() => void make()}>
            Choose a new folder and make them…
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      {made === null ? null : <MadeKit made={made} />}
      {closed === null ? (
        <KitFields
          targets={targets}
          said={said}
          setSaid={setSaid}
          form={form}
          setForm={setForm}
          byPeople={landing.signers === 'deciders'}
        >
          <LandingPassphraseField given={passphrase} enter={ready ? () => void make() : null} />
        </KitFields>
      ) : (
        <Act onPress={() => go({ to: 'place', place: 'landing' })}>Make a landing key…</Act>
      )}
    </Frame>
  )
}
