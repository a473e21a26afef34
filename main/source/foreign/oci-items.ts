import type { Digest } from '../../../shared/digest.ts'
import { Below } from '../../oci/below.ts'
import { ManifestProblem, type Descriptor } from '../../oci/descriptor.ts'
import { configPlatform, readsAsConfig } from '../../oci/image-config.ts'
import { kindOf } from '../../oci/kind.ts'
import { namesOf } from '../../oci/layout.ts'
import { childrenOf, parseManifest, type Manifest } from '../../oci/manifest.ts'
import { isImageLayerType, isManifestType } from '../../oci/media-types.ts'
import { formatPlatform } from '../../oci/platform.ts'
import { cutReference } from '../../oci/reference.ts'
import { JsonError } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { SharedLayout } from '../layout-evidence.ts'
import type { ReadManifest } from '../source.ts'
import type { ForeignItem, Problems } from './contents.ts'
import type { TreeBlobs } from './tree-blobs.ts'

type Named = Pick<Descriptor, 'digest' | 'size' | 'mediaType'>

/** Goes through manifests in a tree, from those that somebody names. */
export class OciWalk {
  private readonly blobs: TreeBlobs
  private readonly problems: Problems
  private readonly warnings: Problems
  private readonly read = new Map<Digest, ReadManifest | null>()
  private readonly below: Below

  constructor(blobs: TreeBlobs, problems: Problems, warnings: Problems) {
    this.blobs = blobs
    this.problems = problems
    this.warnings = warnings
    this.below = new Below({
      carried: (digest) => this.read.get(digest)?.manifest ?? null,
      configured: (config) => this.config(config, configPlatform),
      reads: async (config) => (await this.config(config, readsAsConfig)) ?? false,
    })
  }

  private async config<Value>(config: Descriptor, read: (bytes: Buffer) => Value): Promise<Value | null> {
    if (!this.blobs.has(config.digest) || config.size > limits.manifestBytes) return null
    try {
      return read(await this.blobs.read(config.digest, limits.manifestBytes))
    } catch (error) {
      // What cannot be read in a config is not said there.
      if (error instanceof JsonError || error instanceof ManifestProblem) return null
      throw error
    }
  }

  /**
   * Reads a manifest and all below it; what is missing, of another size or no manifest becomes a problem.
   *
   * @param sparse it is the child of an index: that it is not here is only worth saying
   */
  async visit(named: Named & Partial<Descriptor>, depth = 1, sparse = false): Promise<ReadManifest | null> {
    const known = this.read.get(named.digest)
    if (known !== undefined) return known
    if (!this.present(named, sparse)) return null
    if (depth > limits.graphDepth) {
      const expected = `at most ${limits.graphDepth} levels of manifests`
      this.problems.add('container.complete', 'too-deep', named.digest, expected, 'more')
      return null
    }
    const found = await this.parse(named)
    this.read.set(named.digest, found)
    if (found === null) return null
    for (const child of childrenOf(found.manifest)) {
      const inIndex = found.manifest.kind === 'index'
      if (inIndex && isManifestType(child.mediaType)) await this.visit(child, depth + 1, true)
      else this.present(child, false)
    }
    return found
  }

  /** Whether a blob is here, in the size that it is said to have. */
  private present(named: Named & Partial<Descriptor>, sparse: boolean): boolean {
    const size = this.blobs.sizeOf(named.digest)
    if (size === null) {
      const platform = named.platform == null ? null : formatPlatform(named.platform)
      const found = platform === null ? 'not here' : `not here (${platform})`
      const expected = `${named.mediaType}, ${named.size} bytes`
      // An export of some platforms keeps the index of all: that is no damage.
      if (sparse) this.warnings.add('container.complete', 'platform-missing', named.digest, expected, found)
      else this.problems.add('container.complete', 'missing', named.digest, expected, found)
      return false
    }
    if (size === named.size) return true
    const expected = `${named.size} bytes`
    this.problems.add('container.sums', 'size-differs', named.digest, expected, `${size} bytes`)
    return false
  }

  private async parse({ digest, size, mediaType }: Named): Promise<ReadManifest | null> {
    if (size > limits.manifestBytes) {
      const expected = `a manifest of at most ${limits.manifestBytes} bytes`
      this.problems.add('container.agreement', 'form', digest, expected, `${size} bytes`)
      return null
    }
    try {
      const bytes = await this.blobs.read(digest, limits.manifestBytes)
      return { bytes, digest, mediaType, manifest: parseManifest(bytes, mediaType) }
    } catch (error) {
      if (!(error instanceof ManifestProblem)) throw error
      this.problems.add('container.agreement', 'form', digest, error.expected, error.found)
      return null
    }
  }

  /** Bytes of everything below a manifest that is here, each once. */
  private sizeOf(root: ReadManifest): number {
    const seen = new Map<Digest, number>([[root.digest, root.bytes.length]])
    const add = (manifest: Manifest): void => {
      for (const { digest } of childrenOf(manifest)) {
        const size = this.blobs.sizeOf(digest)
        if (size === null || seen.has(digest)) continue
        seen.set(digest, size)
        const below = this.read.get(digest)
        if (below != null) add(below.manifest)
      }
    }
    add(root.manifest)
    return [...seen.values()].reduce((sum, size) => sum + size, 0)
  }

  /** Every manifest below one, itself first, as far as they are here. */
  withBelow(root: ReadManifest): ReadManifest[] {
    const found = new Map<Digest, ReadManifest>()
    const add = (one: ReadManifest): void => {
      if (found.has(one.digest)) return
      found.set(one.digest, one)
      if (one.manifest.kind === 'index')
        for (const child of one.manifest.manifests) {
          const below = this.read.get(child.digest)
          if (below != null) add(below)
        }
    }
    add(root)
    return [...found.values()]
  }

  /**
   * Whether an image can be run from a manifest, or from one below it: by its layers. Such a one is an item, whatever tag,
   * mark or subject says that it speaks for another, or it would be carried and never shown.
   */
  holdsImage(root: ReadManifest): boolean {
    return this.withBelow(root).some(
      ({ manifest }) =>
        manifest.kind === 'manifest' && manifest.layers.some(({ mediaType }) => isImageLayerType(mediaType)),
    )
  }

  /** What a manifest is, with what speaks for it. */
  async item(root: ReadManifest, references: readonly string[], layout: SharedLayout): Promise<ForeignItem> {
    const { image, platforms } = await this.below.of(root.manifest)
    const kind = foreignKind(root.manifest, kindOf(root.manifest, image) === 'image')
    const [name = null] = references
    const evidence: { subject: Digest; manifest: ReadManifest }[] = []
    for (const { digest: subject } of this.withBelow(root)) {
      for (const named of await layout.speakingFor(subject)) {
        const manifest = await this.visit(named)
        if (manifest !== null) evidence.push({ subject, manifest })
      }
    }
    const stated = root.manifest.kind === 'index' ? statedPlatforms(root.manifest.manifests) : []
    return {
      kind,
      name,
      version: name === null ? null : versionOf(name),
      references,
      digest: root.digest,
      mediaType: root.mediaType,
      platforms: [...new Set([...platforms, ...stated])],
      size: this.sizeOf(root),
      evidence,
    }
  }
}

function statedPlatforms(manifests: readonly Descriptor[]): string[] {
  return manifests.flatMap(({ platform }) => (platform === null ? [] : (formatPlatform(platform) ?? [])))
}

/** What is told by its config: charts of Helm, and what Hauler puts beside images (its `kind` says image of all). */
const byConfig: Readonly<Record<string, ForeignItem['kind']>> = {
  'application/vnd.cncf.helm.config.v1+json': 'chart',
  'application/vnd.zarf.config.v1+json': 'package',
  'application/vnd.content.hauler.file.local.config.v1+json': 'file',
  'application/vnd.content.hauler.file.http.config.v1+json': 'file',
  'application/vnd.content.hauler.file.directory.config.v1+json': 'folder',
}

/** What a manifest is of, by its config; `image`: whether it is one, as far as that is told in another way. */
export function foreignKind(manifest: Manifest, image: boolean): ForeignItem['kind'] {
  const config = manifest.kind === 'manifest' ? manifest.config.mediaType : ''
  const told = Object.hasOwn(byConfig, config) ? byConfig[config] : undefined
  return told ?? (image ? 'image' : 'artifact')
}

/** The tag in a name; a name of one word is a tag itself. */
export function versionOf(name: string): string | null {
  return /[:/@]/.test(name) ? (cutReference(name).tag ?? null) : name
}

/** The names that an entry of an index goes by, each once, the fullest first. */
export function referencesOf(entry: Descriptor): string[] {
  return [...new Set(namesOf(entry).filter((name) => name !== ''))]
}
