import { useState, type ReactNode } from 'react'
import type { CallOutput } from '../../../shared/contract.ts'
import type { ChangeView } from '../../../shared/changes.ts'
import type { FailureView } from '../../../shared/failure.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useMirror } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'
import { policyRows } from '../../../shared/text/policy-rows.ts'
import { ChangePage } from './change-page.tsx'
import { Changes } from './changes.tsx'
import { PolicyPreview } from './policy-preview.tsx'

type Preview = CallOutput<'policy.preview'> & { readonly place: string; readonly label: string }

/** The policy in force, and the way to another. */
export function Policy(): ReactNode {
  const policy = useMirror((mirror) => mirror.desk?.policy)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [change, setChange] = useState<ChangeView | null>(null)
  const [preview, setPreview] = useState<Preview | null>(null)
  const pick = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'policy', intent: 'open' }, setFailure)
    if (chosen === null) return
    const read = await call('policy.preview', { place: chosen.place })
    if (read.ok) setPreview({ ...read.value, ...chosen })
    else setFailure(read.failure)
  }
  if (policy === undefined) return null
  if (change !== null) return <ChangePage change={change} done={() => setChange(null)} />
  if (preview !== null) return <PolicyPreview preview={preview} done={() => setPreview(null)} />
  return (
    <Frame
      heading={`Policy version ${policy.document.version} is in force`}
      means="Every bundle is judged by it."
      next="Next: the other one is shown beside it."
      acts={
        <Act kind="primary" writes onPress={() => void pick()}>
          Look at another policy…
        </Act>
      }
    >
      <FailureBox failure={failure} />
      <Changes open={setChange} />
      <section className="card">
        <Facts
          rows={[
            ...policyRows(policy.document),
            ['Roles', 'nobody is both requester and release authority; an auditor has no other role'],
          ]}
        />
      </section>
      <Fold name="its text and digest">
        <p>
          Digest <code>{policy.digest}</code>
        </p>
        <pre tabIndex={0} aria-label="Text of the policy">
          {policy.source}
        </pre>
      </Fold>
    </Frame>
  )
}
