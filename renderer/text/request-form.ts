import { isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml'
import {
  blankItem,
  isContent,
  isFile,
  itemFields,
  itemTexts,
  namesImages,
  textsOf,
  type FormItem,
} from './request-item.ts'

/*
 * A request as a form. Its YAML text is the only truth: a field that is changed changes the text in place and keeps
 * comments and order; a text that cannot be read as a map has no form until it is mended, and loses nothing.
 */

export interface RequestForm {
  readonly name: string
  readonly reason: string
  readonly requester: string
  readonly channel: string
  readonly marking: string
  readonly expires: string
  /** With the comment behind each: whose desk it is. */
  readonly destinations: readonly { readonly id: string; readonly label: string }[]
  readonly items: readonly FormItem[]
}
export type TextField = 'name' | 'reason' | 'requester' | 'channel' | 'marking' | 'expires'

/** What a new request begins with. */
export const emptyRequest = `sallyport: request/v1
name: ""
reason: ""
requester: ""
destinations: []
channel: ""
items: []
`

function documentOf(text: string): Document | null {
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true })
  return document.errors.length === 0 && isMap(document.contents) ? document : null
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

const listOf = (value: unknown): string[] =>
  isSeq(value) ? value.items.map((one) => (isScalar(one) ? textOf(one.value) : '')) : []

function itemOf(node: unknown): FormItem {
  const map = isMap(node) ? node : null
  const kind = itemFields.find((field) => map?.has(field) === true) ?? 'image'
  const texts = Object.fromEntries(itemTexts.map((field) => [field, textOf(map?.get(field))]))
  return {
    ...blankItem,
    ...texts,
    kind,
    reference: textOf(map?.get(kind)),
    platforms: listOf(map?.get('platforms')).join(', '),
    values: listOf(map?.get('values')),
    plainHttp: map?.has('allow') === true,
    as: map?.get('as') === 'items' ? 'items' : 'whole',
    images: map?.get('images') === 'take' ? 'take' : 'list',
  }
}

/** The form of a request's text; `null` when the text cannot be read as one. */
export function formOf(text: string): RequestForm | null {
  const document = documentOf(text)
  if (document === null) return null
  const field = (name: TextField): string => textOf(document.get(name))
  const destinations = document.get('destinations')
  const items = document.get('items')
  return {
    name: field('name'),
    reason: field('reason'),
    requester: field('requester'),
    channel: field('channel'),
    marking: field('marking'),
    expires: field('expires'),
    destinations: isSeq(destinations)
      ? destinations.items.map((one) =>
          isScalar(one)
            ? { id: textOf(one.value), label: (one.comment ?? '').trim() }
            : { id: '', label: '' },
        )
      : [],
    items: isSeq(items) ? items.items.map(itemOf) : [],
  }
}

function edited(text: string, edit: (document: Document) => void): string {
  const document = documentOf(text)
  if (document === null) return text
  edit(document)
  return document.toString({ lineWidth: 0 })
}

/** A list that is there, in block form, so that each entry has a line of its own. */
function listIn(document: Document, name: string): { items: unknown[] } {
  const found = document.get(name)
  if (isSeq(found)) {
    found.flow = false
    return found
  }
  const made = document.createNode([])
  made.flow = false
  document.set(name, made)
  return made
}

/**
 * The same things asked for by a request that is complete: what they stand for can be asked while who wants them, and why,
 * is not written yet.
 */
export function previewText(text: string): string {
  return edited(text, (document) => {
    for (const name of ['name', 'reason', 'requester', 'channel']) document.set(name, 'preview')
    document.set('destinations', ['0'.repeat(64)])
    for (const name of optional) document.delete(name)
  })
}

const optional: readonly TextField[] = ['marking', 'expires']

/** A field with another text. One that may stay away goes when it is emptied. */
export function withField(text: string, name: TextField, value: string): string {
  return edited(text, (document) => {
    if (value === '' && optional.includes(name)) document.delete(name)
    else {
      const node = document.get(name, true)
      // The quotes of an empty field are not a choice of somebody's.
      if (isScalar(node) && node.value === '') delete node.type
      document.set(name, value)
    }
  })
}

/** One more destination; `label` stands behind it as a comment. */
export function withDestination(text: string, id: string, label: string): string {
  return edited(text, (document) => {
    const node = document.createNode(id)
    if (label !== '') node.comment = ` ${label}`
    listIn(document, 'destinations').items.push(node)
  })
}

export function withoutEntry(text: string, list: 'destinations' | 'items', index: number): string {
  return edited(text, (document) => {
    document.deleteIn([list, index])
    const left = document.get(list)
    if (isSeq(left) && left.items.length === 0) left.flow = true
  })
}

function written(item: FormItem): Record<string, unknown> {
  const { kind, reference, platforms, plainHttp } = item
  const listed = platforms
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  const texts = textsOf(item).flatMap((field) => (item[field] === '' ? [] : [[field, item[field]]]))
  return {
    [kind]: reference,
    ...(kind === 'archive' && item.as === 'items' ? { as: item.as } : {}),
    ...(isContent(item) && kind !== 'chart' && listed.length > 0 ? { platforms: listed } : {}),
    ...(isFile(item) || !plainHttp ? {} : { allow: ['plain-http'] }),
    ...(namesImages(item) && item.images === 'take' ? { images: item.images } : {}),
    ...(kind === 'chart' && item.values.length > 0 ? { values: item.values } : {}),
    ...(Object.fromEntries(texts) as Record<string, string>),
  }
}

export function withItem(text: string, item: FormItem): string {
  return edited(text, (document) => {
    listIn(document, 'items').items.push(document.createNode(written(item)))
  })
}

/** One item with other values; its comments stay. */
export function withItemChanged(text: string, index: number, item: FormItem): string {
  return edited(text, (document) => {
    const node = document.getIn(['items', index])
    if (!isMap(node)) {
      document.setIn(['items', index], document.createNode(written(item)))
      return
    }
    const wanted = written(item)
    for (const field of [...itemFields, ...itemTexts, 'as', 'platforms', 'allow', 'images', 'values'])
      if (!(field in wanted)) node.delete(field)
    for (const [field, value] of Object.entries(wanted))
      node.set(field, typeof value === 'string' ? value : document.createNode(value))
  })
}
