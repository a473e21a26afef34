import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ServedRegistry } from '../served-registry.ts'

const execute = promisify(execFile)

/** Why nothing can be run without a network; `null` where it can. */
export const missingAlone =
  spawnSync('unshare', ['-rnm', 'bash', '-c', 'ip link set lo up']).status === 0
    ? null
    : 'this computer gives no network of its own (unshare -rnm, ip)'

// The registry serves the same storage once more, in a network in which there is nothing else.
const script = `
ip link set lo up
docker-registry serve "$1" >/dev/null 2>&1 &
registry=$!
trap 'kill -9 $registry' EXIT
for try in $(seq 200); do
  (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null && break
  sleep 0.05
done
shift 2
"$@"
`

/** What a program said, and how it ended. */
export interface Ended {
  readonly code: number
  readonly said: string
}

/** Runs a program in a network with nothing in it but the registry. */
export async function alone(
  { host, folder }: ServedRegistry,
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const port = host.slice(host.lastIndexOf(':') + 1)
  const all = ['-rnm', 'bash', '-c', script, 'alone', join(folder, 'config.yml'), port, ...words]
  try {
    const { stdout, stderr } = await execute('unshare', all, { env: { ...process.env, ...variables } })
    return { code: 0, said: `${stdout}${stderr}` }
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string }
    if (typeof code !== 'number') throw error
    return { code, said: `${stdout ?? ''}${stderr ?? ''}` }
  }
}
