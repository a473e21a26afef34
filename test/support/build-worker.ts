import { rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildFile } from './build-file.ts'
import { builtWorker } from './worker-file.ts'

/*
 * A third of a thread's start is the compiling of all that it may have to do, and the tests start thousands. What was compiled is
 * kept, where Node can keep it; the product keeps nothing of the kind.
 */
const starting = `require('node:module').enableCompileCache?.(require('node:path').join(__dirname, 'compiled'))
require('./worker-built.cjs')
`

/** Builds main/worker.ts as it is now, once for all tests of a run. */
export async function setup(): Promise<void> {
  await buildFile('main/worker.ts', join(dirname(builtWorker), 'worker-built.cjs'))
  const unfinished = `${builtWorker}.${process.pid}`
  await writeFile(unfinished, starting)
  await rename(unfinished, builtWorker)
}
