import type { ReactNode } from 'react'
import type { RequestProblem } from '../../../shared/calls/request.ts'
import { Act } from '../../parts/act.tsx'
import { Field } from '../../parts/field.tsx'
import { Fold } from '../../parts/fold.tsx'
import { textsOf, type FormItem, type ItemText } from '../../text/request-item.ts'
import { errorAt } from '../../text/request-problems.ts'

/** One thing to carry, what is wrong with it, and how it is changed. */
export interface RequestItemProps {
  readonly item: FormItem
  readonly index: number
  readonly problems: readonly RequestProblem[] | null
  readonly set: (more: Partial<FormItem>) => void
  readonly remove: () => void
  /** Takes a file, by the system's dialog: what is asked for, or what one of its fields names. */
  readonly chooseFile: (field: 'reference' | 'values' | ItemText) => void
}

const words: Readonly<
  Record<Exclude<ItemText, 'signatures'>, { readonly label: string; readonly hint: string }>
> = {
  name: { label: 'Name of chart', hint: '' },
  version: { label: 'Version of chart', hint: '' },
  sha256: {
    label: 'SHA-256 of item',
    hint: '64 digits 0–9 and a–f, as its maker publishes them. They say which file it is.',
  },
  signature: {
    label: 'Signature of item',
    hint: 'An address, or a file in the folder of the request. It needs the key of whoever made it.',
  },
  key: {
    label: 'Key for item',
    hint: 'A file with public keys of whoever signed it: PEM, OpenPGP, or SSH for tags of git.',
  },
  commit: { label: 'Commit of item', hint: 'Its whole digest, 40 or 64 digits. It needs no signature.' },
  tag: {
    label: 'Signed tag of item',
    hint: 'Instead of a commit. It counts only where it is signed by the key.',
  },
}

const modelSignature =
  'A file in the folder of the request. “model.sig” in the model itself is found without it.'

/** The fields that an item has beside its reference, as its kind needs them. */
export function TextsOfItem({ item, index, problems, set }: RequestItemProps): ReactNode {
  const fields = textsOf(item).filter((field) => field !== 'signatures')
  return fields.map((field) => (
    <Field
      key={field}
      label={`${words[field].label} ${index + 1}`}
      value={item[field]}
      onChange={(typed) => set({ [field]: typed })}
      mono
      error={errorAt(problems, `items.${index}.${field}`)}
      hint={item.kind === 'model' ? modelSignature : words[field].hint}
    />
  ))
}

const chosen = { signature: 'Choose the signature…', key: 'Choose the key…' } as const
const isChosen = (field: ItemText): field is keyof typeof chosen => field in chosen

/** Acts that take a file for one of those fields. @param of the item, as it is spoken */
export function ChooseTexts({ item, chooseFile, of }: RequestItemProps & { readonly of: string }): ReactNode {
  return textsOf(item)
    .filter(isChosen)
    .map((field) => (
      <Act key={field} onPress={() => chooseFile(field)}>
        {chosen[field]}
        <span className="hidden"> {of}</span>
      </Act>
    ))
}

/** Files of values with which a chart is rendered, where the policy names Helm. @param of the item, as it is spoken */
export function ValuesOfChart({
  item,
  index,
  problems,
  set,
  chooseFile,
  of,
}: RequestItemProps & { readonly of: string }): ReactNode {
  const wrong = errorAt(problems, `items.${index}.values`)
  return (
    <Fold name="its values" of={of} forced={item.values.length > 0 || wrong !== ''}>
      <p className="small soft">
        Files of values by which the far side installs it. Where the policy names Helm, it is rendered with
        them to find the images that it uses.
      </p>
      {wrong === '' ? null : <p className="field-error">{wrong}</p>}
      <ul className="rows">
        {item.values.map((path, at) => (
          <li key={`${path}-${at}`}>
            <code>{path}</code>
            <Act onPress={() => set({ values: item.values.filter((_, one) => one !== at) })}>
              Without<span className="hidden"> {path}</span>
            </Act>
          </li>
        ))}
      </ul>
      <Act onPress={() => chooseFile('values')}>
        Add values…<span className="hidden"> {of}</span>
      </Act>
    </Fold>
  )
}

/** What can be said of content that is in a registry or a layout, and of nothing else. */
export function MoreOfContent({ item, index, problems, set }: RequestItemProps): ReactNode {
  const wrong = (field: string): string => errorAt(problems, `items.${index}.${field}`)
  return (
    <Fold
      name="more"
      of={`item ${index + 1}`}
      forced={item.platforms !== '' || item.signatures !== '' || wrong('platforms') !== ''}
    >
      {item.kind === 'chart' ? null : (
        <Field
          label="Platforms (may stay empty)"
          value={item.platforms}
          onChange={(platforms) => set({ platforms })}
          error={wrong('platforms')}
          hint="Empty: all. Else for example linux/amd64, linux/arm64. The signature of the whole index is carried all the same."
        />
      )}
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
