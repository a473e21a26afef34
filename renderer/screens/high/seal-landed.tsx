import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView, PersonView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Access } from '../../parts/access.tsx'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { LandingPassphraseField, useLandingPassphrase } from '../../parts/landing-passphrase.tsx'
import { SealedFacts } from '../../parts/sealed-facts.tsx'
import { SigningFields, useSigning } from '../../parts/signing.tsx'
import { accessOf, noAccess, type AccessGiven } from '../../state/access.ts'
import { useLanding, type LandingShown } from '../../state/landing.ts'
import { useMirror } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { count, time } from '../../text/format.ts'
import { sealedAt, sealers, type LandingTarget } from '../../text/landing.ts'
import { rolesText } from '../../text/words.ts'

const none: readonly PersonView[] = []

/** What a seal is, for whoever sees the page for the first time. */
const means =
  'A seal is a signature beside the content. Container engines there can refuse whatever has none.'

interface Props {
  readonly consignment: ConsignmentView
  readonly target: LandingTarget
}

/** Those who accepted it, side by side: who has signed for this target, and who has not. */
function Sealers({ consignment, target }: Props): ReactNode {
  return (
    <div className="pair">
      {sealers(consignment, target.said).map(({ half, at }) => (
        <section className="card" key={half.fingerprint.hex} aria-label={half.name}>
          <h2>{half.name}</h2>
          {at === null ? (
            <Badge result="not-checked" text="Missing" />
          ) : (
            <Badge result="pass" text="Signed" />
          )}
          <p className="soft">
            {rolesText(half.roles)}
            {at === null ? '' : ` · ${time(at)}`}
          </p>
        </section>
      ))}
    </div>
  )
}

/** What the last sealing of this window came to: nothing lies there yet, or what was found there again. */
function Came({ consignment, target }: Props): ReactNode {
  const jobs = useMirror((mirror) => mirror.jobs)
  const last = jobs
    .flatMap((job) =>
      job.kind === 'seal' && job.state === 'done' && job.result !== undefined ? [job.result] : [],
    )
    .filter((one) => one.id === consignment.id && one.target === target.said)
    .at(-1)
  return (
    <div role="status">
      {last === undefined ? null : (
        <p>
          {last.missing.length > 0
            ? `Signed for ${count(last.count, 'thing')}. No seal lies there yet.`
            : `Read again as its readers look for it: ${count(last.found, 'thing')}, all there.`}
        </p>
      )}
    </div>
  )
}

function headingOf({ consignment, target }: Props, { signers }: LandingShown): string {
  if (sealedAt(consignment, target.said) !== null) return `What landed at ${target.name} is sealed`
  if (signers === 'station') return `What landed at ${target.name} is not sealed yet`
  const missing = sealers(consignment, target.said).filter(({ at }) => at === null)
  return missing.length === 0
    ? `What landed at ${target.name} is not sealed yet`
    : `What landed at ${target.name} waits for ${missing.map(({ half }) => half.name).join(' and ')}`
}

/** Why it cannot be sealed now, or what comes next. */
function nextOf(landing: LandingShown, sealed: boolean, people: readonly PersonView[]): string {
  if (landing.signers === 'station') {
    if (landing.key === null) return 'Closed: this desk has no landing key.'
    return sealed ? 'Next: files for its engines.' : 'Next: what lies there is read, sealed, and read again.'
  }
  if (people.length === 0) return 'Closed: nobody who accepted it still has the key with which they did.'
  if (sealed) return 'Next: files for its engines.'
  return 'No seal lies there before everybody who accepted it has signed.'
}

/** What can be done: the sealing, or what comes after it. */
function SealActs(
  props: Props & {
    /** What the act that seals is called; `null` where it is sealed already. */
    readonly name: string | null
    readonly ready: boolean
    readonly seal: () => void
    readonly again: () => void
  },
): ReactNode {
  const { consignment, target, name, ready, seal, again } = props
  const { id } = consignment
  const kit = (): void => go({ to: 'consignment', id, step: 'kit', target: target.said })
  return (
    <>
      <Act onPress={() => go({ to: 'consignment', id, step: 'export' })}>Export</Act>
      {name === null ? (
        <Act key="again" writes onPress={again}>
          Seal again…
        </Act>
      ) : null}
      <Act key="kit" kind={name === null ? 'primary' : 'plain'} onPress={kit}>
        Files for its engines…
      </Act>
      {name === null ? null : (
        <Act key="seal" kind="primary" writes disabled={!ready} onPress={seal}>
          {name}
        </Act>
      )}
    </>
  )
}

/** Sealing of what landed at a registry: by the landing key, or by each of those who accepted it. */
function Sealing(props: Props & { readonly landing: LandingShown }): ReactNode {
  const { consignment, target, landing } = props
  const { id } = consignment
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [given, setGiven] = useState<AccessGiven>(noAccess)
  const [again, setAgain] = useState(false)
  const byPeople = landing.signers === 'deciders'
  const sealed = sealedAt(consignment, target.said)
  const all = useMirror((mirror) => mirror.desk?.people) ?? none
  const halves = sealers(consignment, target.said)
  const open = halves.filter(({ at }) => at === null)
  // Where all have signed and nothing is sealed, something else was exported since: each may sign that.
  const may = open.length > 0 ? open : halves
  const people = all.filter((person) =>
    may.some(({ half }) => half.person === person.id && half.fingerprint.hex === person.fingerprint.hex),
  )
  const signing = useSigning(setFailure, people)
  const passphrase = useLandingPassphrase(landing, setFailure, !byPeople)
  const ready = byPeople ? signing.ready : landing.key !== null && passphrase.ready
  const seal = async (): Promise<void> => {
    const signer = byPeople ? signing.take() : null
    if (byPeople && signer === null) return
    setFailure(null)
    const started = await call('seal.start', {
      ...{ id, target: { host: target.host, prefix: target.prefix } },
      ...passphrase.take(),
      ...(signer === null ? {} : { signer }),
      ...accessOf(given),
    })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else if (byPeople) signing.tell(started.failure)
    else passphrase.tell(started.failure)
  }
  const enter = ready ? (): void => void seal() : null
  const asking = sealed === null || again
  const shut = !asking || (byPeople ? people.length === 0 : landing.key === null)
  return (
    <Frame
      heading={headingOf(props, landing)}
      means={means}
      next={nextOf(landing, !asking, people)}
      consignment={consignment}
      acts={
        <SealActs
          {...props}
          name={asking ? (byPeople ? 'Seal with my key' : 'Seal with the landing key') : null}
          ready={ready}
          seal={() => void seal()}
          again={() => setAgain(true)}
        />
      }
    >
      <FailureBox failure={failure} />
      <Came consignment={consignment} target={target} />
      {sealed === null ? null : (
        <section className="card pass" aria-label="Seal">
          <SealedFacts sealed={sealed} />
        </section>
      )}
      {byPeople ? <Sealers consignment={consignment} target={target} /> : null}
      {byPeople && !shut ? <SigningFields signing={signing} sign={enter} /> : null}
      {!byPeople && landing.key === null ? (
        <Act onPress={() => go({ to: 'place', place: 'landing' })}>Make a landing key…</Act>
      ) : null}
      {shut ? null : (
        <>
          <LandingPassphraseField given={passphrase} enter={enter} />
          <Access
            given={given}
            change={(more) => setGiven({ ...given, ...more })}
            use="Used for this sealing only. Nothing of it is kept."
            proxied={false}
            fail={setFailure}
          />
        </>
      )}
    </Frame>
  )
}

/** The page of the seals at one registry, once main has said who seals. */
export function SealLanded(props: Props): ReactNode {
  const landing = useLanding()
  return landing === null ? null : <Sealing {...props} landing={landing} />
}
