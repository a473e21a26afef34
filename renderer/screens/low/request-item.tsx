import type { ReactNode } from 'react'
import type { RequestProblem } from '../../../shared/calls/request.ts'
import { isLayout } from '../../../shared/names.ts'
import { Act } from '../../parts/act.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Field } from '../../parts/field.tsx'
import { Fold } from '../../parts/fold.tsx'
import { errorAt } from '../../text/request-problems.ts'
import { isFile, type FormItem, type ItemField } from '../../text/request-form.ts'

const kindWords: Readonly<Record<ItemField, string>> = {
  image: 'Image',
  artifact: 'Artifact',
  file: 'File',
  archive: 'Archive',
  package: 'Zarf package',
}
const hints: Readonly<Record<ItemField, string>> = {
  image: 'registry.example/team/app:1.4',
  artifact: 'registry.example/team/app:1.4',
  file: '',
  archive: '',
  package: 'A file, or oci://registry.example/packages/app:1.4',
}
const loopback = /^(?:(?:docker|oci):\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?\//

interface Props {
  readonly item: FormItem
  readonly index: number
  readonly problems: readonly RequestProblem[] | null
  readonly set: (more: Partial<FormItem>) => void
  readonly remove: () => void
  /** Takes another file, by the system's dialog. */
  readonly chooseFile: () => void
}

/** What can be said of content that is in a registry or a layout, and of nothing else. */
function More({ item, index, problems, set }: Props): ReactNode {
  const wrong = (field: string): string => errorAt(problems, `items.${index}.${field}`)
  return (
    <Fold
      name="more"
      of={`item ${index + 1}`}
      forced={item.platforms !== '' || item.signatures !== '' || wrong('platforms') !== ''}
    >
      <Field
        label="Platforms (may stay empty)"
        value={item.platforms}
        onChange={(platforms) => set({ platforms })}
        error={wrong('platforms')}
        hint="Empty: all. Else for example linux/amd64, linux/arm64. The signature of the whole index is carried all the same."
      />
      <Field
        label="Repository of its signatures (may stay empty)"
        value={item.signatures}
        onChange={(signatures) => set({ signatures })}
        mono
        error={wrong('signatures')}
        hint="Where they do not lie beside it (COSIGN_REPOSITORY): registry.example/sec/signatures"
      />
    </Fold>
  )
}

const ways = [
  { value: 'whole', name: 'As it is:', means: 'bit for bit, with what is found in it told.' },
  { value: 'items', name: 'Each thing in it by itself:', means: 'under its own digest, with its evidence.' },
] as const

/** One thing to carry. */
export function RequestItem(props: Props): ReactNode {
  const { item, index, problems, set, remove, chooseFile } = props
  const { kind, reference } = item
  const label = `${kindWords[kind]} ${index + 1}`
  const remote = !isFile(item) && !isLayout(reference)
  return (
    <li className="item">
      <Field
        label={label}
        value={reference}
        onChange={(typed) => set({ reference: typed })}
        mono
        error={errorAt(problems, `items.${index}.${kind}`)}
        hint={hints[kind]}
      />
      {kind === 'archive' ? (
        <Choice label="How it is carried" options={ways} value={item.as} onChange={(as) => set({ as })} />
      ) : null}
      {isFile(item) ? null : <More {...props} />}
      {remote && (item.plainHttp || loopback.test(reference)) ? (
        <label className="choice">
          <input
            type="checkbox"
            checked={item.plainHttp}
            onChange={(event) => set({ plainHttp: event.target.checked })}
          />
          <span>
            Without TLS <span className="soft">only for a registry on this computer</span>
          </span>
        </label>
      ) : null}
      <div className="acts">
        {kind === 'package' && isFile(item) ? (
          <Act onPress={chooseFile}>
            Choose its file…<span className="hidden"> {label}</span>
          </Act>
        ) : null}
        <Act onPress={remove}>
          Remove<span className="hidden"> {label}</span>
        </Act>
      </div>
    </li>
  )
}
