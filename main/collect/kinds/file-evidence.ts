import type { Digest } from '../../../shared/digest.ts'
import type { RequestItem } from '../../../shared/request.ts'
import type { Finding } from '../../../shared/waybill.ts'
import { beginsLikeBundles, isDocument, namesBeside } from '../../oci/file-evidence.ts'
import { Failure } from '../../platform/failure.ts'
import { readHead } from '../../platform/files.ts'
import { realInside } from '../../source/inside.ts'
import { findingOf } from '../../source/reading.ts'
import type { ReadManifest } from '../../source/source.ts'
import type { Spoken } from '../draft.ts'
import { leftOut } from '../evidence.ts'
import { carryEvidence } from './carry-evidence.ts'
import type { CollectTools } from '../tools.ts'

const headBytes = 64 * 1024

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
      if (spoken.length < asked.evidence)
        spoken.push(await carryEvidence(real, { path, type }, file.root, tools))
      else left += 1
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'not-found') findings.push(findingOf(path, error))
    }
  }
  if (left > 0) findings.push(leftOut(asked.reference, asked.evidence, left))
  return { spoken, findings }
}
