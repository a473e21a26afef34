import { sha256Hex } from '../platform/hash.ts'
import { provePackage, targetName, type TrustPackage } from './package.ts'
import { readMetadata, TufError } from './tuf.ts'

/** A TUF repository: a mirror on the network, or a folder. `null` for a file that it does not have. */
export type Repository = (name: string) => Promise<Buffer | null>

const mostRoots = 200

async function firstOf(repository: Repository, names: readonly string[]): Promise<Buffer> {
  for (const name of names) {
    const found = await repository(name)
    if (found !== null) return found
  }
  throw new TufError(`the repository has no ${names[0] ?? 'file'}`)
}

/**
 * Collects what proves the trusted root of a repository, and verifies it at the time of collecting.
 *
 * @param first the root to begin with, which somebody has from elsewhere
 * @throws TufError
 */
export async function collectPackage(
  repository: Repository,
  first: Buffer,
  at: string,
): Promise<TrustPackage> {
  const roots = [first]
  let { version } = readMetadata('root', first).signed
  for (; roots.length < mostRoots; version++) {
    const next = await repository(`${version + 1}.root.json`)
    if (next === null) break
    roots.push(next)
  }
  const timestamp = await firstOf(repository, ['timestamp.json'])
  const ofSnapshot = readMetadata('timestamp', timestamp).signed.meta['snapshot.json'].version
  const snapshot = await firstOf(repository, [`${ofSnapshot}.snapshot.json`, 'snapshot.json'])
  const ofTargets = readMetadata('snapshot', snapshot).signed.meta['targets.json'].version
  const targets = await firstOf(repository, [`${ofTargets}.targets.json`, 'targets.json'])
  const listed = readMetadata('targets', targets).signed.targets
  const digest = Object.hasOwn(listed, targetName) ? (listed[targetName]?.hashes.sha256 ?? '') : ''
  const content = await firstOf(repository, [`targets/${digest}.${targetName}`, `targets/${targetName}`])
  const parts = { collected: at, roots, timestamp, snapshot, targets, content }
  provePackage(parts, { at, known: null, anchor: sha256Hex(first) })
  return parts
}
