import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/* The program of OpenSSF Model Signing, at the version that interop tests run against. */

const version = '1.1.1'
// It needs pyOpenSSL and does not say so.
const packages = [`model-signing==${version}`, 'pyopenssl==26.4.0']
// Outside the checkout, by version, as programs in Go are.
const place = join(homedir(), '.cache', 'sallyport', 'python', `model-signing-${version}`)
const python = join(place, 'bin', 'python')

function ran(program: string, words: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync(program, words, { encoding: 'utf8' })
  return status === 0 ? null : (error?.message ?? stderr).trim().slice(-300)
}

/** Why the program is not here and cannot be installed; `null` when it is. Installing it once takes half a minute. */
export function missingModelSigning(): string | null {
  if (existsSync(place)) return null
  const folder = `${place}-building-${process.pid}`
  mkdirSync(folder, { recursive: true })
  const quiet = ['--quiet', '--disable-pip-version-check']
  const wrong =
    ran('python3', ['-m', 'venv', folder]) ??
    ran(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', ...quiet, ...packages])
  if (wrong === null) renameSync(folder, place)
  rmSync(folder, { recursive: true, force: true })
  return wrong === null ? null : `model_signing could not be installed: ${wrong}`
}

/** Runs the program; gives its exit code and all that it said. */
export function modelSigning(
  folder: string,
  words: readonly string[],
): { code: number | null; said: string } {
  return runPython(folder, ['-m', 'model_signing', ...words])
}

/** The same of a few lines that use it as a library: its hashes and forms that have no option. */
export function modelSigningCode(folder: string, code: string): { code: number | null; said: string } {
  return runPython(folder, ['-c', code])
}

function runPython(folder: string, words: readonly string[]): { code: number | null; said: string } {
  const env = { PATH: process.env['PATH'], HOME: folder, PYTHONDONTWRITEBYTECODE: '1' }
  const { status, stdout, stderr } = spawnSync(python, words, { cwd: folder, encoding: 'utf8', env })
  return { code: status, said: `${stdout}${stderr}` }
}
