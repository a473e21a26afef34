import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRuntime } from '../../build/runtime/runtime.ts'
import { writeQuestions } from '../support/attacks/questions.ts'
import { canStartElectron } from '../support/runtime-starts.ts'

/*
 * The verification core on the runtime of the app itself, whose crypto is BoringSSL: every honest bundle is accepted
 * and every attack refused there for the same reason as in Node.
 */

describe.skipIf(!canStartElectron)(
  'attacks on bundles, inside Electron (needs Linux and the libraries of Electron)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-negatives-'))
    let program = ''
    beforeAll(async () => {
      program = join((await findRuntime()).folder, 'electron')
      await build({
        configFile: false,
        logLevel: 'error',
        ssr: { noExternal: true },
        build: {
          ssr: join(import.meta.dirname, '..', 'support', 'answer-attacks.ts'),
          target: 'node18',
          outDir: join(folder, 'program'),
          minify: false,
          rolldownOptions: { output: { format: 'cjs', entryFileNames: 'answer.cjs' } },
        },
      })
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it(
      'accepts what is honest, and refuses the rest for the same reasons',
      { timeout: 300_000 },
      async () => {
        const expected = writeQuestions(folder)
        const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
        const words = [join(folder, 'program', 'answer.cjs'), folder]
        const { stdout } = await promisify(execFile)(program, words, { env, maxBuffer: 8 * 1024 * 1024 })
        const answers = stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { name: string; is: string })
        console.log(
          `${answers.length} bundles answered in Electron: ${[...expected.values()].filter((code) => code === 'accepted').length} honest ones, the rest attacks`,
        )
        expect(answers).toHaveLength(expected.size)
        expect(answers.filter(({ name, is }) => expected.get(name) !== is)).toEqual([])
      },
    )
  },
)
