import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/* Small real images, made of the same bytes each time. */

export interface Named {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string }
  readonly annotations?: Readonly<Record<string, string>>
  readonly artifactType?: string
}

export const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  empty: 'application/vnd.oci.empty.v1+json',
} as const

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** A heap of content by digest. */
export class Content {
  readonly blobs = new Map<string, Buffer>()
  /** Which of the blobs are manifests, by digest. */
  readonly manifests = new Map<string, string>()

  blob(bytes: Uint8Array | string, mediaType: string, more: Partial<Named> = {}): Named {
    const buffer = Buffer.from(bytes as string)
    const digest = sha256(buffer)
    this.blobs.set(digest, buffer)
    return { mediaType, digest, size: buffer.length, ...more }
  }

  /** A manifest or index of any form, also a wrong one. */
  manifest(body: object, mediaType: string = types.manifest, more: Partial<Named> = {}): Named {
    const named = this.blob(JSON.stringify({ schemaVersion: 2, mediaType, ...body }), mediaType, more)
    this.manifests.set(named.digest, mediaType)
    return named
  }

  image(platform: { os: string; architecture: string; variant?: string }, layers: readonly Buffer[]): Named {
    const described = layers.map((layer) => this.blob(layer, types.layer))
    const config = this.blob(
      JSON.stringify({
        ...platform,
        config: {},
        rootfs: { type: 'layers', diff_ids: layers.map(sha256) },
        history: layers.map(() => ({ created_by: 'test' })),
      }),
      types.config,
    )
    return this.manifest({ config, layers: described }, types.manifest, { platform })
  }

  /** BuildKit's way to attach provenance: a child of the index that runs nowhere. */
  attestation(about: Named): Named {
    const config = this.blob('{"architecture":"unknown","os":"unknown"}', types.config)
    const layer = this.blob(`{"about":"${about.digest}"}`, 'application/vnd.in-toto+json')
    return this.manifest({ config, layers: [layer] }, types.manifest, {
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.digest': about.digest,
        'vnd.docker.reference.type': 'attestation-manifest',
      },
    })
  }

  index(manifests: readonly Named[], more: object = {}): Named {
    return this.manifest({ manifests, ...more }, types.index)
  }

  /** OCI 1.1: a manifest that speaks for another. */
  referrer(subject: Named, artifactType: string, text: string): Named {
    const config = this.blob('{}', types.empty)
    const layer = this.blob(text, 'application/json')
    const { mediaType, digest, size } = subject
    return this.manifest(
      { artifactType, config, layers: [layer], subject: { mediaType, digest, size } },
      types.manifest,
      { artifactType },
    )
  }

  /** What cosign pushes to `sha256-<hex>.sig`. */
  cosignSignature(about: Named): Named {
    const payload = JSON.stringify({ critical: { image: { 'docker-manifest-digest': about.digest } } })
    const layer = this.blob(payload, 'application/vnd.dev.cosign.simplesigning.v1+json', {
      annotations: { 'dev.cosignproject.cosign/signature': 'c2lnbmF0dXJl' },
    })
    const config = this.blob('{"architecture":"","os":""}', types.config)
    return this.manifest({ config, layers: [layer] })
  }

  /** An artifact such as a Helm chart. */
  artifact(configType: string, layerType: string, text: string): Named {
    const config = this.blob('{"name":"payments","version":"7.1.0"}', configType)
    return this.manifest({ config, layers: [this.blob(text, layerType)] })
  }

  /** Writes an OCI layout with these entries; each with its tag as `ref.name`. */
  async writeLayout(folder: string, entries: readonly { named: Named; tag?: string }[]): Promise<void> {
    const place = join(folder, 'blobs', 'sha256')
    await mkdir(place, { recursive: true })
    for (const [digest, bytes] of this.blobs) await writeFile(join(place, digest.slice(7)), bytes)
    await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    const manifests = entries.map(({ named, tag }) =>
      tag === undefined
        ? named
        : { ...named, annotations: { ...named.annotations, 'org.opencontainers.image.ref.name': tag } },
    )
    const index = { schemaVersion: 2, mediaType: types.index, manifests }
    await writeFile(join(folder, 'index.json'), JSON.stringify(index))
  }
}

/** Bytes that look random and are the same each time; they do not compress. */
export function pattern(seed: string, size: number): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < size; at += 32) pieces.push(createHash('sha256').update(`${seed} ${at}`).digest())
  return Buffer.concat(pieces).subarray(0, size)
}

/** One file in a tar, as a layer that real tools can unpack. */
export function layer(name: string, content: Uint8Array): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        0', 148)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512)
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)])
}

export interface SampleImage {
  readonly content: Content
  readonly root: Named
  readonly amd64: Named
  readonly arm64: Named
  readonly attestation: Named
}

/** An index for linux/amd64 and linux/arm64 with one shared layer and an attestation for amd64. */
export function sampleImage(size = 20_000, name = 'app'): SampleImage {
  const content = new Content()
  const base = layer('base', pattern(`${name} base`, size))
  const own = (architecture: string): Buffer => layer('own', pattern(`${name} ${architecture}`, size))
  const amd64 = content.image({ os: 'linux', architecture: 'amd64' }, [base, own('amd64')])
  const arm64 = content.image({ os: 'linux', architecture: 'arm64', variant: 'v8' }, [base, own('arm64')])
  const attestation = content.attestation(amd64)
  return { content, root: content.index([amd64, arm64, attestation]), amd64, arm64, attestation }
}
