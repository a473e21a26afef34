import type { Digest } from '../../shared/digest.ts'
import type { Item, ItemKind } from '../../shared/waybill.ts'
import { causeOf, Failure } from '../platform/failure.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import { Below } from './below.ts'
import { ManifestProblem, type Descriptor } from './descriptor.ts'
import { configPlatform, readsAsConfig } from './image-config.ts'
import { chartLayers, chartNameIn, type CarriedChart } from './chart-manifest.ts'
import { fileOf, kindOf, treeKindOf, type CarriedFile } from './kind.ts'
import { childrenOf, parseManifest, type Manifest } from './manifest.ts'
import { currentFormat, isManifestType, isRefusedManifestType, nameOfRefused } from './media-types.ts'
import { treeOf, type CarriedTree } from './tree-manifest.ts'

/** The code of the finding that the subject of a manifest is not part of this; the finding is about that manifest. */
export const subjectLeft = 'subject-left'

/** Something that the content says about itself and that is not so. `reason` is a closed word. */
export interface GraphProblem {
  readonly reason: string
  readonly subject: string
  readonly expected: string
  readonly found: string
}

/** Everything that belongs to a list of items, as their manifests say. */
export interface Closure {
  /** `early`: manifests, indexes, configs and whatever evidence reaches. */
  readonly blobs: Map<Digest, { size: number; early: boolean }>
  readonly omitted: Map<Digest, number>
  /** By root digest. */
  readonly kinds: Map<Digest, ItemKind>
  readonly platforms: Map<Digest, string[]>
  /** The same with the versions of their systems: no waybill names those. */
  readonly precise: Map<Digest, string[]>
  readonly titles: Map<Digest, CarriedFile>
  readonly trees: Map<Digest, CarriedTree>
  /** What charts say of themselves, where it can be read. */
  readonly charts: Map<Digest, CarriedChart>
  readonly problems: GraphProblem[]
}

export interface ClosureInput {
  readonly items: readonly (Pick<Item, 'root' | 'evidence' | 'kind' | 'name'> & {
    readonly findings?: Item['findings']
  })[]
  readonly omitted: Pick<ReadonlySet<Digest>, 'has'>
  /** Gives a blob whole. Whatever it throws (but `cancelled`) becomes a problem. */
  readonly read: (digest: Digest, size: number) => Promise<Buffer>
}

type Named = Pick<Descriptor, 'mediaType' | 'digest' | 'size'> & {
  readonly platform?: Descriptor['platform']
}

class Walk {
  readonly blobs: Closure['blobs'] = new Map()
  readonly omitted: Closure['omitted'] = new Map()
  readonly problems: GraphProblem[] = []
  private readonly input: ClosureInput
  private readonly parsed = new Map<Digest, { mediaType: string; manifest: Manifest | null }>()
  private readonly walked = new Set<string>()
  private readonly sizes = new Map<Digest, number>()
  private readonly below = new Below({
    carried: (digest) =>
      this.input.omitted.has(digest) ? null : (this.parsed.get(digest)?.manifest ?? null),
    configured: (config) => this.readable(config, configPlatform),
    reads: async (config) => (await this.readable(config, readsAsConfig)) ?? false,
  })
  private readonly subjects: { subject: Digest; by: Digest; size: number; evidence: boolean }[] = []

  constructor(input: ClosureInput) {
    this.input = input
  }

  problem(reason: string, subject: string, expected: string, found: string): void {
    // A hostile graph shall not fill the memory with its own mistakes.
    if (this.problems.length < 1000) this.problems.push({ reason, subject, expected, found })
  }

  /** Notes that a blob belongs; whether there is still room for it. */
  private note(blob: Named, early: boolean): boolean {
    const size = this.sizes.get(blob.digest)
    if (size !== undefined && size !== blob.size) {
      this.problem('size-differs', blob.digest, `${size} bytes`, `${blob.size} bytes`)
    }
    const known = this.blobs.get(blob.digest)
    if (known === undefined && this.sizes.size >= limits.blobs) {
      this.problem('too-many', blob.digest, `at most ${limits.blobs} blobs`, 'more')
      return false
    }
    this.sizes.set(blob.digest, size ?? blob.size)
    if (this.input.omitted.has(blob.digest)) this.omitted.set(blob.digest, size ?? blob.size)
    else if (known === undefined) this.blobs.set(blob.digest, { size: blob.size, early })
    else known.early ||= early
    return true
  }

  /** A manifest and everything below it; `evidence`: all of that is wanted first. */
  async visit(blob: Named, depth: number, evidence: boolean): Promise<Manifest | null> {
    if (!this.note(blob, true) || this.input.omitted.has(blob.digest)) return null
    if (depth > limits.graphDepth) {
      this.problem('too-deep', blob.digest, `at most ${limits.graphDepth} levels`, 'more')
      return null
    }
    const manifest = await this.parse(blob)
    const mark = `${blob.digest} ${evidence ? 'evidence' : 'content'}`
    if (manifest === null || this.walked.has(mark)) return manifest
    this.walked.add(mark)
    if (manifest.subject !== null) {
      const { digest, size } = manifest.subject
      this.subjects.push({ subject: digest, by: blob.digest, size, evidence })
    }
    for (const child of childrenOf(manifest)) {
      const config = manifest.kind === 'manifest' && child === manifest.config
      if (manifest.kind === 'index' && isManifestType(child.mediaType))
        await this.visit(child, depth + 1, evidence)
      else if (manifest.kind === 'index' && isRefusedManifestType(child.mediaType)) {
        this.problem('format-refused', child.digest, currentFormat, nameOfRefused(child.mediaType))
      } else if (!this.note(child, evidence || config)) return manifest
    }
    return manifest
  }

  plain(blob: Named): void {
    this.note(blob, true)
  }

  private async parse(blob: Named): Promise<Manifest | null> {
    const earlier = this.parsed.get(blob.digest)
    if (earlier !== undefined) {
      if (earlier.mediaType !== blob.mediaType) {
        this.problem('two-media-types', blob.digest, earlier.mediaType, blob.mediaType)
      }
      return earlier.manifest
    }
    let manifest: Manifest | null = null
    try {
      manifest = parseManifest(await this.bytes(blob), blob.mediaType)
    } catch (error) {
      this.caught(blob.digest, error)
    }
    this.parsed.set(blob.digest, { mediaType: blob.mediaType, manifest })
    return manifest
  }

  private async bytes(blob: Named): Promise<Buffer> {
    if (blob.size > limits.manifestBytes) {
      throw new ManifestProblem('too-large', `at most ${limits.manifestBytes} bytes`, `${blob.size} bytes`)
    }
    const bytes = await this.input.read(blob.digest, blob.size)
    if (bytes.length !== blob.size) {
      throw new ManifestProblem('size-differs', `${blob.size} bytes`, `${bytes.length} bytes`)
    }
    const found = digestOf(bytes)
    if (found !== blob.digest) throw new ManifestProblem('digest-differs', blob.digest, found)
    return bytes
  }

  private caught(subject: string, error: unknown): void {
    if (error instanceof ManifestProblem) this.problem(error.reason, subject, error.expected, error.found)
    else if (error instanceof Failure && error.code === 'cancelled') throw error
    else this.problem('unreadable', subject, 'a readable blob', causeOf(error))
  }

  // What cannot be read in a config is not said there.
  private async readable<Value>(config: Descriptor, read: (bytes: Buffer) => Value): Promise<Value | null> {
    try {
      return read(await this.bytes(config))
    } catch (error) {
      if (error instanceof Failure && error.code === 'cancelled') throw error
      return null
    }
  }

  async describe(root: Digest, manifest: Manifest, closure: Closure): Promise<void> {
    const { image, platforms, precise } = await this.below.of(manifest)
    const kind = kindOf(manifest, image)
    closure.kinds.set(root, kind)
    closure.platforms.set(root, [...platforms])
    closure.precise.set(root, [...precise])
    if (kind === 'chart' && manifest.kind === 'manifest') {
      const found = await this.readable(manifest.config, chartNameIn)
      if (found !== null) closure.charts.set(root, { ...found, ...chartLayers(manifest) })
    }
    if (kind !== 'file' && treeKindOf(manifest.artifactType) === null) return
    try {
      if (kind === 'file') closure.titles.set(root, fileOf(manifest))
      else closure.trees.set(root, treeOf(manifest))
    } catch (error) {
      this.caught(root, error)
    }
  }

  checkSubjects(): void {
    // A subject is a weak reference: content may be carried without it, where that is said. Evidence speaks for something.
    const left = new Set(
      this.input.items.flatMap(({ findings = [] }) =>
        findings.filter(({ code }) => code === subjectLeft).map((one) => one.subject),
      ),
    )
    for (const { subject, by, size, evidence } of this.subjects) {
      const known = this.sizes.get(subject)
      if (known === undefined && !evidence && left.has(by)) continue
      if (known === undefined)
        this.problem('subject-missing', by, `its subject ${subject}`, 'not part of this')
      else if (known !== size) this.problem('size-differs', subject, `${known} bytes`, `${size} bytes`)
    }
  }
}

/**
 * Walks the content of items from their roots and their evidence (bundle.md, "Reading, in order", step 5). Each manifest
 * is parsed once, at most 4 MiB and 8 levels; the walk stops at omitted children. It never throws for what the content
 * says: that comes back as problems. Used when collecting and when verifying, so that both mean the same.
 */
export async function closureOf(input: ClosureInput): Promise<Closure> {
  const walk = new Walk(input)
  const { blobs, omitted, problems } = walk
  const closure: Closure = {
    blobs,
    omitted,
    problems,
    kinds: new Map(),
    platforms: new Map(),
    precise: new Map(),
    titles: new Map(),
    trees: new Map(),
    charts: new Map(),
  }
  const roots: [Digest, Manifest][] = []
  for (const item of input.items) {
    const root = await walk.visit(item.root, 1, false)
    if (root === null) {
      if (input.omitted.has(item.root.digest)) {
        walk.problem('root-omitted', item.name, 'a carried root', item.root.digest)
      }
      continue
    }
    roots.push([item.root.digest, root])
    if (root.artifactType !== item.root.artifactType) {
      walk.problem(
        'artifact-type-differs',
        item.name,
        root.artifactType ?? 'none',
        item.root.artifactType ?? 'none',
      )
    }
  }
  for (const evidence of input.items.flatMap((item) => item.evidence)) {
    if (isManifestType(evidence.mediaType)) await walk.visit(evidence, 1, true)
    else walk.plain(evidence)
  }
  walk.checkSubjects()
  for (const [digest, manifest] of roots) {
    await walk.describe(digest, manifest, closure)
  }
  return closure
}
