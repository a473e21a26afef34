import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { isFileTitle } from '../../../shared/names.ts'
import type { CarriedItem } from '../../../shared/request.ts'
import { fileManifest } from '../../oci/file-manifest.ts'
import { emptyBytes } from '../../oci/kind.ts'
import { Failure } from '../../platform/failure.ts'
import { realInside } from '../../source/inside.ts'
import type { Draft } from '../draft.ts'
import { checkTaken, lookedInto } from './archive.ts'
import { besideFile } from './file-evidence.ts'
import { madeDraft } from './made-draft.ts'
import { take } from './take.ts'
import type { CollectTools } from '../tools.ts'

/**
 * Takes a file of the request's folder into the store, with the manifest in which it travels. The name it travels under
 * is the one that was asked for, also where that is a link.
 *
 * @throws Failure `archive-refused`, `package-expected`, `path-outside`, `file-title`, `file-unreadable`, `not-found`, `content-damaged`
 */
export async function draftFile(
  asked: Extract<CarriedItem, { kind: 'file' }>,
  folder: string,
  tools: CollectTools,
): Promise<Draft> {
  const title = basename(asked.reference)
  if (!isFileTitle(title)) {
    throw new Failure('file-title', { found: title, expected: 'letters, digits, blanks and . _ - + ~ , @ =' })
  }
  const path = await realInside(folder, asked.reference, asked.at)
  const found = await stat(path)
  if (!found.isFile())
    throw new Failure('file-unreadable', { path: asked.reference, found: 'not a regular file' })
  const { archive } = asked
  const looked = archive === null ? null : await lookedInto(path, { ...asked, archive }, tools)
  const layer = await take(path, found.size, tools)
  checkTaken(asked.reference, looked?.digest, layer.digest)
  await tools.blobs.putBytes(emptyBytes)
  const manifest = fileManifest({ title, digest: layer.digest, size: layer.size })
  const draft = await madeDraft(asked, manifest, tools)
  const beside = await besideFile(asked, { root: draft.root, content: layer.digest }, folder, tools)
  return { ...draft, ...beside, ...(looked === null ? {} : { looked }) }
}
