import type { ReactNode } from 'react'
import { isLayout } from '../../../shared/names.ts'
import { Act } from '../../parts/act.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Field } from '../../parts/field.tsx'
import { errorAt } from '../../text/request-problems.ts'
import { isContent, isFile, namesImages, type ItemField } from '../../text/request-item.ts'
import type { Ahead } from '../../state/previewing.ts'
import { ItemPreview } from './item-preview.tsx'
import {
  ChooseTexts,
  MoreOfContent,
  TextsOfItem,
  ValuesOfChart,
  type RequestItemProps,
} from './request-item-texts.tsx'

const kindWords: Readonly<Record<ItemField, string>> = {
  image: 'Image',
  artifact: 'Artifact',
  chart: 'Helm chart',
  manifests: 'Manifests',
  file: 'File',
  url: 'File of the web',
  git: 'Git repository',
  folder: 'Folder',
  model: 'Model',
  archive: 'Archive',
  package: 'Zarf package',
}
const hints: Readonly<Record<ItemField, string>> = {
  image: 'registry.example/team/app:1.4',
  artifact: 'registry.example/team/app:1.4',
  chart:
    'oci://registry.example/charts/app:1.4.0, a repository (https://charts.example/stable), or a packed chart here',
  manifests: '',
  file: '',
  url: 'https://downloads.example/tool-1.4.tar.gz',
  git: 'https://git.example/team/app.git',
  folder: '',
  model: 'registry.example/models/name:1, or a folder here',
  archive: '',
  package: 'A file, or oci://registry.example/packages/app:1.4',
}
const loopback = /^(?:(?:docker|oci|http):\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?\//

const ways = [
  { value: 'whole', name: 'As it is:', means: 'bit for bit, with what is found in it told.' },
  { value: 'items', name: 'Each thing in it by itself:', means: 'under its own digest, with its evidence.' },
] as const

const images = [
  { value: 'list', name: 'Told to those who sign:', means: 'the far side must have them.' },
  { value: 'take', name: 'Collected too:', means: 'each as an item of its own.' },
] as const

/** One thing to carry. */
export function RequestItem(props: RequestItemProps & { readonly ahead: Ahead }): ReactNode {
  const { item, index, problems, set, remove, chooseFile, ahead } = props
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
      <TextsOfItem {...props} />
      {namesImages(item) ? (
        <Choice
          label="Images that it names"
          options={images}
          value={item.images}
          onChange={(chosen) => set({ images: chosen })}
        />
      ) : null}
      {kind === 'chart' ? <ValuesOfChart {...props} of={label} /> : null}
      {isContent(item) ? <MoreOfContent {...props} /> : null}
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
      <ItemPreview ahead={ahead} of={label} />
      <div className="acts">
        {(kind === 'package' && isFile(item)) || (kind === 'chart' && reference === '') ? (
          <Act onPress={() => chooseFile('reference')}>
            Choose its file…<span className="hidden"> {label}</span>
          </Act>
        ) : null}
        <ChooseTexts {...props} of={label} />
        <Act onPress={remove}>
          Remove<span className="hidden"> {label}</span>
        </Act>
      </div>
    </li>
  )
}
