import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Programs in Go at the versions that interop tests run against. */
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
} as const

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

/** The path of a program, built with `go install` when it is not in the cache. */
export function programPath(name: GoProgram): string {
  const place = placeOf(name)
  if (existsSync(place)) return place
  const { path, version, makes } = programs[name]
  const folder = join(cache, `building-${name}-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '' }
  const { status, stderr } = spawnSync('go', ['install', '-trimpath', `${path}@${version}`], { env })
  if (status !== 0) throw new Error(`go install ${path}@${version}: ${stderr.toString('utf8').slice(-2000)}`)
  renameSync(join(folder, makes), place)
  rmSync(folder, { recursive: true, force: true })
  return place
}

/** Builds what is missing, which takes minutes: before the first case, so that none waits for it. */
export function buildPrograms(names: readonly GoProgram[] = ofSigstore): void {
  for (const name of names) programPath(name)
}
