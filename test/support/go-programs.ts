import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { goModule } from './go-modules.ts'

/** A program in Go at the version that interop tests run against. */
interface Program {
  readonly version: string
  readonly path: string
  /** What the compiler calls it. */
  readonly makes: string
  /**
   * The module that it is built in: its own `replace` lines and its own sums count, which `go install` refuses or does not
   * know. `path` is then below that module.
   */
  readonly module?: string
  readonly tags?: string
}

const kubectlKyverno = {
  module: 'github.com/kyverno/kyverno',
  path: './cmd/cli/kubectl-kyverno',
  makes: 'kubectl-kyverno',
}
const ofContainerd = { version: 'v2.2.0', module: 'github.com/containerd/containerd/v2' }

const programs = {
  cosign: { version: 'v3.1.3', path: 'github.com/sigstore/cosign/v3/cmd/cosign', makes: 'cosign' },
  fulcio: { version: 'v1.8.8', path: 'github.com/sigstore/fulcio', makes: 'fulcio' },
  'timestamp-server': {
    version: 'v2.0.4',
    path: 'github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server',
    makes: 'timestamp-server',
  },
  'rekor-server-posix': {
    version: 'v2.3.0',
    path: 'github.com/sigstore/rekor-tiles/v2/cmd/rekor-server/posix',
    makes: 'posix',
  },
  helm: { version: 'v4.3.1', path: 'helm.sh/helm/v4/cmd/helm', makes: 'helm' },
  kustomize: { version: 'v5.7.1', path: 'sigs.k8s.io/kustomize/kustomize/v5', makes: 'kustomize' },
  opa: { version: 'v1.22.2', path: 'github.com/open-policy-agent/opa', makes: 'opa' },
  // It calls itself go.podman.io/skopeo by now: under the name that it is served by, it can only be built inside itself.
  skopeo: {
    version: 'v1.23.0',
    module: 'github.com/containers/skopeo',
    path: './cmd/skopeo',
    makes: 'skopeo',
    tags: 'containers_image_openpgp exclude_graphdriver_btrfs exclude_graphdriver_devicemapper',
  },
  'policy-tester': {
    version: 'v0.13.0',
    module: 'github.com/sigstore/policy-controller',
    path: './cmd/tester',
    makes: 'tester',
  },
  // Before 1.19 an ImageValidatingPolicy asks for a root of trust outside; the ClusterPolicy of old is proven with both.
  'kyverno-1.17': { version: 'v1.17.1', ...kubectlKyverno },
  'kyverno-1.19': { version: 'v1.19.1', ...kubectlKyverno },
  containerd: {
    ...ofContainerd,
    path: './cmd/containerd',
    makes: 'containerd',
    tags: 'no_btrfs no_devmapper no_zfs no_aufs',
  },
  ctr: { ...ofContainerd, path: './cmd/ctr', makes: 'ctr' },
} as const satisfies Readonly<Record<string, Program>>

/** A program that is built here. */
export type GoProgram = keyof typeof programs

/** The programs of the Sigstore project. */
export const ofSigstore = ['cosign', 'fulcio', 'timestamp-server', 'rekor-server-posix'] as const

// Outside the checkout, by version: a clean checkout does not build them again, and a new version never runs the old.
const cache = join(homedir(), '.cache', 'sallyport', 'go')

const placeOf = (name: GoProgram): string => join(cache, `${name}-${programs[name].version}`)

/** What is missing although it cannot be built here; `null` when everything is there. */
export function missingPrograms(names: readonly GoProgram[] = ofSigstore): string | null {
  const missing = names.filter((name) => !existsSync(placeOf(name)))
  if (missing.length === 0) return null
  const go = spawnSync('go', ['version']).status === 0
  return go ? null : `Go is not installed, and ${missing.join(', ')} must be built`
}

function run(words: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status, stderr } = spawnSync('go', words, { env })
  if (status !== 0) throw new Error(`go ${words.join(' ')}: ${stderr.toString('utf8').slice(-2000)}`)
}

/** Milliseconds after which whoever was building has died over it, and between two looks. */
const buildTime = 1_800_000
const pause = 1000

/** Whether this process builds; else it has waited until another one that did has ended. */
function begin(folder: string): boolean {
  mkdirSync(cache, { recursive: true })
  try {
    mkdirSync(folder)
    return true
  } catch {
    // Two builds of one program beside each other take longer than one after the other.
    while (existsSync(folder) && Date.now() - statSync(folder).ctimeMs < buildTime)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true })
    return false
  }
}

/** Whether a program is there already; one that is built only on request is used where it is. */
export const isBuilt = (name: GoProgram): boolean => existsSync(placeOf(name))

/** The path of a program, built when it is not in the cache. */
export function programPath(name: GoProgram): string {
  const place = placeOf(name)
  if (existsSync(place)) return place
  const { path, version, makes, module, tags = '' }: Program = programs[name]
  const folder = join(cache, `building-${name}`)
  if (!begin(folder)) return programPath(name)
  try {
    const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '' }
    if (module === undefined) run(['install', '-trimpath', `${path}@${version}`], env)
    else {
      const words = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-tags', tags]
      run(['build', '-C', goModule(module, version), ...words, '-o', join(folder, makes), path], env)
    }
    renameSync(join(folder, makes), place)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return place
}

/** Builds what is missing, which takes minutes: before the first case, so that none waits for it. */
export function buildPrograms(names: readonly GoProgram[] = ofSigstore): void {
  for (const name of names) programPath(name)
}

/** Built only on request (`npm run engines`), because it takes long and a newer one is judged by the same files. */
export const onRequest: GoProgram = 'kyverno-1.17'

/** Why an older engine is not run; `null` where it is there. */
export const notBuilt: string | null = isBuilt(onRequest)
  ? null
  : 'Kyverno 1.17.1 is built only on request (npm run engines)'

/** Everything there is, for `npm run engines`. */
export const allPrograms = Object.keys(programs) as GoProgram[]
