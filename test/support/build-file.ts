import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { build, type Rolldown } from 'vite'

/** Builds a source file and all that it needs, as they now are, into one file. */
export async function buildFile(source: string, file: string): Promise<void> {
  const [output] = [
    await build({
      configFile: false,
      logLevel: 'warn',
      ssr: { noExternal: true },
      build: {
        write: false,
        target: 'node18',
        ssr: source,
        rolldownOptions: { output: { format: 'cjs', codeSplitting: false } },
      },
    }),
  ].flat() as Rolldown.RolldownOutput[]
  await mkdir(dirname(file), { recursive: true })
  // Renamed into place: another run may be starting threads from it.
  const unfinished = `${file}.${process.pid}`
  await writeFile(unfinished, output!.output[0].code)
  await rename(unfinished, file)
}
