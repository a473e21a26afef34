import type { ReactNode } from 'react'
import type { RequestProblem } from '../../../shared/calls/request.ts'
import type { FailureView } from '../../../shared/failure.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { setDraft, useDraft } from '../../state/draft.ts'
import { choose } from '../../state/place.ts'
import { Fold } from '../../parts/fold.tsx'
import { withItem, withItemChanged, withoutEntry } from '../../text/request-form.ts'
import { blankItem, type FormItem, type ItemField, type ItemText } from '../../text/request-item.ts'
import type { Previewing } from '../../state/previewing.ts'
import { FailureBox } from '../../parts/failure.tsx'
import { PreviewTotal } from './item-preview.tsx'
import { RequestItem } from './request-item.tsx'

const change = (edit: (text: string) => string): void => setDraft({ text: edit(useDraft.getState().text) })

type Renaming = (index: number, item: FormItem, field: 'reference' | 'values' | ItemText) => Promise<void>

type Chosen = 'content' | 'layout' | 'content-folder'

/** Asks for a file or folder by the system's dialog; gives how the request names it, `null` where nothing came of it. */
async function named(kind: Chosen, fail: (failure: FailureView | null) => void): Promise<string | null> {
  const chosen = await choose({ purpose: kind, intent: 'open' }, fail)
  if (chosen === null) return null
  const folder = useDraft.getState().folder?.place ?? null
  const answer = await call('request.name', { place: chosen.place, kind, folder })
  if (!answer.ok) {
    fail(answer.failure)
    return null
  }
  setDraft({ folder: { place: answer.value.folder, label: answer.value.label } })
  return answer.value.reference
}

/** What would be fetched, asked while somebody writes, once somebody wants that. */
function LookAhead(props: {
  readonly items: readonly FormItem[]
  readonly previewing: Previewing
}): ReactNode {
  const { items, previewing } = props
  const { on, failure, ahead, start, stop } = previewing
  return (
    <>
      <PreviewTotal all={items.map(ahead)} />
      {failure === null ? null : <FailureBox failure={failure} />}
      <div className="acts">
        {on ? (
          <Act onPress={() => void stop()}>Stop asking</Act>
        ) : (
          <Act onPress={start}>Show what would be fetched</Act>
        )}
        {on ? <span className="small soft">Sources are asked each time something changes.</span> : null}
      </div>
    </>
  )
}

/** What shall be carried. Files and layouts are chosen, never typed. */
export function RequestItems(props: {
  readonly items: readonly FormItem[]
  readonly problems: readonly RequestProblem[] | null
  readonly fail: (failure: FailureView | null) => void
  readonly previewing: Previewing
}): ReactNode {
  const { items, problems, fail, previewing } = props
  const folder = useDraft((draft) => draft.folder)
  const add = (kind: ItemField, reference = ''): void =>
    change((text) => withItem(text, { ...blankItem, kind, reference }))
  const local = async (kind: ItemField, what: Chosen = 'content'): Promise<void> => {
    const reference = await named(what, fail)
    if (reference !== null) add(kind, reference)
  }
  const rename: Renaming = async (index, item, field) => {
    const reference = await named('content', fail)
    const told = field === 'values' ? { values: [...item.values, reference ?? ''] } : { [field]: reference }
    if (reference !== null) change((text) => withItemChanged(text, index, { ...item, ...told }))
  }
  return (
    <section className="card" aria-labelledby="what-to-carry">
      <h2 id="what-to-carry">What to carry</h2>
      {items.length === 0 ? <p>Nothing yet.</p> : null}
      <ol className="rows">
        {items.map((item, i) => (
          <RequestItem
            key={i}
            item={item}
            index={i}
            problems={problems}
            set={(more) => change((text) => withItemChanged(text, i, { ...item, ...more }))}
            remove={() => change((text) => withoutEntry(text, 'items', i))}
            ahead={previewing.ahead(item)}
            chooseFile={(field) => void rename(i, item, field)}
          />
        ))}
      </ol>
      <div className="acts">
        <Act onPress={() => add('image')}>Add an image</Act>
        <Act onPress={() => add('artifact')}>Add an artifact</Act>
        <Act onPress={() => void local('file')}>Add a file…</Act>
        <Act onPress={() => void local('archive')}>Add an archive…</Act>
        <Act onPress={() => add('package')}>Add a Zarf package</Act>
        <Act onPress={() => void local('image', 'layout')}>Add an OCI layout…</Act>
      </div>
      <Fold name="what else a request can hold">
        <div className="acts">
          <Act onPress={() => add('chart')}>Add a Helm chart</Act>
          <Act onPress={() => void local('chart', 'content-folder')}>Add a chart’s folder…</Act>
          <Act onPress={() => void local('manifests', 'content-folder')}>Add manifests…</Act>
          <Act onPress={() => add('model')}>Add a model</Act>
          <Act onPress={() => void local('model', 'content-folder')}>Add a model’s folder…</Act>
          <Act onPress={() => add('url')}>Add a file of the web</Act>
          <Act onPress={() => add('git')}>Add a git repository</Act>
          <Act onPress={() => void local('folder', 'content-folder')}>Add a folder…</Act>
        </div>
      </Fold>
      {items.length === 0 ? null : <LookAhead items={items} previewing={previewing} />}
      {folder === null ? null : <p className="small soft">Files lie in the folder “{folder.label}”.</p>}
    </section>
  )
}
