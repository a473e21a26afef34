import { isLayout, isWeb, transport } from '../../shared/names.ts'

/* One item of a request as a form: which fields each kind has, and what of it lies in the request's folder. */

export const itemFields = [
  'image',
  'artifact',
  'chart',
  'manifests',
  'file',
  'url',
  'git',
  'folder',
  'model',
  'archive',
  'package',
] as const
export type ItemField = (typeof itemFields)[number]

/** Fields of an item that are plain text, empty where they are not there. */
export const itemTexts = [
  'name',
  'version',
  'sha256',
  'signature',
  'key',
  'commit',
  'tag',
  'signatures',
] as const
export type ItemText = (typeof itemTexts)[number]

export interface FormItem extends Readonly<Record<ItemText, string>> {
  readonly kind: ItemField
  readonly reference: string
  /** As typed: separated by commas; '' for all. */
  readonly platforms: string
  readonly plainHttp: boolean
  /** Of an archive: as it is, or each thing in it by itself. */
  readonly as: 'whole' | 'items'
  /** What becomes of the images that it names. */
  readonly images: 'list' | 'take'
  /** Of a chart: files of values with which it is rendered. */
  readonly values: readonly string[]
}

type About = Pick<FormItem, 'kind' | 'reference'>

/** An item of which nothing was said yet. */
export const blankItem = {
  reference: '',
  platforms: '',
  signatures: '',
  name: '',
  version: '',
  sha256: '',
  signature: '',
  key: '',
  commit: '',
  tag: '',
  plainHttp: false,
  as: 'whole',
  images: 'list',
  values: [],
} as const satisfies Omit<FormItem, 'kind'>

/** Whether it is a file or folder of the request's folder, of which nothing can be asked that only content of elsewhere has. */
export function isFile({ kind, reference }: About): boolean {
  if (kind === 'package') return !transport.test(reference)
  if (kind === 'chart' || kind === 'model') return reference !== '' && !reference.includes(':')
  if (kind === 'git') return reference !== '' && !isWeb(reference)
  return kind === 'file' || kind === 'archive' || kind === 'manifests' || kind === 'folder'
}

/** Whether it is content of a registry or a layout: of that platforms can be chosen, and signatures lie elsewhere. */
export function isContent(item: About): boolean {
  const { kind, reference } = item
  if (kind === 'chart') return !isFile(item) && !isWeb(reference)
  const either = kind === 'package' || kind === 'model'
  return kind === 'image' || kind === 'artifact' || (either && !isFile(item))
}

/** Whether it, or what proves it, lies in the request's folder. */
export function isLocal(item: About & Partial<Pick<FormItem, 'key' | 'values'>>): boolean {
  if (item.reference === '') return false
  if (item.kind === 'chart' && (item.values ?? []).length > 0) return true
  return isFile(item) || isLayout(item.reference) || (item.key ?? '') !== ''
}

/** Fields that only some references of a kind take. */
const onlySome: Partial<Record<ItemField, readonly ItemText[]>> = {
  chart: ['name', 'version', 'sha256'],
  model: ['signature'],
}

/** Whether a reference may become one that takes them: it is empty, or half or misspelled an address of the web. */
function isBegun({ kind, reference }: About): boolean {
  if (reference === '') return true
  const address = ['https://', 'http://'].some((start) => start.startsWith(reference))
  return kind === 'chart' && (address || (reference.includes('://') && !transport.test(reference)))
}

/**
 * The fields of text that an item has beside its reference. What was typed into one stays while the reference is written
 * anew.
 */
export function textsOf(item: About & Partial<Pick<FormItem, ItemText>>): readonly ItemText[] {
  const taken = takenBy(item)
  const some = isBegun(item) ? (onlySome[item.kind] ?? []) : []
  return [...some.filter((field) => !taken.includes(field) && (item[field] ?? '') !== ''), ...taken]
}

function takenBy(item: About): readonly ItemText[] {
  const { kind, reference } = item
  if (kind === 'url') return ['sha256', 'signature', 'key']
  if (kind === 'git') return ['commit', 'tag', 'key']
  if (kind === 'folder') return ['key']
  if (kind === 'model' && isFile(item)) return ['signature']
  if (kind === 'chart' && isWeb(reference)) return ['name', 'version', 'sha256']
  return isContent(item) ? ['signatures'] : []
}

/** Whether it can name images that are collected too. */
export const namesImages = ({ kind }: About): boolean => kind === 'chart' || kind === 'manifests'
