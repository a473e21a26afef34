import type { RequestPlace } from '../../../shared/request.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { realInside } from '../../source/inside.ts'
import type { CollectTools } from '../tools.ts'

/** What became of a signature that somebody of some keys must have made: who it was, or why it does not count, in words. */
export type Signed = { readonly signer: string } | { readonly found: string }

/** The file with keys that a request names. @throws Failure `path-outside`, `not-found`, `file-too-large`, `file-unreadable` */
export async function keysIn(folder: string, key: string, at: RequestPlace): Promise<Buffer> {
  return readCapped(await realInside(folder, key, at), limits.keyringBytes)
}

/** Judges what lies beside a file as its signature, by these keys and nothing else. Every one that is there must hold. */
export async function signedBy(path: string, keys: Buffer, tools: CollectTools): Promise<Signed> {
  const { checks } = await tools.foreign.look(path, [keys])
  const found = checks.filter(({ id }) => id === 'container.signature')
  const wrong = found.find(({ result }) => result !== 'pass')
  if (wrong !== undefined) return { found: `${wrong.found} (${wrong.reason})` }
  const [first] = found
  return first === undefined ? { found: 'no signature that is read' } : { signer: first.found }
}
