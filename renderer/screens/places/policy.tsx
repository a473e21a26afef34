import type { ReactNode } from 'react'
import { Facts } from '../../parts/facts.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useMirror } from '../../state/mirror.ts'
import { count } from '../../text/format.ts'

const byCommand = 'Changes are made on the command line for now.'

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
