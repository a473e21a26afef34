import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Digest } from '../../../shared/digest.ts'
import type { RequestItem } from '../../../shared/request.ts'
import type { Finding } from '../../../shared/waybill.ts'
import {
  beginsLikeBundles,
  fileBundles,
  fileEvidenceManifest,
  namesBeside,
  pypiAttestation,
} from '../../oci/file-evidence.ts'
import { emptyBytes, emptyDigest } from '../../oci/kind.ts'
import { ociManifest } from '../../oci/media-types.ts'
import { Failure } from '../../platform/failure.ts'
import { readHead } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import { realInside } from '../../source/inside.ts'
import { findingOf } from '../../source/reading.ts'
import type { ReadManifest } from '../../source/source.ts'
import type { Spoken } from '../draft.ts'
import { leftOut } from '../evidence.ts'
import { take } from './take.ts'
import type { CollectTools } from '../tools.ts'

const headBytes = 64 * 1024
const isDocument = (type: string): boolean => type === fileBundles || type === pypiAttestation

/**
 * What lies beside a file in the request's folder and speaks for it, by its name; each in a manifest of its own. What is
 * there and cannot be carried becomes a finding.
 */
export async function besideFile(
  asked: Pick<RequestItem, 'reference' | 'evidence' | 'at'>,
  file: { readonly root: ReadManifest; readonly content: Digest },
  folder: string,
  tools: CollectTools,
): Promise<{ readonly spoken: Spoken[]; readonly findings: Finding[] }> {
  const spoken: Spoken[] = []
  const findings: Finding[] = []
  let left = 0
  for (const [path, type] of namesBeside(asked.reference, file.content)) {
    try {
      const real = await realInside(folder, path, asked.at)
      if (isDocument(type) && !beginsLikeBundles(await readHead(real, headBytes))) continue
      if (spoken.length < asked.evidence) spoken.push(await carry(real, { path, type }, file.root, tools))
      else left += 1
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'not-found') findings.push(findingOf(path, error))
    }
  }
  if (left > 0) findings.push(leftOut(asked.reference, asked.evidence, left))
  return { spoken, findings }
}

async function carry(
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
