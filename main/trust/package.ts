import { z } from 'zod'
import { zBase64, zTime } from '../../shared/schema.ts'
import { canonical, parseCanonical } from '../platform/json.ts'
import { sha256Hex } from '../platform/hash.ts'
import {
  checkThreshold,
  keysOf,
  readMetadata,
  TufError,
  type Metadata,
  type RoleName,
  type Signed,
} from './tuf.ts'

/** The target that a trust package carries. */
export const targetName = 'trusted_root.json'

const zPackage = z.strictObject({
  format: z.literal('sallyport.trust-package/v1'),
  /** When it was collected, as the collecting computer claims. */
  collected: zTime,
  /** The chain of roots, the oldest first. */
  roots: z.array(zBase64).min(1).max(200),
  timestamp: zBase64,
  snapshot: zBase64,
  targets: zBase64,
  content: zBase64,
})

/** Everything that proves one file of trusted roots by a TUF repository. */
export interface TrustPackage {
  readonly collected: string
  readonly roots: readonly Buffer[]
  readonly timestamp: Buffer
  readonly snapshot: Buffer
  readonly targets: Buffer
  readonly content: Buffer
}

/** Versions of the metadata that was last taken; none of them ever falls. */
export interface Versions {
  readonly root: number
  readonly timestamp: number
  readonly snapshot: number
  readonly targets: number
}

/** What a desk already believes: the root to go on from, and the versions it has seen. */
export interface Known {
  readonly root: Buffer
  readonly versions: Versions
}

/** A package, verified at one time. */
export interface Proven {
  readonly content: Buffer
  /** The last root of the chain: what the next package goes on from. */
  readonly root: Buffer
  readonly versions: Versions
}

/** The file of a package. */
export function packageBytes(parts: TrustPackage): Buffer {
  const text = (bytes: Buffer): string => bytes.toString('base64')
  return canonical({
    format: 'sallyport.trust-package/v1',
    collected: parts.collected,
    roots: parts.roots.map(text),
    timestamp: text(parts.timestamp),
    snapshot: text(parts.snapshot),
    targets: text(parts.targets),
    content: text(parts.content),
  })
}

/** Parses the file of a package. Nothing in it is believed yet. @throws TufError */
export function readPackage(bytes: Uint8Array): TrustPackage {
  let value: unknown
  try {
    value = parseCanonical(bytes)
  } catch (error) {
    throw new TufError(error instanceof Error ? error.message : 'not JSON')
  }
  const parsed = zPackage.safeParse(value)
  if (!parsed.success) throw new TufError('not a trust package of this version')
  const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64')
  const { collected, roots, timestamp, snapshot, targets, content } = parsed.data
  return {
    collected,
    roots: roots.map(bytesOf),
    timestamp: bytesOf(timestamp),
    snapshot: bytesOf(snapshot),
    targets: bytesOf(targets),
    content: bytesOf(content),
  }
}

// No version falls (TUF 5.4.3.1, 5.5.5), and what has expired proves nothing (5.4.4, 5.5.6, 5.6.5).
function checkFresh(metadata: Metadata<RoleName>, at: string, least: number): void {
  const { version, expires } = metadata.signed
  if (version < least)
    throw new TufError(`${metadata.name} version ${version}; version ${least} was seen here`)
  if (expires <= at) throw new TufError(`${metadata.name} expired on ${expires}`)
}

/**
 * The lowest versions that may follow. Where the keys of timestamp or snapshot changed, those two begin anew: whoever
 * had the old keys may have signed versions so high that nothing honest could ever follow (TUF 5.3.11).
 */
export function leastVersions(known: Known, next: Buffer): Versions {
  const { signed: before } = readMetadata('root', known.root)
  const { signed: after } = readMetadata('root', next)
  const kept = (['timestamp', 'snapshot'] as const).every(
    (role) => keysOf(before, role) === keysOf(after, role),
  )
  return kept ? known.versions : { ...known.versions, timestamp: 1, snapshot: 1 }
}

function checkFile(
  name: string,
  bytes: Buffer,
  said: {
    readonly length?: number | undefined
    readonly hashes?: { readonly sha256?: string | undefined } | undefined
  },
): void {
  if (said.length !== undefined && said.length !== bytes.length)
    throw new TufError(`${name} of another length`)
  const sha256 = said.hashes?.sha256
  if (sha256 !== undefined && sha256 !== sha256Hex(bytes)) throw new TufError(`${name} with another digest`)
}

// The first root is what somebody typed from paper, or what was believed before (TUF 5.2); each next is signed by both.
function followRoots(
  chain: readonly Buffer[],
  known: Known | null,
  anchor: string | null,
): {
  readonly root: Signed<'root'>
  readonly bytes: Buffer
} {
  const [first] = chain
  if (first === undefined) throw new TufError('no root')
  const start = known?.root ?? first
  if (known === null && sha256Hex(first) !== anchor)
    throw new TufError('a first root that was not typed from paper')
  let bytes = start
  let current = readMetadata('root', start)
  checkThreshold(current.signed, current)
  for (const next of chain) {
    const metadata = readMetadata('root', next)
    const { version } = metadata.signed
    if (version < current.signed.version) continue
    if (version === current.signed.version) {
      // Signatures of the same content may differ from copy to copy.
      if (!metadata.message.equals(current.message))
        throw new TufError(`another root with version ${version}`)
      continue
    }
    // 5.3.5: none is left out, so that none that took keys away is passed over.
    if (version !== current.signed.version + 1) {
      throw new TufError(`root version ${version} after version ${current.signed.version}`)
    }
    // 5.3.4: by the keys before, and by its own. That one in between has expired does not matter (5.3.6).
    checkThreshold(current.signed, metadata)
    checkThreshold(metadata.signed, metadata)
    current = metadata
    bytes = next
  }
  return { root: current.signed, bytes }
}

/**
 * Verifies a whole package at one time (TUF 5.1): root chain, timestamp, snapshot, targets and content.
 *
 * @param anchor SHA-256 of the first root, typed from paper; only used where nothing is known yet
 * @throws TufError
 */
export function provePackage(
  parts: TrustPackage,
  ask: { readonly at: string; readonly known: Known | null; readonly anchor: string | null },
): Proven {
  const { at, known } = ask
  const { root, bytes } = followRoots(parts.roots, known, ask.anchor)
  // 5.3.10
  if (root.expires <= at) throw new TufError(`root version ${root.version} expired on ${root.expires}`)
  const least = known === null ? null : leastVersions(known, bytes)
  // 5.4.2, 5.5.3, 5.6.3: by the keys that the last root names.
  const take = <Name extends 'timestamp' | 'snapshot' | 'targets'>(
    name: Name,
    file: Buffer,
  ): Metadata<Name> => {
    const metadata = readMetadata(name, file)
    checkThreshold(root, metadata)
    checkFresh(metadata, at, least?.[name] ?? 1)
    return metadata
  }
  const timestamp = take('timestamp', parts.timestamp)
  const ofSnapshot = timestamp.signed.meta['snapshot.json']
  // 5.5.2, 5.5.4: the snapshot that the timestamp names; not every repository states its digest.
  checkFile('snapshot', parts.snapshot, ofSnapshot)
  const snapshot = take('snapshot', parts.snapshot)
  if (snapshot.signed.version !== ofSnapshot.version)
    throw new TufError('another snapshot than the timestamp names')
  const ofTargets = snapshot.signed.meta['targets.json']
  // 5.6.2, 5.6.4
  checkFile('targets', parts.targets, ofTargets)
  const targets = take('targets', parts.targets)
  if (targets.signed.version !== ofTargets.version)
    throw new TufError('other targets than the snapshot names')
  const listed = targets.signed.targets
  const target = Object.hasOwn(listed, targetName) ? listed[targetName] : undefined
  if (target === undefined) throw new TufError(`no target ${targetName}`)
  // 5.7.2
  checkFile(targetName, parts.content, target)
  return {
    content: parts.content,
    root: bytes,
    versions: {
      root: root.version,
      timestamp: timestamp.signed.version,
      snapshot: snapshot.signed.version,
      targets: targets.signed.version,
    },
  }
}
