import { basename } from 'node:path'
import type { Tree } from '../archive/tree.ts'
import { namesBeside, beginsLikeBundles, isDocument } from '../oci/file-evidence.ts'
import { Failure } from '../platform/failure.ts'
import { readCapped } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import type { ContainerSignature } from '../source/foreign/contents.ts'

/**
 * Signatures that lie beside a file under the names that tools give them, over the whole of it.
 *
 * @param path of the file
 * @throws Failure `file-unreadable`, `file-too-large`
 */
export async function signaturesBeside(path: string, tree: Tree): Promise<ContainerSignature[]> {
  if (tree.digest === null) return []
  const found: ContainerSignature[] = []
  for (const [beside, type] of namesBeside(path, tree.digest)) {
    try {
      const bytes = await readCapped(beside, limits.sigstoreBundleBytes)
      // Names of documents are those of other files too.
      if (isDocument(type) && !beginsLikeBundles(bytes.subarray(0, 64 * 1024))) continue
      found.push({ path: basename(beside), bytes, type, over: null })
    } catch (error) {
      if (error instanceof Failure && error.facts.found === 'ENOENT') continue
      throw error
    }
  }
  return found
}
