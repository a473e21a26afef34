import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where the worker is built to, before the first test of a run (see build-worker.ts). */
export const builtWorker = join(import.meta.dirname, '..', '..', '.cache', 'test', 'worker.cjs')

/*
 * Stands in for main/platform/worker-file.ts in every test. From source each thread would take the types off all
 * modules of a worker, which costs several times what a thread of the product costs. The product has no such choice:
 * the configuration of the tests puts this file in the place of that one.
 */
export const workerFile = (): URL => pathToFileURL(builtWorker)
