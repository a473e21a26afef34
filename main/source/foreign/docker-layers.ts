import { isDigest, type Digest } from '../../../shared/digest.ts'
import type { Tree, TreeFile } from '../../archive/tree.ts'
import { ManifestProblem } from '../../oci/descriptor.ts'
import { diffIdsOf, configPlatform } from '../../oci/image-config.ts'
import { formatPlatform } from '../../oci/platform.ts'
import { JsonError } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { Problems } from './contents.ts'
import { mayBeCompressed, unpackedSums } from './unpacked-sums.ts'

/** What a config says. */
export interface Config {
  /** Sums of the layers, unpacked, in their order. */
  readonly diffIds: readonly string[]
  readonly platform: string | null
}

/** Reads configs, all of them in one further going through at most; those that cannot be read are problems. */
export async function configsOf(
  tree: Tree,
  files: ReadonlySet<TreeFile>,
  problems: Problems,
): Promise<Map<TreeFile, Config>> {
  const found = new Map<TreeFile, Config>()
  const wrong = (path: string, expected: string, what: string): void =>
    problems.add('container.agreement', 'form', path, expected, what)
  const small = new Map<string, TreeFile>()
  for (const file of files) {
    if (file.size <= limits.manifestBytes) small.set(file.path, file)
    else wrong(file.path, `a config of at most ${limits.manifestBytes} bytes`, `${file.size} bytes`)
  }
  await tree.lendEach(new Set(small.keys()), async (path, bytes) => {
    const pieces: Buffer[] = []
    for await (const piece of bytes) pieces.push(piece)
    const file = small.get(path)
    try {
      const config = Buffer.concat(pieces)
      const platform = configPlatform(config)
      const diffIds = diffIdsOf(config)
      if (file !== undefined)
        found.set(file, { diffIds, platform: platform === null ? null : formatPlatform(platform) })
    } catch (error) {
      if (error instanceof ManifestProblem) wrong(path, error.expected, error.found)
      else if (error instanceof JsonError) wrong(path, 'a config', error.message)
      else throw error
    }
  })
  return found
}

/** The digest by which a file is called: `<hex>.json`, `<hex>.tar`, `<hex>.tar.gz`, `sha256:<hex>`, `blobs/sha256/<hex>`. */
export function digestInName(path: string): Digest | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const [, hex = ''] = /^(?:sha256:)?([0-9a-f]{64})(?:\.(?:json|tar|tar\.[a-z]+))?$/.exec(name) ?? []
  const digest = `sha256:${hex}`
  return isDigest(digest) ? digest : null
}

/**
 * Holds layers against what configs say of them, and against digests in their names.
 *
 * @param bound the layers that are here, each with all that is said of it
 */
export async function holdLayers(
  tree: Tree,
  bound: ReadonlyMap<TreeFile, ReadonlySet<string>>,
  problems: Problems,
): Promise<void> {
  const asTheyLie = (file: TreeFile): boolean =>
    [...(bound.get(file) ?? [])].every((sum) => sum === file.digest)
  const packed = [...bound.keys()].filter((file) => mayBeCompressed(file) && !asTheyLie(file))
  const wanted = new Set(packed.map(({ path }) => path))
  const unpacked = await unpackedSums(tree, wanted, problems)
  for (const [{ path, digest }, sums] of bound) {
    // What could not be unpacked is a problem already.
    const found = wanted.has(path) ? unpacked.get(path) : digest
    if (found === undefined) continue
    for (const sum of sums) {
      if (sum !== found) problems.add('container.sums', 'sum-differs', path, sum, found)
    }
    // Most tools call a layer by its bytes as they lie here, some by those that it unpacks to.
    const called = digestInName(path)
    if (called !== null && called !== digest && called !== found)
      problems.add('container.sums', 'sum-differs', path, called, digest)
  }
}
