import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileEvidenceManifest } from '../../oci/file-evidence.ts'
import { emptyBytes, emptyDigest } from '../../oci/kind.ts'
import { ociManifest } from '../../oci/media-types.ts'
import { Failure } from '../../platform/failure.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import type { ReadManifest } from '../../source/source.ts'
import type { Spoken } from '../draft.ts'
import { take } from './take.ts'
import type { CollectTools } from '../tools.ts'

/**
 * Takes a document that speaks for something of the request's folder, with the manifest in which it travels.
 *
 * @param real where it lies
 * @param document its path as messages name it, and the type of what it holds
 * @param root the manifest that it speaks for
 * @throws Failure `file-unreadable`, `file-too-large`, and those of `take`
 */
export async function carryEvidence(
  real: string,
  { path, type }: { readonly path: string; readonly type: string },
  root: ReadManifest,
  tools: CollectTools,
): Promise<Spoken> {
  const found = await stat(real)
  if (!found.isFile()) throw new Failure('file-unreadable', { path, found: 'not a regular file' })
  const most = limits.largeBundleBytes
  if (found.size > most) throw new Failure('file-too-large', { path, expected: most })
  const layer = await take(real, found.size, tools)
  await tools.blobs.putBytes(emptyBytes)
  // `:` is no part of a name on Windows; the tool that writes it writes `-` there.
  const title = basename(path).replace(':', '-')
  const manifest = fileEvidenceManifest(
    { digest: root.digest, size: root.bytes.length },
    { ...layer, title, type },
  )
  await tools.blobs.putBytes(manifest)
  const digest = digestOf(manifest)
  const evidence = {
    digest,
    size: manifest.length,
    mediaType: ociManifest,
    artifactType: type,
    subject: root.digest,
  }
  return { evidence, needs: new Set([digest, emptyDigest, layer.digest]) }
}
