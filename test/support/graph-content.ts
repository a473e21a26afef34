import type { Digest } from '../../shared/digest.ts'
import type { Item } from '../../shared/waybill.ts'
import { fileArtifact, ociConfig, ociIndex, ociManifest } from '../../main/oci/media-types.ts'
import { digestOf } from '../../main/platform/hash.ts'

export const emptyType = 'application/vnd.oci.empty.v1+json'
export const layerType = 'application/vnd.oci.image.layer.v1.tar'
const octets = 'application/octet-stream'

/** How content is named. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
}

/** Contents by digest, and manifests made of them, honest or not. */
export class Content {
  readonly bytes = new Map<Digest, Buffer>()

  put(text: string | Buffer, mediaType = layerType): Descriptor {
    const bytes = Buffer.from(text)
    const digest = digestOf(bytes)
    this.bytes.set(digest, bytes)
    return { mediaType, digest, size: bytes.length }
  }
  json(value: unknown, mediaType: string): Descriptor {
    return this.put(JSON.stringify(value), mediaType)
  }
  config(): Descriptor {
    return this.json(
      { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } },
      ociConfig,
    )
  }
  manifest(more: object = {}, mediaType = ociManifest): Descriptor {
    const layers = [this.put('a layer')]
    return this.json(
      { schemaVersion: 2, mediaType: ociManifest, config: this.config(), layers, ...more },
      mediaType,
    )
  }
  index(manifests: readonly object[], more: object = {}): Descriptor {
    return this.json({ schemaVersion: 2, mediaType: ociIndex, manifests, ...more }, ociIndex)
  }
  file(title: string): Descriptor {
    const layer = {
      ...this.put(`content of ${title}`, octets),
      annotations: { 'org.opencontainers.image.title': title },
    }
    const config = this.put('{}', emptyType)
    return this.json(
      { schemaVersion: 2, mediaType: ociManifest, artifactType: fileArtifact, config, layers: [layer] },
      ociManifest,
    )
  }
}

/** An item about some root, as an honest one would state it. */
export function item(root: Descriptor, more: Partial<Item> = {}): Item {
  const { mediaType, digest, size } = root
  return {
    name: 'registry.example/app',
    kind: 'image',
    reference: 'registry.example/app:1',
    root: { mediaType, digest, size, artifactType: null },
    version: '1',
    platforms: ['linux/amd64'],
    evidence: [],
    findings: [],
    ...more,
  }
}
/** The same of a file. */
export function fileItem(root: Descriptor, title: string, more: Partial<Item> = {}): Item {
  const plain = item(root, {
    name: title,
    kind: 'file',
    reference: `./${title}`,
    version: null,
    platforms: [],
    ...more,
  })
  return { ...plain, root: { ...plain.root, artifactType: fileArtifact } }
}
