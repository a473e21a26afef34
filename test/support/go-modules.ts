import { spawnSync } from 'node:child_process'

/** The folder of a module's files, downloaded when it is not here and checked against the sums of its publisher. */
export function goModule(module: string, version: string): string {
  const env = { ...process.env, GOFLAGS: '' }
  const { status, stdout, stderr } = spawnSync('go', ['mod', 'download', '-json', `${module}@${version}`], {
    env,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`go mod download ${module}@${version}: ${stdout}${stderr}`.slice(0, 2000))
  const { Dir } = JSON.parse(stdout) as { Dir: string }
  return Dir
}

/** Why modules cannot be had; `null` where Go is here. */
export const missingGo = spawnSync('go', ['version']).status === 0 ? null : 'Go is not installed'
