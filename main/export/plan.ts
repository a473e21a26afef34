import type { Digest } from '../../shared/digest.ts'
import type { Evidence, Item } from '../../shared/waybill.ts'
import { ManifestProblem, type Descriptor } from '../oci/descriptor.ts'
import type { ReadManifest } from '../oci/list-referrer.ts'
import { childrenOf, parseManifest, type Manifest } from '../oci/manifest.ts'
import { isManifestType } from '../oci/media-types.ts'
import { Failure } from '../platform/failure.ts'
import { readCapped } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import type { Exportable } from './export.ts'

export interface PlannedManifest extends ReadManifest {
  /** Whether children of it stay behind. */
  readonly sparse: boolean
}

/** What goes to one repository: blobs first, then manifests in this order, children before what names them. */
export interface Plan {
  readonly blobs: Map<Digest, number>
  readonly manifests: Map<Digest, PlannedManifest>
}

type Named = Pick<Descriptor, 'digest' | 'mediaType' | 'size'>

function parse(bytes: Buffer, named: Named): Manifest {
  const found = digestOf(bytes)
  if (found !== named.digest) {
    throw new Failure('content-damaged', { subject: named.digest, expected: named.digest, found })
  }
  try {
    return parseManifest(bytes, named.mediaType)
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    const { reason, expected } = error
    throw new Failure('content-damaged', {
      subject: named.digest,
      expected,
      found: `${reason}: ${error.found}`,
    })
  }
}

async function add(named: Named, depth: number, plan: Plan, content: Carried): Promise<void> {
  if (plan.manifests.has(named.digest)) return
  if (depth > limits.graphDepth) {
    throw new Failure('content-damaged', { subject: named.digest, expected: 'fewer levels', found: 'more' })
  }
  const bytes = await readCapped(content.path(named.digest), limits.manifestBytes)
  const manifest = parse(bytes, named)
  let sparse = false
  for (const child of childrenOf(manifest)) {
    if (!content.carried.has(child.digest)) sparse = true
    else if (manifest.kind === 'index' && isManifestType(child.mediaType))
      await add(child, depth + 1, plan, content)
    else plan.blobs.set(child.digest, child.size)
  }
  const { digest, mediaType } = named
  plan.manifests.set(digest, { bytes, digest, mediaType, manifest, sparse })
}

interface Carried {
  readonly carried: ReadonlySet<Digest>
  path(digest: Digest): string
}

// A piece of evidence comes after what it speaks for, which may be evidence too.
function inOrder(evidence: readonly Evidence[]): Evidence[] {
  const own = new Set(evidence.map((one) => one.digest))
  const done = new Set<Digest>()
  const ordered: Evidence[] = []
  for (let before = -1; before !== ordered.length;) {
    before = ordered.length
    for (const one of evidence) {
      if (done.has(one.digest) || (own.has(one.subject) && !done.has(one.subject))) continue
      done.add(one.digest)
      ordered.push(one)
    }
  }
  return ordered
}

/**
 * What one item brings to a repository, read from the disc and hashed again.
 *
 * @throws Failure `content-damaged`, `file-unreadable`
 */
export async function planOf(item: Item, content: Exportable): Promise<Plan> {
  const plan: Plan = { blobs: new Map(), manifests: new Map() }
  const carried: Carried = {
    carried: new Set(content.blobs.map((blob) => blob.digest)),
    path: (digest) => content.path(digest),
  }
  await add(item.root, 1, plan, carried)
  for (const evidence of inOrder(item.evidence)) {
    if (isManifestType(evidence.mediaType)) await add(evidence, 1, plan, carried)
    else plan.blobs.set(evidence.digest, evidence.size)
  }
  return plan
}
