import { useState, type ReactNode } from 'react'
import { currentHalves, decisionObstacle, isAgent } from '../../../shared/rules/decision.ts'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView, DecisionOutcome, PersonView } from '../../../shared/views.ts'
import { peopleWords } from '../../../shared/text/people.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Frame } from '../../parts/frame.tsx'
import { SigningFields, useSigning, type Signing } from '../../parts/signing.tsx'
import { Ticks } from '../../parts/ticks.tsx'
import { Waybill } from '../../parts/waybill.tsx'
import { refresh, useMirror, useNow } from '../../state/mirror.ts'
import { go, useView } from '../../state/view.ts'
import { acceptClosed } from '../../text/accept.ts'
import { kindsWords, personTitles, whoSigns } from '../../text/deciding.ts'
import { time } from '../../text/format.ts'
import { attentionOf, headingOf, meaningOf } from '../../text/verdict.ts'
import { rolesText } from '../../text/words.ts'

const deed: Readonly<
  Record<DecisionOutcome, { readonly verb: string; readonly past: string; readonly consequence: string }>
> = {
  accept: {
    verb: 'Accept',
    past: 'Accepted',
    consequence: 'Once enough people have signed it can be exported. A signature cannot be taken back.',
  },
  reject: {
    verb: 'Reject',
    past: 'Rejected',
    consequence: 'Once two people have signed it can never be exported. A signature cannot be taken back.',
  },
  hold: {
    verb: 'Hold',
    past: 'Held',
    consequence: 'Nothing is let in. It can be decided again later.',
  },
}

const none: readonly PersonView[] = []

type Half = ConsignmentView['decisions'][number]

function HalfCard({ title, half }: { readonly title: string; readonly half: Half | undefined }): ReactNode {
  return (
    <section className="card" aria-label={title}>
      <h2>{half === undefined ? `${title} · nobody yet` : `${title} · ${half.name}`}</h2>
      {half === undefined ? (
        <Badge result="not-checked" text="Missing" />
      ) : (
        <>
          <Badge result="pass" text={`Signed: ${deed[half.outcome].verb.toLowerCase()}`} />
          <p className="soft">
            {rolesText(half.roles)} · {time(half.at)}
          </p>
          {half.reason === null ? null : <p>“{half.reason}”</p>}
          {half.causes.map((cause) => (
            <p key={cause} className="small soft">
              Names as a cause: <code>{cause}</code>
            </p>
          ))}
        </>
      )}
    </section>
  )
}

/** Somebody signed another outcome: said loudly, because the two do not add up. */
function Otherwise({
  half,
  needed,
}: {
  readonly half: Half | undefined
  readonly needed: number
}): ReactNode {
  if (half === undefined) return null
  return (
    <section className="card warn">
      <h2>
        {half.name} signed to {deed[half.outcome].verb.toLowerCase()}
      </h2>
      <p>
        A decision stands only when {peopleWords(needed)} sign the same. That signature does not count for
        this one.
      </p>
    </section>
  )
}

/** Reasons that were typed and not used yet, by consignment: going back and forth keeps them. */
const typed = new Map<string, string>()

function meansOf({ verdict, held }: ConsignmentView): string | undefined {
  if (verdict === null) return undefined
  return held !== null && verdict.outcome === 'passed'
    ? 'Its bytes were proven, but the order does not let it pass now.'
    : `${headingOf(verdict)}. ${meaningOf(verdict)} ${attentionOf(verdict)}`
}

// By the rule that the act follows: whoever signed already is not offered again.
function maySign(
  halves: ConsignmentView['decisions'],
  { id, name, roles, fingerprint }: PersonView,
): boolean {
  const signed = halves.map((half) => ({ ...half, fingerprint: half.fingerprint.hex }))
  return decisionObstacle(signed, { person: id, name, roles, fingerprint: fingerprint.hex }) === null
}

function Deciders({
  signing,
  sign,
}: {
  readonly signing: Signing
  readonly sign: (() => void) | null
}): ReactNode {
  if (signing.people.length > 0) return <SigningFields signing={signing} sign={sign} />
  return (
    <section className="card not-checked">
      <h2>Nobody at this desk may decide yet</h2>
      <p>Add a transfer agent and a witness, under People.</p>
    </section>
  )
}

/** The reason, and whose key: above everything that was read on the page before. */
function SignHere(props: {
  readonly needsReason: boolean
  readonly reason: string
  readonly type: (text: string) => void
  /** `null` where nobody can sign this now. */
  readonly signing: Signing | null
  readonly sign: (() => void) | null
  readonly children: ReactNode
}): ReactNode {
  const { needsReason, reason, type, signing, sign, children } = props
  return (
    <section className="card" aria-labelledby="sign-here">
      <h2 id="sign-here">Sign here</h2>
      <Field
        label={needsReason ? 'Reason' : 'Reason (may stay empty)'}
        value={reason}
        onChange={type}
        hint="It stands in the report."
      />
      {signing === null ? null : <Deciders signing={signing} sign={sign} />}
      {children}
    </section>
  )
}

function Causes(props: {
  readonly consignment: ConsignmentView
  readonly causes: readonly string[]
  readonly choose: (causes: readonly string[]) => void
}): ReactNode {
  const items = new Map(props.consignment.content.map((item) => [item.root.digest as string, item.name]))
  if (items.size === 0) return null
  return (
    <Ticks
      label="Is some of it the cause? Where both people name it, every bundle with it fails from now on (may stay empty)"
      options={[...items].map(([value, name]) => ({ value, name, means: value }))}
      value={props.causes}
      onChange={props.choose}
    />
  )
}

const askFor = (reason: boolean, consequence: string): string =>
  `To sign: who you are, your key, its passphrase${reason ? ', the reason' : ''}. ${consequence}`

/** People decide: their halves side by side, each signed with their own key. */
export function Decide({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const outcome = useView((view) => view.outcome)
  const { id, decisions } = consignment
  const [failure, setFailure] = useState<FailureView | null>(null)
  const all = useMirror((mirror) => mirror.desk?.people) ?? none
  const signing = useSigning(
    setFailure,
    all.filter((person) => maySign(decisions, person)),
  )
  const [reason, setReason] = useState(typed.get(id) ?? '')
  const [causes, setCauses] = useState<readonly string[]>([])
  const { verb, consequence } = deed[outcome]
  const needed = consignment.needed[outcome]
  const halves = [...currentHalves(decisions)].sort(
    (a, b) => Number(isAgent(b.roles)) - Number(isAgent(a.roles)),
  )
  const other = halves.find((half) => half.outcome !== outcome)
  const needsReason = outcome !== 'accept'
  const rejects = outcome === 'reject'
  const now = useNow()
  const closed = outcome === 'accept' ? acceptClosed(consignment, now) : null
  const ready = closed === null && signing.ready && (!needsReason || reason !== '')
  const type = (text: string): void => {
    typed.set(id, text)
    setReason(text)
  }
  const sign = async (): Promise<void> => {
    const who = signing.take()
    if (who === null) return
    setFailure(null)
    const why = outcome === 'accept' && reason === '' ? {} : { reason }
    const said = { ...why, causes: rejects ? [...causes] : [] }
    const answer = await call('decision.sign', { id, outcome, ...who, ...said })
    await refresh()
    if (!answer.ok) {
      signing.tell(answer.failure)
      return
    }
    signing.clear()
    typed.delete(id)
    setReason('')
    setCauses([])
    if (answer.value.outcome === null) return
    go({ to: 'consignment', id, step: outcome === 'accept' ? 'export' : 'verdict' })
  }
  return (
    <Frame
      heading={
        closed === null
          ? `${verb} this consignment: ${whoSigns(consignment, outcome)}`
          : 'This consignment cannot be accepted now'
      }
      means={meansOf(consignment)}
      next={ready ? consequence : (closed ?? askFor(needsReason, consequence))}
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'consignment', id, step: 'verdict' })}>Back to the verdict</Act>
          <Act
            kind={outcome === 'reject' ? 'danger' : 'primary'}
            disabled={!ready}
            onPress={() => void sign()}
          >
            {verb} with my key
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <Otherwise half={other} needed={needed} />
      <SignHere
        needsReason={needsReason}
        reason={reason}
        type={type}
        signing={closed === null ? signing : null}
        sign={ready && !rejects ? () => void sign() : null}
      >
        {rejects ? <Causes consignment={consignment} causes={causes} choose={setCauses} /> : null}
      </SignHere>
      <div className="pair">
        {personTitles(Math.max(needed, halves.length)).map((title, i) => (
          <HalfCard key={title} title={title} half={halves[i]} />
        ))}
      </div>
      <p className="small soft">{kindsWords(needed)}</p>
      <Waybill consignment={consignment} />
    </Frame>
  )
}
