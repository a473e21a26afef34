import type { ReactNode } from 'react'
import type { CallInput } from '../../../shared/contract.ts'
import type { Item } from '../../../shared/waybill.ts'
import { Choice } from '../../parts/choice.tsx'
import { Field } from '../../parts/field.tsx'
import { Fold } from '../../parts/fold.tsx'

export type Target = CallInput<'export.start'>['target']
type Kind = Target['kind']
type Registry = Extract<Target, { kind: 'registry' }>
type Sparse = NonNullable<Registry['sparse']>
type Tags = NonNullable<Registry['tags']>
type Form = Extract<Target, { kind: 'medium' }>['form']

/** What a person chooses of where it goes, of every kind of target. */
export interface Ways {
  readonly kind: Kind
  /** Of a docker archive. */
  readonly platform: string | null
  /** Of a registry, with all that follows. */
  readonly host: string | null
  readonly prefix: string
  readonly sparse: Sparse
  readonly tags: Tags
  /** Of a medium. */
  readonly form: Form
}

/** Which target is ready to be asked for; `null` while something of it is not chosen yet. */
export function targetOf(ways: Ways, place: string, platforms: readonly string[]): Target | null {
  const { kind, platform, host, prefix, sparse, tags, form } = ways
  if (kind === 'medium') return { kind, place, form }
  if (kind === 'registry') return host === null ? null : { kind, host, prefix, sparse, tags }
  if (kind !== 'docker-archive' || platforms.length === 0) return { kind, place }
  return platform === null ? null : { kind, place, platform }
}

/** Whether a kind of target is one file. */
export const isArchive = (kind: Kind): boolean => kind === 'oci-archive' || kind === 'docker-archive'

/** The platforms to choose one from for a docker archive; none where no image carries several. */
export function platformsOf(content: readonly Item[]): string[] {
  const images = content.filter(({ kind }) => kind === 'image')
  if (images.every(({ platforms }) => platforms.length < 2)) return []
  return [...new Set(images.flatMap(({ platforms }) => platforms))].sort()
}

function RegistryFields(props: {
  readonly ways: Ways
  readonly onChange: (ways: Ways) => void
  readonly hosts: readonly string[]
  /** Whether platforms of an index stayed behind. */
  readonly filtered: boolean
  /** Whether tags were found to hold something else. */
  readonly taken: boolean
}): ReactNode {
  const { ways, onChange, hosts, filtered, taken } = props
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
      <Fold name="what becomes of tags that hold something else" forced={taken || ways.tags === 'move'}>
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
      </Fold>
    </>
  )
}

const everywhere: readonly { readonly value: Kind; readonly name: string; readonly means: string }[] = [
  { value: 'dir', name: 'A folder:', means: 'files, and images as one OCI layout.' },
  {
    value: 'medium',
    name: 'A medium:',
    means: 'a new folder, signed by this station.',
  },
  { value: 'oci-layout', name: 'An OCI layout:', means: 'everything, for OCI tools.' },
  { value: 'oci-archive', name: 'An OCI archive:', means: 'the same as one file, for skopeo and podman.' },
]

const dockerArchive = {
  value: 'docker-archive',
  name: 'A docker archive:',
  means:
    'the images as one file, for docker load and podman load. Signatures and other evidence do not survive this format.',
} as const

/** Where an export goes: the kind of target, and what that asks further. */
export function TargetFields(props: {
  readonly ways: Ways
  readonly onChange: (ways: Ways) => void
  readonly hosts: readonly string[]
  readonly content: readonly Item[]
  readonly filtered: boolean
  readonly taken: boolean
}): ReactNode {
  const { ways, onChange, hosts, content, filtered, taken } = props
  const platforms = platformsOf(content)
  return (
    <>
      <Choice<Kind>
        label="Where to?"
        value={ways.kind}
        onChange={(kind) => onChange({ ...ways, kind })}
        options={[
          ...everywhere,
          ...(content.some(({ kind }) => kind === 'image') ? [dockerArchive] : []),
          ...(hosts.length === 0
            ? []
            : [{ value: 'registry' as const, name: 'A registry:', means: 'one that the policy names.' }]),
        ]}
      />
      {ways.kind === 'medium' ? (
        <Choice<Form>
          label="How the content lies on it"
          value={ways.form}
          onChange={(form) => onChange({ ...ways, form })}
          options={[
            { value: 'folder', name: 'As a folder' },
            { value: 'layout', name: 'As one OCI layout' },
          ]}
        />
      ) : null}
      {ways.kind === 'docker-archive' && platforms.length > 0 ? (
        <Choice
          label="Which platform? A docker archive holds one of each image"
          value={ways.platform}
          onChange={(platform) => onChange({ ...ways, platform })}
          options={platforms.map((one) => ({ value: one, name: one }))}
        />
      ) : null}
      {ways.kind === 'registry' ? (
        <RegistryFields ways={ways} onChange={onChange} hosts={hosts} filtered={filtered} taken={taken} />
      ) : null}
    </>
  )
}
