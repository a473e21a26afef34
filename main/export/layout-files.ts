import { hexOf, type Digest } from '../../shared/digest.ts'
import { ociLayoutBytes } from '../bundle/index-json.ts'

/** What an OCI image layout is made of. */
export interface LayoutContent {
  /** `index.json` */
  readonly index: Uint8Array
  readonly blobs: readonly { readonly digest: Digest; readonly size: number }[]
  path(digest: Digest): string
}

/** A file of a layout: known bytes, or a blob of the store. `name` is a path in the layout, with slashes. */
export type LayoutFile =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly digest: Digest; readonly size: number; readonly path: string }

/** The folder of a layout that its blobs lie in. */
export const blobFolder = 'blobs/sha256'

/** Every file of a layout, in a folder as in an archive; what says what it is comes first. */
export function layoutFiles(content: LayoutContent): LayoutFile[] {
  const { index, blobs } = content
  return [
    { name: 'oci-layout', bytes: ociLayoutBytes },
    { name: 'index.json', bytes: index },
    ...blobs.map(({ digest, size }) => {
      return { name: `${blobFolder}/${hexOf(digest)}`, digest, size, path: content.path(digest) }
    }),
  ]
}
