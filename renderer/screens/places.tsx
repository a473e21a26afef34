import { useState, type ReactNode } from 'react'
import type { LedgerCheck } from '../../shared/views.ts'
import type { FailureView } from '../../shared/failure.ts'
import { call } from '../bridge.ts'
import { Act } from '../parts/act.tsx'
import { Badge } from '../parts/badge.tsx'
import { FullFingerprint, Words } from '../parts/digest.tsx'
import { Facts } from '../parts/facts.tsx'
import { FailureBox } from '../parts/failure.tsx'
import { Frame } from '../parts/frame.tsx'
import { useMirror } from '../state/mirror.ts'
import { count } from '../text/format.ts'
import { rolesText } from '../text/words.ts'

const byCommand = 'Changes are made on the command line for now.'

/** Who works at this desk. */
export function People(): ReactNode {
  const people = useMirror((mirror) => mirror.desk)?.people ?? []
  return (
    <Frame
      heading={
        people.length === 0
          ? 'Nobody works at this desk yet'
          : `${count(people.length, 'person', 'people')} ${people.length === 1 ? 'works' : 'work'} at this desk`
      }
      means="A person is known by a key: each act is signed with it."
      next={byCommand}
    >
      {people.length === 0 ? (
        <p>
          Add somebody with <code>sallyport person add</code>. Deciding takes two people, one of them a
          transfer agent.
        </p>
      ) : null}
      {people.map((person) => (
        <section className="card" key={person.id}>
          <header>
            <h2>
              {person.name} ({person.id})
            </h2>
            <span className="id">{person.algorithm}</span>
          </header>
          <p>{rolesText(person.roles)}</p>
          <FullFingerprint value={person.fingerprint} />
        </section>
      ))}
    </Frame>
  )
}

/** Whose signatures count here. */
export function Trust(): ReactNode {
  const trust = useMirror((mirror) => mirror.desk)?.trust ?? []
  const station = useMirror((mirror) => mirror.desk?.station)
  return (
    <Frame
      heading={
        trust.length === 0
          ? 'This desk trusts nobody yet'
          : `This desk trusts ${count(trust.length, 'signer')}`
      }
      means="A signature counts only from these keys, in these roles, for these senders and channels."
      next={byCommand}
    >
      {trust.map((signer) => (
        <section className="card" key={signer.fingerprint.hex}>
          <header>
            <h2>{signer.name}</h2>
            <span className="id">{signer.algorithm}</span>
          </header>
          <Facts
            rows={[
              ['Roles', signer.roles.join(', ')],
              [
                'Senders',
                signer.senders === null ? (
                  <Badge key="any" result="warn" text="any sender" />
                ) : (
                  <code>{signer.senders.join(', ')}</code>
                ),
              ],
              [
                'Channels',
                signer.channels === null ? (
                  <Badge key="any" result="warn" text="any channel" />
                ) : (
                  signer.channels.join(', ')
                ),
              ],
            ]}
          />
          <FullFingerprint value={signer.fingerprint} />
        </section>
      ))}
      {station === undefined ? null : (
        <section className="card">
          <h2>The key of this station</h2>
          <p className="soft">It says “this installation wrote this”. It never counts as a person.</p>
          <FullFingerprint value={station} />
        </section>
      )}
    </Frame>
  )
}

/** The policy in force. */
export function Policy(): ReactNode {
  const policy = useMirror((mirror) => mirror.desk?.policy)
  if (policy === undefined) return null
  const { version, signers, lifetime, exportRegistries } = policy.document
  return (
    <Frame
      heading={`Policy version ${version} is in force`}
      means="Rules that this desk applies to every bundle. A new version must be higher."
      next={byCommand}
    >
      <section className="card">
        <Facts
          rows={[
            [
              'Signatures',
              `${signers.prepare} × prepare, ${signers.release} × release, ${signers.witness} × witness, by different people with different keys`,
            ],
            ['Lifetime', `a waybill expires after at most ${count(lifetime, 'day')}`],
            [
              'Export registries',
              exportRegistries.length === 0
                ? 'none: this desk opens no connection at all'
                : exportRegistries.map((one) => one.host).join(', '),
            ],
            ['Digest', <code key="digest">{policy.digest}</code>],
          ]}
        />
      </section>
      <pre tabIndex={0} aria-label="Text of the policy">
        {policy.source}
      </pre>
    </Frame>
  )
}

/** The ledger: its head, and a check of all of it. */
export function Ledger(): ReactNode {
  const ledger = useMirror((mirror) => mirror.desk?.ledger)
  const [checked, setChecked] = useState<LedgerCheck | null>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const verify = async (): Promise<void> => {
    setFailure(null)
    const answer = await call('ledger.verify', {})
    if (answer.ok) setChecked(answer.value)
    else setFailure(answer.failure)
  }
  if (ledger === undefined) return null
  const heading =
    checked === null
      ? `The ledger has ${count(ledger.size, 'event')}`
      : checked.intact
        ? `The ledger is intact: ${count(checked.size, 'event')}`
        : 'The ledger is not intact. Call the security officer'
  return (
    <Frame
      heading={heading}
      means="Every act at this desk, in order, each bound to the one before. It is never rewritten."
      next="Checking recomputes all of it and writes nothing."
      acts={
        <Act kind="primary" onPress={() => void verify()}>
          Check the whole ledger
        </Act>
      }
    >
      <FailureBox failure={failure} />
      {checked === null || checked.intact ? null : (
        <section className="card fail">
          <h2>
            {checked.bad === null
              ? 'Files differ from the ledger'
              : `Line ${checked.bad.line} is the first bad one`}
          </h2>
          <p>
            {checked.bad === null
              ? checked.differing.join(', ')
              : `Expected ${checked.bad.expected}, found ${checked.bad.found}.`}
          </p>
        </section>
      )}
      <section className="card">
        <h2>Head of the ledger</h2>
        <Words words={ledger.words} />
        <code>{ledger.root}</code>
      </section>
    </Frame>
  )
}
