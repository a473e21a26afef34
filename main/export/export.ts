import type { Digest } from '../../shared/digest.ts'
import type { Blob, Item } from '../../shared/waybill.ts'
import type { Pool } from '../platform/workers.ts'

/** What an accepted waybill lets out. The caller has checked that it is accepted. */
export interface Exportable {
  readonly items: readonly Item[]
  /** The carried ones; a digest that is not among them was left out. */
  readonly blobs: readonly Blob[]
  path(digest: Digest): string
  /** Signed summaries of what was verified, which go into folders beside the content: names and bytes. */
  readonly summaries?: readonly { readonly name: string; readonly bytes: Buffer }[]
}

/** What an export does, one after the other, by where it goes. */
export const exportSteps = {
  dir: ['copy'],
  'oci-layout': ['copy'],
  'oci-archive': ['copy'],
  'docker-archive': ['measure', 'copy'],
  registry: ['look', 'copy', 'compare', 'again', 'seal'],
  medium: ['copy', 'finish'],
} as const
export type ExportStep = (typeof exportSteps)[keyof typeof exportSteps][number]

export interface ExportTools {
  readonly pool: Pool
  readonly signal: AbortSignal
  step(name: ExportStep, total?: number): void
  advance(bytes: number): void
  /** Told of each file once it is written. */
  readonly wrote?: (path: string, digest: Digest, size: number) => void
}

/** What lies where, in a target that names content as its waybill does. */
export function writtenAsNamed(items: readonly Item[]): Exported['written'] {
  return items.map(({ reference, root }) => ({ from: reference, reference, digest: root.digest }))
}

/** What lies at the target now. */
export interface Exported {
  readonly target: string
  /** What lies where; `from` is the reference that the item has in its waybill. */
  readonly written: { from: string; reference: string; digest: Digest }[]
  /** Tags that held something else before. */
  readonly moved: { reference: string; before: Digest }[]
  /** What the registry warned of, in sentences. */
  readonly warned: readonly string[]
  readonly bytes: number
  readonly blobs: number
  /** Of a registry: how many things were found there again as its readers look for them. */
  readonly found?: number
  /** What of the content is not there, in sentences. */
  readonly left: readonly string[]
}
