import { createHash } from 'node:crypto'
import { ArchiveProblem } from './problem.ts'
import type { TreeFile, Use } from './tree.ts'

/**
 * Gives the bytes of a file again, and holds them against what they were when it was gone through.
 *
 * @throws ArchiveProblem `changing`; whatever the bytes or the use throw
 */
export async function giveAgain(file: TreeFile, bytes: AsyncIterable<Buffer>, use: Use): Promise<void> {
  const hash = createHash('sha256')
  const body = bytes[Symbol.asyncIterator]()
  let broken: unknown
  // Without `return`: who stops early, as decoders do at an error, does not end the archive around it.
  const hashed: AsyncIterator<Buffer, undefined> = {
    next: async () => {
      try {
        const next = (await body.next()) as IteratorResult<Buffer, undefined>
        if (next.done !== true) hash.update(next.value)
        return next
      } catch (error) {
        broken = error
        throw error
      }
    },
  }
  await use(file.path, { [Symbol.asyncIterator]: () => hashed })
  // What is wrong with the archive around it is not said of this file, whatever the use made of it.
  if (broken !== undefined) throw broken as Error
  while ((await hashed.next()).done !== true);
  const found = `sha256:${hash.digest('hex')}`
  if (found !== file.digest) {
    throw new ArchiveProblem('changing', { subject: file.path, expected: file.digest, found })
  }
}
