import type { Tree } from '../archive/tree.ts'
import type { Contents, ForeignReader } from '../source/foreign/contents.ts'
import { readHelmChart } from '../source/foreign/helm-chart.ts'
import { readOciLayout } from '../source/foreign/oci-layout.ts'
import { readPlain } from '../source/foreign/plain.ts'
import { readUdsBundle } from '../source/foreign/uds-bundle.ts'
import { readZarf } from '../source/foreign/zarf.ts'

// The more particular ones first: what holds a layout may be more than one.
const readers: readonly ForeignReader[] = [readZarf, readUdsBundle, readOciLayout, readHelmChart]

/** What is in a tree, by the first reader whose format it is; a tar or file like any other is the last. */
export async function contentsOf(tree: Tree): Promise<Contents> {
  for (const read of readers) {
    const found = await read(tree)
    if (found !== null) return found
  }
  return readPlain(tree)
}
