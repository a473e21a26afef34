import type { Digest } from '../../shared/digest.ts'
import type { Descriptor } from './descriptor.ts'
import { isImage, mayBeImage } from './kind.ts'
import type { ImageIndex, Manifest } from './manifest.ts'
import { formatPlatform, precisePlatform } from './platform.ts'

/** What a manifest is, with all that is below it and carried. */
export interface Summary {
  readonly image: boolean
  readonly platforms: ReadonlySet<string>
  /** The same with the versions of their systems. */
  readonly precise: ReadonlySet<string>
}

/** What is asked of a walk. */
interface Ground {
  /** A manifest that is carried and could be parsed. */
  readonly carried: (digest: Digest) => Manifest | null
  /** What the config of an image states. */
  readonly configured: (config: Descriptor) => Promise<Descriptor['platform']>
  /** Whether a config of an old type reads as an image's. */
  readonly reads: (config: Descriptor) => Promise<boolean>
}

/** Most platforms of one item that a waybill can name, and one more. */
const mostPlatforms = 1001

function once<K, V extends object>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

/** Sums up what is below indexes, each once, however many items and indexes name it. */
export class Below {
  private readonly ground: Ground
  private readonly indexes = new Map<ImageIndex, Promise<Summary>>()
  private readonly configs = new Map<Digest, Promise<Descriptor['platform']>>()
  private readonly read = new Map<Digest, Promise<boolean>>()

  constructor(ground: Ground) {
    this.ground = ground
  }

  /** @param stated the platform by which an index names it */
  async of(manifest: Manifest, stated: Descriptor['platform'] = null): Promise<Summary> {
    if (manifest.kind === 'index') return once(this.indexes, manifest, () => this.ofIndex(manifest))
    const { config } = manifest
    const reads = (): Promise<boolean> => once(this.read, config.digest, () => this.ground.reads(config))
    const image = isImage(manifest) || (mayBeImage(manifest) && (await reads()))
    if (!image) return { image, platforms: new Set(), precise: new Set() }
    const platform = stated ?? (await once(this.configs, config.digest, () => this.ground.configured(config)))
    const only = (text: string | null): Set<string> => new Set(text === null ? [] : [text])
    if (platform === null) return { image: true, platforms: only(null), precise: only(null) }
    return { image, platforms: only(formatPlatform(platform)), precise: only(precisePlatform(platform)) }
  }

  private async ofIndex({ manifests }: ImageIndex): Promise<Summary> {
    const platforms = new Set<string>()
    const precise = new Set<string>()
    const seen = new Set<string>()
    let image = false
    for (const { digest, platform } of manifests) {
      const mark = `${digest} ${platform === null ? '' : JSON.stringify(platform)}`
      const manifest = seen.has(mark) ? null : this.ground.carried(digest)
      seen.add(mark)
      if (manifest === null) continue
      const below = await this.of(manifest, platform)
      image ||= below.image
      for (const one of below.platforms) if (platforms.size < mostPlatforms) platforms.add(one)
      for (const one of below.precise) if (precise.size < mostPlatforms) precise.add(one)
    }
    return { image, platforms, precise }
  }
}
