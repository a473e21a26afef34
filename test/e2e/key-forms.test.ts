import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRuntime } from '../../build/runtime/runtime.ts'
import type { KeyAnswer } from '../support/answer-keys.ts'
import { buildFile } from '../support/build-file.ts'
import { expectedAnswer, keyForms, signedMessage } from '../support/key-forms.ts'
import { canStartElectron } from '../support/runtime-starts.ts'

/* Every form of a key on the runtime of the app itself, whose crypto is BoringSSL. */

describe.skipIf(!canStartElectron)(
  'forms of keys, inside Electron (needs Linux and the libraries of Electron)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-keys-'))
    const script = join(folder, 'answer.cjs')
    let program = ''
    beforeAll(async () => {
      program = join((await findRuntime()).folder, 'electron')
      await buildFile(join(import.meta.dirname, '..', 'support', 'answer-keys.ts'), script)
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it('are taken and refused as in Node', async () => {
      const file = join(folder, 'key-forms.json')
      writeFileSync(file, JSON.stringify({ forms: keyForms, message: signedMessage.toString() }))
      const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
      const { stdout } = await promisify(execFile)(program, [script, file], {
        env,
        maxBuffer: 8 * 1024 * 1024,
      })
      const answers = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as KeyAnswer)
      console.log(`${answers.length} forms of keys answered in Electron`)
      expect(answers).toEqual(keyForms.map(expectedAnswer))
    })
  },
)
