import { useState, type ReactNode } from 'react'
import type { CallOutput } from '../../../shared/contract.ts'
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
import { policyDifferences, policyRows } from '../../../shared/text/policy-rows.ts'

/** A policy file beside the one in force: what would change, then the act. */
export function PolicyPreview(props: {
  readonly preview: CallOutput<'policy.preview'> & { readonly place: string; readonly label: string }
  readonly done: () => void
}): ReactNode {
  const { preview, done } = props
  const policy = useMirror((mirror) => mirror.desk?.policy)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const officer = useOfficer(setFailure)
  if (policy === undefined) return null
  const current = policy.document.version
  const higher = preview.version > current
  const before = new Map(policyRows(policy.document))
  const rows = policyRows(preview.document)
  const differences = policyDifferences(policy.document, preview.document)
  const gone = differences.filter(({ after }) => after === null)
  const changes = differences.length
  const set = async (): Promise<void> => {
    setFailure(null)
    const answer = await call('policy.set', { place: preview.place, ...officer.take() })
    await refresh()
    if (answer.ok) done()
    else officer.tell(answer.failure)
  }
  return (
    <Frame
      heading={
        higher
          ? `${preview.label} would put version ${preview.version} in force`
          : `${preview.label} is not newer than what is in force (${current} → ${preview.version})`
      }
      means={
        changes === 0
          ? 'None of its rules differs from those in force.'
          : `${changes} of ${rows.length + gone.length} rules differ.`
      }
      next={
        higher
          ? `Next: ${officer.sealed ? 'a second security officer signs, and ' : ''}from then on every bundle is judged by it. A version that was left cannot come back.`
          : 'This policy cannot be put in force: its version must be higher.'
      }
      acts={
        <>
          <Act onPress={done}>Keep version {current}</Act>
          <Act kind="primary" disabled={!higher || !officer.ready} onPress={() => void set()}>
            {officer.sealed
              ? `Ask for version ${preview.version}`
              : `Put version ${preview.version} in force`}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
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
      {higher ? <OfficerFields officer={officer} sign={officer.ready ? () => void set() : null} /> : null}
      <Fold name="its text and digest">
        <p>
          Digest of the file <code>{preview.digest}</code>
        </p>
        <pre tabIndex={0} aria-label="Text of the policy file">
          {preview.source}
        </pre>
      </Fold>
    </Frame>
  )
}
