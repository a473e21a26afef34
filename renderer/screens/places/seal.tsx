import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useOfficers } from '../../parts/officer.tsx'
import { SigningFields, useSigning } from '../../parts/signing.tsx'
import { refresh, useMirror } from '../../state/mirror.ts'

/** Sealing a desk: two officers sign, one after the other, each with their own key. */
export function Seal({ done }: { readonly done: () => void }): ReactNode {
  const officers = useOfficers()
  const first = useMirror((mirror) =>
    mirror.desk?.changes.find((one) => one.kind === 'desk.seal' && one.state === 'pending'),
  )
  const [failure, setFailure] = useState<FailureView | null>(null)
  const signing = useSigning(setFailure, officers)
  const enough = officers.length >= 2
  const sign = async (): Promise<void> => {
    const who = signing.take()
    if (who === null) return
    setFailure(null)
    const answer = await call('desk.seal', who)
    await refresh()
    if (!answer.ok) signing.tell(answer.failure)
    else if (answer.value.sealed) done()
    else signing.clear()
  }
  return (
    <Frame
      heading={
        !enough
          ? 'This desk cannot be sealed yet: it needs two security officers'
          : first === undefined
            ? 'Seal this desk: two security officers sign'
            : `Seal this desk: ${first.proposed.name} has signed, one more officer signs`
      }
      means="From then on two security officers make every change of people, trust and policy, each with their own key."
      next={
        enough
          ? 'This cannot be taken back.'
          : 'Add people with the role security officer first, each with a key of their own.'
      }
      acts={
        <>
          <Act onPress={done}>Back to people</Act>
          <Act kind="primary" disabled={!enough || !signing.ready} onPress={() => void sign()}>
            Sign the seal with my key
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <section className="card">
        <h2>What is sealed</h2>
        <p>The keys of {officers.map((one) => `${one.name} (${one.id})`).join(', ') || 'nobody yet'}.</p>
        {officers.length === 2 ? (
          <p>
            With two officers a lost officer’s key can never be replaced: that takes two others. Have a third.
          </p>
        ) : null}
      </section>
      {enough ? <SigningFields signing={signing} sign={() => void sign()} /> : null}
    </Frame>
  )
}
