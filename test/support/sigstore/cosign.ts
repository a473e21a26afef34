import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { programPath } from '../go-programs.ts'

// Not the synchronous form: the issuer that cosign asks lives in this process.
const execute = promisify(execFile)

/** What cosign said; `ok` when it ended with 0. */
export interface CosignAnswer {
  readonly ok: boolean
  readonly said: string
}

/** The passphrase of every key that cosign makes or opens here. */
export const cosignPassphrase = 'of a test that signs'

/** Runs cosign in a folder, with one passphrase for keys; offline in an empty network namespace. */
export async function cosign(
  folder: string,
  words: readonly string[],
  offline = false,
  variables: Readonly<Record<string, string>> = {},
): Promise<CosignAnswer> {
  const [program = '', ...rest] = [...(offline ? ['unshare', '-rn'] : []), programPath('cosign'), ...words]
  const env = {
    ...process.env,
    COSIGN_PASSWORD: cosignPassphrase,
    HOME: folder,
    TUF_ROOT: join(folder, 'tuf'),
    ...variables,
  }
  try {
    const { stdout, stderr } = await execute(program, rest, { cwd: folder, env })
    return { ok: true, said: `${stdout}${stderr}` }
  } catch (error) {
    return { ok: false, said: String(error) }
  }
}

/** A token as a file: cosign takes a long one on its command line for a file name. */
export function tokenFile(folder: string, token: string): string {
  const path = join(folder, `token-${randomBytes(6).toString('hex')}`)
  writeFileSync(path, token, { mode: 0o600 })
  return path
}
