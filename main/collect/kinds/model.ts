import { stat } from 'node:fs/promises'
import type { AskedModel } from '../../../shared/request.ts'
import type { Finding } from '../../../shared/waybill.ts'
import { modelSignature } from '../../oci/file-evidence.ts'
import { treeOf } from '../../oci/tree-manifest.ts'
import { Failure } from '../../platform/failure.ts'
import { realInside } from '../../source/inside.ts'
import { findingOf } from '../../source/reading.ts'
import type { Draft, Spoken } from '../draft.ts'
import { leftOut } from '../evidence.ts'
import { carryEvidence } from './carry-evidence.ts'
import { filesBelow } from './folder-files.ts'
import { draftTree, titleOf } from './tree-item.ts'
import type { CollectTools } from '../tools.ts'

/** Where `model_signing sign` leaves a signature unless it is told another place. */
const usualSignature = 'model.sig'

/**
 * Takes a folder of a model, file by file, with what signs it: `model.sig` in it, and the signature that the request names.
 * Only `.git` is no part of it.
 *
 * @throws Failure `folder-refused`, `path-outside`, `not-found`, `file-unreadable`, `file-too-large`
 */
export async function draftModel(asked: AskedModel, folder: string, tools: CollectTools): Promise<Draft> {
  const { reference, at } = asked
  const real = await realInside(folder, reference, at)
  if (!(await stat(real)).isDirectory())
    throw new Failure('folder-refused', { path: reference, expected: 'a folder', found: 'a file' })
  const files = await filesBelow(real, reference, (path) => path === '.git')
  const draft = await draftTree(asked, { title: titleOf(reference), version: null, files }, tools)
  return { ...draft, ...(await signaturesOf(asked, draft, folder, tools)) }
}

/** What signs the tree. What the request names must be there; what only has the usual name becomes a finding where it cannot travel. */
async function signaturesOf(
  { reference, signature, evidence, at }: AskedModel,
  { root }: Draft,
  folder: string,
  tools: CollectTools,
): Promise<{ readonly spoken: Spoken[]; readonly findings: Finding[] }> {
  const spoken: Spoken[] = []
  const findings: Finding[] = []
  if (signature !== null) {
    const document = { path: signature, type: modelSignature }
    spoken.push(await carryEvidence(await realInside(folder, signature, at), document, root, tools))
  }
  if (treeOf(root.manifest).files.some(({ path }) => path === usualSignature)) {
    const document = { path: `${reference}/${usualSignature}`, type: modelSignature }
    try {
      const usual = await carryEvidence(await realInside(folder, document.path, at), document, root, tools)
      if (spoken.every((one) => one.evidence.digest !== usual.evidence.digest)) spoken.push(usual)
    } catch (error) {
      findings.push(findingOf(document.path, error))
    }
  }
  const more = spoken.splice(evidence)
  if (more.length > 0) findings.push(leftOut(reference, evidence, more.length))
  return { spoken, findings }
}
