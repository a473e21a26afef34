import { isLayout } from '../../../shared/names.ts'
import type { ReactNode } from 'react'
import type { RequestProblem } from '../../../shared/calls/request.ts'
import type { FailureView } from '../../../shared/failure.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Field } from '../../parts/field.tsx'
import { Fold } from '../../parts/fold.tsx'
import { setDraft, useDraft } from '../../state/draft.ts'
import { choose } from '../../state/place.ts'
import { errorAt } from '../../text/request-problems.ts'
import {
  withItem,
  withItemChanged,
  withoutEntry,
  type FormItem,
  type ItemField,
} from '../../text/request-form.ts'

const change = (edit: (text: string) => string): void => setDraft({ text: edit(useDraft.getState().text) })

const kindWords: Readonly<Record<ItemField, string>> = { image: 'Image', artifact: 'Artifact', file: 'File' }
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?\//

function Item(props: {
  readonly item: FormItem
  readonly index: number
  readonly problems: readonly RequestProblem[] | null
}): ReactNode {
  const { item, index, problems } = props
  const errorOf = (field: string): string => errorAt(problems, `items.${index}.${field}`)
  const set = (more: Partial<FormItem>): void =>
    change((text) => withItemChanged(text, index, { ...item, ...more }))
  const remote = item.kind !== 'file' && !isLayout(item.reference)
  const label = `${kindWords[item.kind]} ${index + 1}`
  return (
    <li className="item">
      <Field
        label={label}
        value={item.reference}
        onChange={(reference) => set({ reference })}
        mono
        error={errorOf(item.kind)}
        hint={item.kind === 'file' ? '' : 'registry.example/team/app:1.4'}
      />
      {item.kind === 'file' ? null : (
        <Fold
          name="more"
          of={`item ${index + 1}`}
          forced={item.platforms !== '' || item.signatures !== '' || errorOf('platforms') !== ''}
        >
          <Field
            label="Platforms (may stay empty)"
            value={item.platforms}
            onChange={(platforms) => set({ platforms })}
            error={errorOf('platforms')}
            hint="Empty: all. Else for example linux/amd64, linux/arm64. The signature of the whole index is carried all the same."
          />
          <Field
            label="Repository of its signatures (may stay empty)"
            value={item.signatures}
            onChange={(signatures) => set({ signatures })}
            mono
            error={errorOf('signatures')}
            hint="Where they do not lie beside it (COSIGN_REPOSITORY): registry.example/sec/signatures"
          />
        </Fold>
      )}
      {remote && (item.plainHttp || loopback.test(item.reference)) ? (
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
      <Act onPress={() => change((text) => withoutEntry(text, 'items', index))}>
        Remove<span className="hidden"> {label}</span>
      </Act>
    </li>
  )
}

/** What shall be carried. Files and layouts are chosen, never typed. */
export function RequestItems(props: {
  readonly items: readonly FormItem[]
  readonly problems: readonly RequestProblem[] | null
  readonly fail: (failure: FailureView | null) => void
}): ReactNode {
  const { items, problems, fail } = props
  const folder = useDraft((draft) => draft.folder)
  const add = (kind: ItemField, reference: string): void =>
    change((text) => withItem(text, { kind, reference, platforms: '', plainHttp: false, signatures: '' }))
  const local = async (kind: 'content' | 'layout'): Promise<void> => {
    const chosen = await choose({ purpose: kind, intent: 'open' }, fail)
    if (chosen === null) return
    const named = await call('request.name', { place: chosen.place, kind, folder: folder?.place ?? null })
    if (!named.ok) {
      fail(named.failure)
      return
    }
    setDraft({ folder: { place: named.value.folder, label: named.value.label } })
    add(kind === 'content' ? 'file' : 'image', named.value.reference)
  }
  return (
    <section className="card" aria-labelledby="what-to-carry">
      <h2 id="what-to-carry">What to carry</h2>
      {items.length === 0 ? <p>Nothing yet.</p> : null}
      <ol className="rows">
        {items.map((item, i) => (
          <Item key={i} item={item} index={i} problems={problems} />
        ))}
      </ol>
      <div className="acts">
        <Act onPress={() => add('image', '')}>Add an image</Act>
        <Act onPress={() => add('artifact', '')}>Add an artifact</Act>
        <Act onPress={() => void local('content')}>Add a file…</Act>
        <Act onPress={() => void local('layout')}>Add an OCI layout…</Act>
      </div>
      {folder === null ? null : <p className="small soft">Files lie in the folder “{folder.label}”.</p>}
    </section>
  )
}
