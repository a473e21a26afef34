import { basename } from 'node:path'
import type { Digest } from '../../shared/digest.ts'
import type { RequestItem } from '../../shared/request.ts'
import type { Finding } from '../../shared/waybill.ts'
import { fileEvidenceManifest, namesBeside } from '../oci/file-evidence.ts'
import { emptyDigest } from '../oci/kind.ts'
import { ociManifest } from '../oci/media-types.ts'
import { Failure } from '../platform/failure.ts'
import { readCapped } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import { linesOf } from '../sigstore/lines.ts'
import { realInside } from '../source/inside.ts'
import { findingOf } from '../source/reading.ts'
import type { ReadManifest } from '../source/source.ts'
import type { Spoken } from './draft.ts'
import type { CollectTools } from './tools.ts'

/** A document of so many lines is no longer one that a person signs. */
const mostLines = 16

/**
 * What lies beside a file in the request's folder and speaks for it, by its name; each in a manifest of its own. What is
 * there and cannot be read becomes a finding.
 */
export async function besideFile(
  asked: RequestItem,
  root: ReadManifest,
  folder: string,
  tools: Pick<CollectTools, 'blobs'>,
): Promise<{ readonly spoken: Spoken[]; readonly findings: Finding[] }> {
  const spoken: Spoken[] = []
  const findings: Finding[] = []
  for (const [path, { type, lines }] of namesBeside(asked.reference)) {
    try {
      const bytes = await readCapped(await realInside(folder, path, asked.at), limits.sigstoreBundleBytes)
      const layers: { digest: Digest; size: number }[] = []
      const documents = lines ? linesOf(bytes).slice(0, mostLines) : [bytes]
      for (const document of documents) {
        await tools.blobs.putBytes(document)
        layers.push({ digest: digestOf(document), size: document.length })
      }
      const about = { digest: root.digest, size: root.bytes.length }
      const manifest = fileEvidenceManifest(about, { title: basename(path), type, layers })
      await tools.blobs.putBytes(manifest)
      const digest = digestOf(manifest)
      const named = { digest, size: manifest.length, mediaType: ociManifest, artifactType: type }
      const needs = new Set([digest, emptyDigest, ...layers.map((layer) => layer.digest)])
      spoken.push({ evidence: { ...named, subject: root.digest }, needs })
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'not-found') findings.push(findingOf(path, error))
    }
  }
  return { spoken, findings }
}
