import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/*
 * Folders that many tests begin with, made once a run and copied. The folder of a run is made and cleared away by the
 * runner (see test/support/run-folder.ts), so nothing is ever older than the source; without one, as in a benchmark,
 * everything is made where it is wanted.
 */

/** Names the folder of a run to the processes of its tests. */
export const runFolder = 'SALLYPORT_TEST_RUN'

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Fills `folder`, which is there and empty, with what `make` puts into a folder; `name` says what that is. */
export async function copyPrepared(
  folder: string,
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<void> {
  const run = process.env[runFolder]
  if (run === undefined) {
    await make(folder)
    return
  }
  const ready = join(run, name)
  if (!(await isThere(ready))) {
    const own = await mkdtemp(join(run, 'making-'))
    await make(own)
    // Another process may have been faster: then the folder that it made is taken.
    try {
      await rename(own, ready)
    } catch (error) {
      if (!(await isThere(ready))) throw error
      await rm(own, { recursive: true })
    }
  }
  await cp(ready, folder, { recursive: true })
}
