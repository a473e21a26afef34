import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { findRuntime } from '../../build/runtime/runtime.ts'
import { sallyport } from '../support/command-line.ts'
import { hasCases, officialCases, privateCases, withOptOuts, type Case } from '../support/conformance.ts'
import { canStartElectron } from '../support/runtime-starts.ts'

/* The whole suite on the runtime of the app itself, whose crypto is BoringSSL: the built command line, one start a case. */

let program = ''
/** What the second verifier said of each case that was accepted. */
const opinions: { readonly one: Case; readonly opinion: string | null }[] = []

interface Answer {
  readonly code: number
  readonly reason: string
  readonly opinion: string | null
}

function answer(one: Case): Promise<Answer> {
  const words = [resolve('out/main/cli.cjs'), ...withOptOuts(one), '--json']
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
  return new Promise((done) => {
    execFile(program, words, { env }, (error, stdout) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      const said = JSON.parse(stdout || '{}') as {
        reason?: { code: string } | null
        failure?: { code: string }
        opinion?: { answer: string } | null
      }
      const reason = said.reason?.code ?? said.failure?.code ?? ''
      done({ code, reason, opinion: said.opinion?.answer ?? null })
    })
  })
}

async function answers(cases: readonly Case[]): Promise<unknown[]> {
  const wrong: unknown[] = []
  const left = [...cases]
  const work = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      const { code, reason, opinion } = await answer(one)
      if (code === 0) opinions.push({ one, opinion })
      const right =
        one.cannot !== null
          ? code === 3 && reason === one.cannot
          : one.expected === 'either'
            ? code === 0 || code === 3
            : (code === 0) === (one.expected === 'pass') && code >= 0
      if (!right) wrong.push({ name: one.name, expected: one.expected, code, reason })
    }
  }
  await Promise.all([work(), work()])
  return wrong
}

const ready = hasCases && canStartElectron && existsSync('out/main/cli.cjs')

describe.skipIf(!ready)(
  'verify-bundle inside Electron (needs ../shared/fixtures, a build and the libraries of Electron)',
  () => {
    beforeAll(async () => {
      const runtime = await findRuntime()
      program = join(runtime.folder, 'electron')
    })

    it('is really Electron, with BoringSSL', async () => {
      const found = await new Promise<string>((done) => {
        const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
        const ask =
          'console.log(Boolean(process.versions.electron), crypto.getCurves().includes("secp256k1"))'
        execFile(program, ['-e', ask], { env }, (_, stdout) => done(stdout.trim()))
      })
      expect(found).toBe('true false')
    })

    for (const mode of ['path', 'digest'] as const) {
      it(`answers the official cases, by ${mode}`, async () => {
        expect(await answers(officialCases(mode))).toEqual([])
      })
      it(`answers the private cases, by ${mode}`, { timeout: 240_000 }, async () => {
        expect(await answers(privateCases(mode))).toEqual([])
      })
    }

    it('hears the same second opinion as in Node, and never a contradiction', async () => {
      expect(opinions.map(({ opinion }) => opinion)).toContain('agrees')
      const other: unknown[] = []
      for (const { one, opinion } of opinions) {
        const { json } = await sallyport(withOptOuts(one))
        const inNode = (json['opinion'] as { answer: string } | null)?.answer
        if (inNode !== opinion || opinion === 'contradicts') other.push({ name: one.name, inNode, opinion })
      }
      expect(other).toEqual([])
    })
  },
)
