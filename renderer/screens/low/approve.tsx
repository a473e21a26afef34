import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { AskView, ConsignmentView, PersonView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Archives } from '../../parts/archives.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Choice } from '../../parts/choice.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { InsideItems } from '../../parts/inside.tsx'
import { firstWords } from '../../parts/digest.tsx'
import { SigningFields, useSigning, type Signing } from '../../parts/signing.tsx'
import { Waybill } from '../../parts/waybill.tsx'
import { refresh, useMirror } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { count, time } from '../../text/format.ts'
import { signingWords } from '../../text/words.ts'

const closedStates = new Set(['dropped', 'closed'])

function Signed({ one }: { readonly one: ConsignmentView['signatures'][number] }): ReactNode {
  return (
    <section className="card" aria-label={`${signingWords[one.role].name}, ${one.name}`}>
      <h2>
        {signingWords[one.role].name} · {one.name}
      </h2>
      <p>
        <Badge result="pass" text="Signed" /> <span className="small">{time(one.at)}</span>
      </p>
      <Fold name="more" of={`${signingWords[one.role].name}, ${one.name}`}>
        <p>“{one.sentence}”</p>
        <p className="small soft">Key {firstWords(one.fingerprint)}</p>
      </Fold>
    </section>
  )
}

function Missing({
  ask,
  people,
}: {
  readonly ask: AskView
  readonly people: readonly PersonView[]
}): ReactNode {
  const nameOf = (id: string): string => people.find((person) => person.id === id)?.name ?? id
  const { name, who } = signingWords[ask.role]
  return (
    <section className="card" aria-label={`${name}, missing`}>
      <h2>{name} · nobody yet</h2>
      <p>
        <Badge result="not-checked" text="Missing" />
      </p>
      <p className="soft">
        {ask.may.length === 0
          ? `Nobody at this desk can sign it now: it must be ${who}.`
          : `Possible: ${ask.may.map(nameOf).join(', ')}.`}
      </p>
      <Fold name="more" of={name}>
        <p>
          Must be {who}.{ask.mayNot.map(({ person, why }) => ` Not ${nameOf(person)}, who ${why}.`)}
        </p>
        <p>Attests: “{ask.sentence}”</p>
      </Fold>
    </section>
  )
}

function headingOf({ missing, state }: ConsignmentView): string {
  if (closedStates.has(state)) return 'This waybill is not used any more'
  const [first] = missing
  if (first === undefined) return 'Every signature that the policy asks for is there'
  const one = signingWords[first].who
  return missing.length === 1
    ? `One signature is missing: ${one}`
    : `${count(missing.length, 'signature')} are missing, the next by ${one}`
}

interface SignHereProps {
  readonly asks: readonly AskView[]
  readonly ask: AskView
  readonly choose: (role: AskView['role']) => void
  readonly signing: Signing
  readonly sign: () => void
}

/** Which signature, what it attests, and with whose key. */
function SignHere({ asks, ask, choose, signing, sign }: SignHereProps): ReactNode {
  const kinds = [...new Map(asks.map((one) => [one.role, one])).keys()]
  const { who } = signingWords[ask.role]
  return (
    <section className="card" aria-labelledby="sign-here">
      <h2 id="sign-here">Sign here</h2>
      {kinds.length > 1 ? (
        <Choice
          label="Which signature?"
          value={ask.role}
          onChange={choose}
          options={kinds.map((role) => ({
            value: role,
            name: `${signingWords[role].name}:`,
            means: `by ${signingWords[role].who}`,
          }))}
        />
      ) : null}
      <p>You attest: “{ask.sentence}”</p>
      {signing.people.length === 0 ? (
        <p className="field-error">
          Nobody at this desk can give this signature. Add {who} under People, then make the waybill anew.
        </p>
      ) : (
        <SigningFields signing={signing} sign={sign} />
      )}
    </section>
  )
}

/** People sign the waybill: the same digest in words and digits, both signatures side by side. */
export function Approve({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, signatures, asks, missing, stale, state } = consignment
  const people = useMirror((mirror) => mirror.desk)?.people ?? []
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [chosen, setChosen] = useState<AskView['role'] | null>(null)
  const ask = asks.find((one) => one.role === chosen) ?? asks[0]
  const may = people.filter((person) => ask?.may.includes(person.id) === true)
  const signing = useSigning(setFailure, may)
  const ended = closedStates.has(state)
  const open = missing.length > 0 && !ended && stale === null
  const choose = (role: AskView['role'] | null): void => {
    setChosen(role)
    signing.clear()
  }
  const sign = async (): Promise<void> => {
    const who = signing.take()
    if (who === null || ask === undefined) return
    setFailure(null)
    const answer = await call('approval.sign', { id, role: ask.role, ...who })
    await refresh()
    if (answer.ok) choose(null)
    else signing.tell(answer.failure)
  }
  const makeAnew = async (): Promise<void> => {
    setFailure(null)
    const started = await call('waybill.make', { id })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else setFailure(started.failure)
  }
  const primary = open
    ? {
        name: `Sign as ${ask === undefined ? '…' : signingWords[ask.role].signer}`,
        closed: !signing.ready,
        act: () => void sign(),
      }
    : stale === null
      ? {
          name: 'Go on to write',
          closed: missing.length > 0 || ended,
          act: () => go({ to: 'consignment', id, step: 'write' }),
        }
      : { name: 'Make the waybill anew', closed: false, act: () => void makeAnew() }
  return (
    <Frame
      heading={headingOf(consignment)}
      means="Everybody signs the same waybill; any change voids all signatures."
      next={
        open
          ? signing.ready
            ? 'Next: you sign with your key.'
            : 'To sign: who you are, your key, its passphrase.'
          : (stale ?? 'Next: write the first medium.')
      }
      consignment={consignment}
      acts={
        <>
          <Act writes onPress={() => go({ to: 'consignment', id, step: 'giveup' })}>
            Give it up…
          </Act>
          <Act onPress={() => go({ to: 'consignment', id, step: 'authenticity' })}>Authenticity</Act>
          <Act kind="primary" writes disabled={primary.closed} onPress={primary.act}>
            {primary.name}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      {stale === null ? null : (
        <section className="card warn">
          <h2>This waybill has to be made anew</h2>
          <p>{stale} Nothing is fetched again; earlier signatures do not carry over.</p>
        </section>
      )}
      {open && ask !== undefined ? (
        <SignHere asks={asks} ask={ask} choose={choose} signing={signing} sign={() => void sign()} />
      ) : null}
      <Waybill consignment={consignment} folded={missing.length === 0} />
      <InsideItems consignment={consignment} />
      <Archives of={consignment} />
      <div className="pair">
        {signatures.map((one) => (
          <Signed key={`${one.role}-${one.person}`} one={one} />
        ))}
        {asks.map((one, i) => (
          <Missing key={`${one.role}-${i}`} ask={one} people={people} />
        ))}
      </div>
    </Frame>
  )
}
