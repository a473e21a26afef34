import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Frame } from '../../parts/frame.tsx'
import { OfficerFields, useOfficer } from '../../parts/officer.tsx'
import { refresh } from '../../state/mirror.ts'

/** What is to be revoked: a key or a root, by its fingerprint. */
export interface Revocable {
  readonly name: string
  readonly fingerprint: string
  /** What revoking it does, where it is not the key of a signer or a root. */
  readonly means?: string
}

const ofSigners =
  'Everything signed with it and not accepted yet is refused from then on, whatever date it states. What was accepted before is flagged.'

/** Revoking a key or a root for good: what that does, then the act. */
export function Revoke({ what, done }: { readonly what: Revocable; readonly done: () => void }): ReactNode {
  const [reason, setReason] = useState('')
  const [failure, setFailure] = useState<FailureView | null>(null)
  const officer = useOfficer(setFailure)
  const revoke = async (): Promise<void> => {
    setFailure(null)
    const { fingerprint } = what
    const answer = await call('trust.revoke', { fingerprint, reason, ...officer.take() })
    await refresh()
    if (answer.ok) done()
    else officer.tell(answer.failure)
  }
  return (
    <Frame
      heading={`Revoke ${what.name} for good?`}
      means={what.means ?? ofSigners}
      next={
        officer.sealed
          ? 'Next: the change waits for a second security officer. A key that was revoked never comes back.'
          : 'This cannot be taken back: a key that was revoked never counts again.'
      }
      acts={
        <>
          <Act onPress={done}>Back</Act>
          <Act kind="danger" disabled={reason.trim() === '' || !officer.ready} onPress={() => void revoke()}>
            {officer.sealed ? 'Ask for the revocation' : 'Revoke it for good'}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <p>
        <code>{what.fingerprint}</code>
      </p>
      <Field
        label="Reason"
        value={reason}
        onChange={setReason}
        hint="One sentence. It stands in the record and beside everything that is flagged."
      />
      <OfficerFields officer={officer} sign={null} />
    </Frame>
  )
}
