import { useState, type ReactNode } from 'react'
import type { CallInput } from '../../../shared/contract.ts'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Choice } from '../../parts/choice.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useMirror } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'
import { go } from '../../state/view.ts'
import { count, size, time } from '../../text/format.ts'

type Target = CallInput<'export.start'>['target']
type Kind = Target['kind']
type Registry = Extract<Target, { kind: 'registry' }>
type Sparse = NonNullable<Registry['sparse']>
type Tags = NonNullable<Registry['tags']>

function Exports({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  return consignment.exports.map((one) => (
    <section className="card pass" key={`${one.at}-${one.target}`}>
      <header>
        <Badge result="pass" text="Exported" />
        <h2>
          <code>{one.target}</code>
        </h2>
        <span className="id">{time(one.at)}</span>
      </header>
      <p>
        {count(one.blobs, 'blob')}, {size(one.bytes)}. Each byte was hashed as it was written; these digests
        were compared with the accepted waybill:
      </p>
      <ul>
        {one.written.map((entry) => (
          <li key={`${entry.reference}-${entry.digest}`}>
            <code>{entry.reference}</code> <code>{entry.digest}</code>
          </li>
        ))}
        {one.moved.map((tag) => (
          <li key={tag.reference}>
            <Badge result="warn" text="Moved" /> <code>{tag.reference}</code> held <code>{tag.before}</code>{' '}
            before.
          </li>
        ))}
      </ul>
      {one.left.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </section>
  ))
}

/** What a person chooses for a registry. */
interface Ways {
  readonly host: string | null
  readonly prefix: string
  readonly sparse: Sparse
  readonly tags: Tags
}

function RegistryFields(props: {
  readonly ways: Ways
  readonly onChange: (ways: Ways) => void
  readonly hosts: readonly string[]
  /** Whether platforms of an index stayed behind. */
  readonly filtered: boolean
}): ReactNode {
  const { ways, onChange, hosts, filtered } = props
  return (
    <>
      <Choice
        label="Which registry?"
        value={ways.host}
        onChange={(next) => onChange({ ...ways, host: next })}
        options={hosts.map((one) => ({ value: one, name: one }))}
      />
      <Field
        label="Path in the registry (may stay empty)"
        value={ways.prefix}
        onChange={(next) => onChange({ ...ways, prefix: next })}
        hint="Put before each item’s own name."
      />
      {filtered ? (
        <Choice<Sparse>
          label="An index of which platforms stayed behind goes"
          value={ways.sparse}
          onChange={(next) => onChange({ ...ways, sparse: next })}
          options={[
            { value: 'index', name: 'As it is:', means: 'ordinary registries refuse it.' },
            {
              value: 'platforms',
              name: 'The platforms, as images of their own:',
              means: 'one takes the tag; several take it with the name of the platform behind it.',
            },
          ]}
        />
      ) : null}
      <Choice<Tags>
        label="Tags that hold something else"
        value={ways.tags}
        onChange={(next) => onChange({ ...ways, tags: next })}
        options={[
          {
            value: 'keep',
            name: 'Leave them:',
            means: 'nothing is sent, and you are told what they hold.',
          },
          {
            value: 'move',
            name: 'Move tags that hold something else:',
            means: 'what they held is put on the record.',
          },
        ]}
      />
    </>
  )
}

/** Export of accepted content: where to, and what was compared. */
export function Export({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const desk = useMirror((mirror) => mirror.desk)
  const registries = desk?.policy.document.exportRegistries ?? []
  const [kind, setKind] = useState<Kind>('dir')
  const [ways, setWays] = useState<Ways>({
    host: registries[0]?.host ?? null,
    prefix: '',
    sparse: 'index',
    tags: 'keep',
  })
  const { host } = ways
  const [failure, setFailure] = useState<FailureView | null>(null)
  const { id, exports, name } = consignment
  const begin = async (target: Target): Promise<void> => {
    const started = await call('export.start', { id, target })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else setFailure(started.failure)
  }
  const run = async (): Promise<void> => {
    setFailure(null)
    if (kind === 'registry') return host === null ? undefined : begin({ ...ways, kind, host })
    const chosen = await choose({ purpose: 'export', intent: 'save' }, setFailure)
    if (chosen !== null) await begin({ kind, place: chosen.place })
  }
  return (
    <Frame
      heading={exports.length === 0 ? `${name} is accepted and can be exported` : `${name} was exported`}
      means="The target appears whole or not at all."
      next="Next: the report. You can export to more than one place."
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'consignment', id, step: 'verdict' })}>Verdict</Act>
          {exports.length === 0 ? (
            <Act onPress={() => go({ to: 'consignment', id, step: 'report' })}>Report…</Act>
          ) : (
            <Act writes onPress={() => void run()}>
              Export again…
            </Act>
          )}
          {exports.length === 0 ? (
            <Act
              kind="primary"
              writes
              onPress={() => void run()}
              disabled={kind === 'registry' && host === null}
            >
              {kind === 'registry' ? 'Push to the registry' : 'Choose a new folder and export…'}
            </Act>
          ) : (
            <Act kind="primary" onPress={() => go({ to: 'consignment', id, step: 'report' })}>
              Report…
            </Act>
          )}
        </>
      }
    >
      <FailureBox failure={failure} />
      <Exports consignment={consignment} />
      <Choice<Kind>
        label="Where to?"
        value={kind}
        onChange={setKind}
        options={[
          { value: 'dir', name: 'A folder:', means: 'files as they are, images as one OCI layout.' },
          {
            value: 'oci-layout',
            name: 'An OCI layout:',
            means: 'everything, for tools that read OCI layouts.',
          },
          ...(registries.length === 0
            ? []
            : [{ value: 'registry' as const, name: 'A registry:', means: 'one that the policy names.' }]),
        ]}
      />
      {kind === 'registry' ? (
        <RegistryFields
          ways={ways}
          onChange={setWays}
          filtered={consignment.carried.omitted > 0}
          hosts={registries.map((one) => one.host)}
        />
      ) : null}
    </Frame>
  )
}
