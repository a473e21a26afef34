import { buildFile } from './build-file.ts'
import { builtWorker } from './worker-file.ts'

/** Builds main/worker.ts as it is now, once for all tests of a run. */
export async function setup(): Promise<void> {
  await buildFile('main/worker.ts', builtWorker)
}
