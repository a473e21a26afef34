import { useState, type ReactNode } from 'react'
import type { CallOutput } from '../../../shared/contract.ts'
import type { FailureView } from '../../../shared/failure.ts'
import { secondMediaRoles } from '../../../shared/rules/media.ts'
import type { PersonView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { SigningFields, useSigning } from '../../parts/signing.tsx'
import { refresh, useMirror } from '../../state/mirror.ts'

export type Waiting = CallOutput<'media.list'>['waiting'][number]
const none: readonly PersonView[] = []

/** The second person's half of an act on the register. */
export function SignMedium({
  waiting,
  done,
}: {
  readonly waiting: Waiting
  readonly done: () => void
}): ReactNode {
  const { number, by, sentence } = waiting
  const [failure, setFailure] = useState<FailureView | null>(null)
  const people = useMirror((mirror) => mirror.desk?.people) ?? none
  const may = people.filter(
    ({ name, roles }) => name !== by && roles.some((role) => secondMediaRoles.some((one) => one === role)),
  )
  const signing = useSigning(setFailure, may)
  const sign = async (): Promise<void> => {
    const signer = signing.take()
    if (signer === null) return
    const answer = await call('media.sign', { number, ...signer })
    await refresh()
    if (answer.ok) done()
    else signing.tell(answer.failure)
  }
  return (
    <Frame
      heading={`${sentence}: sign it as the second person`}
      means={`${by} signed it. With your key it stands.`}
      next={
        signing.ready
          ? 'It cannot be taken back.'
          : 'Still missing: who you are, your key and its passphrase.'
      }
      acts={
        <>
          <Act onPress={done}>Back to the register</Act>
          <Act kind="primary" writes disabled={!signing.ready} onPress={() => void sign()}>
            Sign it
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <SigningFields signing={signing} sign={signing.ready ? () => void sign() : null} />
    </Frame>
  )
}
