import { useState, type ReactNode } from 'react'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import type { Policy } from '../../../shared/policy.ts'
import type { FailureView } from '../../../shared/failure.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Badge, PlainBadge } from '../../parts/badge.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { OfficerFields, useOfficer } from '../../parts/officer.tsx'
import { Table } from '../../parts/table.tsx'
import { refresh, useMirror } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'
import { policyDifferences, policyRows } from '../../../shared/text/policy-rows.ts'

/** A policy, and where it is from: a file, or what was written here. */
export interface Previewed {
  readonly read: CallOutput<'policy.preview'>
  readonly label: string
  readonly from: CallInput<'policy.preview'>
}

interface Sets {
  readonly places: string[]
  readonly labels: readonly string[]
  add(): Promise<void>
}

/** The files of rule sets that are given with a policy. */
function useSets(tell: (failure: FailureView | null) => void): Sets {
  const [sets, setSets] = useState<readonly { readonly place: string; readonly label: string }[]>([])
  return {
    places: sets.map(({ place }) => place),
    labels: sets.map(({ label }) => label),
    add: async () => {
      const chosen = await choose({ purpose: 'rule-set', intent: 'open' }, tell)
      if (chosen !== null) setSets([...sets.filter(({ label }) => label !== chosen.label), chosen])
    },
  }
}

/** Every rule, now and then: what is new, what differs, what goes. */
function Rules({ before: was, now }: { readonly before: Policy; readonly now: Policy }): ReactNode {
  const before = new Map(policyRows(was))
  const rows = policyRows(now)
  const gone = policyDifferences(was, now).filter(({ after }) => after === null)
  return (
    <Table label="Rules, now and then" heads={['Rule', 'In force', 'Would be', 'Change']}>
      {rows.map(([name, text]) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td>{before.get(name) ?? 'nothing'}</td>
          <td>{before.get(name) === text ? '' : text}</td>
          <td>
            {before.get(name) === text ? (
              <PlainBadge text="Same" />
            ) : (
              <Badge result="warn" text={before.has(name) ? 'Differs' : 'New'} />
            )}
          </td>
        </tr>
      ))}
      {gone.map(({ rule, before: text }) => (
        <tr key={rule}>
          <th scope="row">{rule}</th>
          <td>{text}</td>
          <td>nothing</td>
          <td>
            <Badge result="warn" text="Gone" />
          </td>
        </tr>
      ))}
    </Table>
  )
}

/** A policy beside the one in force: what would change, then the act. */
export function PolicyPreview(props: {
  readonly preview: Previewed
  readonly done: () => void
  /** Where somebody goes who does not put it in force. */
  readonly back?: () => void
}): ReactNode {
  const { done, back = done } = props
  const { read: preview, label, from } = props.preview
  const policy = useMirror((mirror) => mirror.desk?.policy)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const officer = useOfficer(setFailure)
  const sets = useSets(setFailure)
  if (policy === undefined) return null
  const current = policy.document.version
  const higher = preview.version > current
  const differences = policyDifferences(policy.document, preview.document)
  const gone = differences.filter(({ after }) => after === null).length
  const rules = policyRows(preview.document).length + gone
  const changes = differences.length
  const set = async (): Promise<void> => {
    setFailure(null)
    const answer = await call('policy.set', { ...from, rego: sets.places, ...officer.take() })
    await refresh()
    if (answer.ok) done()
    else officer.tell(answer.failure)
  }
  return (
    <Frame
      heading={
        higher
          ? `${label} would put version ${preview.version} in force`
          : `${label} is not newer than what is in force (${current} → ${preview.version})`
      }
      means={
        changes === 0
          ? 'None of its rules differs from those in force.'
          : `${changes} of ${rules} rules differ.`
      }
      next={
        higher
          ? `Next: ${officer.sealed ? 'a second security officer signs, and ' : ''}from then on every bundle is judged by it. A version that was left cannot come back.`
          : 'This policy cannot be put in force: its version must be higher.'
      }
      acts={
        <>
          <Act onPress={back}>Keep version {current}</Act>
          {preview.document.rego.length === 0 ? null : (
            <Act onPress={() => void sets.add()}>Add the file of a rule set…</Act>
          )}
          <Act kind="primary" disabled={!higher || !officer.ready} onPress={() => void set()}>
            {officer.sealed
              ? `Ask for version ${preview.version}`
              : `Put version ${preview.version} in force`}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      {sets.labels.length === 0 ? null : <p>Files of rule sets: {sets.labels.join(', ')}.</p>}
      <Rules before={policy.document} now={preview.document} />
      {higher ? <OfficerFields officer={officer} sign={officer.ready ? () => void set() : null} /> : null}
      <Fold name="its text and digest">
        <p>
          Digest <code>{preview.digest}</code>
        </p>
        <pre tabIndex={0} aria-label="Text of the other policy">
          {preview.source}
        </pre>
      </Fold>
    </Frame>
  )
}
