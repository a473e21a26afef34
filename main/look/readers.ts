import type { Tree } from '../archive/tree.ts'
import type { Contents, ForeignReader } from '../source/foreign/contents.ts'
import { readDockerArchive } from '../source/foreign/docker-archive.ts'
import { readDockerDir } from '../source/foreign/docker-dir.ts'
import { readDockerHybrid } from '../source/foreign/docker-hybrid.ts'
import { readHaul } from '../source/foreign/haul.ts'
import { readImgpkg } from '../source/foreign/imgpkg.ts'
import { readOcMirror } from '../source/foreign/oc-mirror.ts'
import { readOciLayout } from '../source/foreign/oci-layout.ts'
import { readPlain } from '../source/foreign/plain.ts'

// The more particular ones first: what holds a layout may be more than one.
const readers: readonly ForeignReader[] = [
  readOcMirror,
  readDockerArchive,
  readImgpkg,
  readDockerDir,
  readHaul,
  readDockerHybrid,
  readOciLayout,
]

/** What is in a tree, by the first reader whose format it is; a tar or file like any other is the last. */
export async function contentsOf(tree: Tree): Promise<Contents> {
  for (const read of readers) {
    const found = await read(tree)
    if (found !== null) return found
  }
  return readPlain(tree)
}
