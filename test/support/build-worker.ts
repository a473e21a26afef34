import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { build, type Rolldown } from 'vite'
import { builtWorker } from './worker-file.ts'

/** Builds main/worker.ts as it is now, once for all tests of a run, into one file that needs nothing beside it. */
export async function setup(): Promise<void> {
  const [output] = [
    await build({
      configFile: false,
      logLevel: 'warn',
      ssr: { noExternal: true },
      build: {
        write: false,
        target: 'node18',
        ssr: 'main/worker.ts',
        rolldownOptions: { output: { format: 'cjs', codeSplitting: false } },
      },
    }),
  ].flat() as Rolldown.RolldownOutput[]
  await mkdir(dirname(builtWorker), { recursive: true })
  // Renamed into place: another run may be starting threads from it.
  const unfinished = `${builtWorker}.${process.pid}`
  await writeFile(unfinished, output!.output[0].code)
  await rename(unfinished, builtWorker)
}
