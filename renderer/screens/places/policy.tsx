import { useState, type ReactNode } from 'react'
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
import { bundles, policyGroups } from '../../../shared/text/policy-groups.ts'
import { ChangePage } from './change-page.tsx'
import { Changes } from './changes.tsx'
import { forgetWritten, PolicyEditor } from './policy-editor.tsx'
import { PolicyPreview, type Previewed } from './policy-preview.tsx'
import { RuleSets } from './rule-sets.tsx'

// No policy says it: it is so at every desk.
const roles = [
  'Roles',
  'nobody is both requester and release authority; an auditor has no other role',
] as const

/** The policy in force, and the way to another. */
export function Policy(): ReactNode {
  const policy = useMirror((mirror) => mirror.desk?.policy)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [change, setChange] = useState<ChangeView | null>(null)
  const [preview, setPreview] = useState<Previewed | null>(null)
  const [editing, setEditing] = useState(false)
  const pick = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'policy', intent: 'open' }, setFailure)
    if (chosen === null) return
    const read = await call('policy.preview', { place: chosen.place })
    const { place, label } = chosen
    if (read.ok) setPreview({ read: read.value, label, from: { place } })
    else setFailure(read.failure)
  }
  if (policy === undefined) return null
  if (change !== null) return <ChangePage change={change} done={() => setChange(null)} />
  if (preview !== null)
    return (
      <PolicyPreview
        preview={preview}
        back={() => setPreview(null)}
        done={() => {
          forgetWritten()
          setPreview(null)
          setEditing(false)
        }}
      />
    )
  if (editing)
    return (
      <PolicyEditor
        preview={(read) => setPreview({ read, label: 'What was written', from: { source: read.source } })}
        done={() => setEditing(false)}
      />
    )
  return (
    <Frame
      heading={`Policy version ${policy.document.version} is in force`}
      means="Every bundle is judged by it."
      next="Next: the other one is shown beside it."
      acts={
        <>
          <Act writes onPress={() => setEditing(true)}>
            Write another…
          </Act>
          <Act kind="primary" writes onPress={() => void pick()}>
            Look at another policy…
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <Changes open={setChange} />
      <RuleSets tell={setFailure} />
      {policyGroups(policy.document).map(({ heading, rows }) => (
        <section key={heading} className="card" aria-label={heading}>
          <h2>{heading}</h2>
          <Facts rows={heading === bundles ? [...rows, roles] : rows} />
        </section>
      ))}
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
