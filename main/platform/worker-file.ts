/**
 * What a worker thread runs. Beside the bundle that holds this file lies worker.cjs; from source main/worker.ts is
 * started as it is.
 */
export function workerFile(): URL {
  const here = new URL(import.meta.url)
  return here.pathname.endsWith('.ts') ? new URL('../worker.ts', here) : new URL('worker.cjs', here)
}
