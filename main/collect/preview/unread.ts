import { stat } from 'node:fs/promises'
import { isLayout } from '../../../shared/names.ts'
import type { RequestItem } from '../../../shared/request.ts'
import { Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'
import { realInside } from '../../source/inside.ts'
import { webSize } from '../../source/web-size.ts'
import { filesBelow } from '../kinds/folder-files.ts'
import type { CollectTools } from '../tools.ts'

/** What is known of something that is not gone through before it is collected. */
export interface Unread {
  readonly size: number | null
  readonly notes: readonly string[]
}

const later = 'What is in it and what speaks for it is known once it is collected.'

async function bytesBelow(real: string, reference: string): Promise<number> {
  const files = await filesBelow(real, reference)
  return files.reduce((sum, { size }) => sum + size, 0)
}

/**
 * What is known of an item without going through it; `null` for those that are small enough to be taken for a look.
 *
 * @throws Failure `not-found`, `path-outside`, `folder-refused`, those of `webSize`
 */
export async function unread(
  asked: RequestItem,
  folder: string,
  tools: CollectTools,
): Promise<Unread | null> {
  const { kind, reference, at } = asked
  if (kind === 'url') {
    const size = await webSize({ url: new URL(reference), gate: tools.gate, signal: tools.signal })
    const missing = size === null ? 'Its server does not say how large it is. ' : ''
    return { size, notes: [`${missing}Whether it is the right one is known once it is collected.`] }
  }
  if (kind === 'git' && asked.url !== null)
    return {
      size: null,
      notes: ['git says how large it is, and whether that commit is there, once it is collected.'],
    }
  const local = ['git', 'folder', 'model', 'file', 'inside'].includes(kind)
  if (!local || isLayout(reference)) return null
  const real = await realInside(folder, reference, at)
  const found = await stat(real)
  if (found.isDirectory()) {
    if (kind === 'file' || kind === 'inside')
      throw new Failure('file-unreadable', { path: reference, found: 'not a regular file' })
    return { size: await bytesBelow(real, reference), notes: [later] }
  }
  const plain = kind === 'file' && asked.archive === null && found.size <= limits.previewFileBytes
  return plain ? null : { size: found.size, notes: [later] }
}
