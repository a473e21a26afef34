import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a manifest of a Sigstore bundle calls itself, and its layer. */
export const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const indexType = 'application/vnd.oci.image.index.v1+json'

/** An OCI layout as a folder, written piece by piece. */
export class LayoutFolder {
  readonly path: string
  constructor(path: string) {
    this.path = path
    mkdirSync(join(path, 'blobs', 'sha256'), { recursive: true })
    writeFileSync(join(path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  }

  put(text: string, mediaType: string): object {
    const hex = createHash('sha256').update(text).digest('hex')
    writeFileSync(join(this.path, 'blobs', 'sha256', hex), text)
    return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(text) }
  }

  image(more: object): object {
    const config = this.put('{}', 'application/vnd.oci.image.config.v1+json')
    const manifest = { schemaVersion: 2, mediaType: manifestType, config, layers: [], ...more }
    return this.put(JSON.stringify(manifest), manifestType)
  }

  index(manifests: readonly object[]): object {
    return this.put(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }), indexType)
  }

  name(entry: object): string {
    const annotations = { 'org.opencontainers.image.ref.name': '1' }
    const index = { schemaVersion: 2, manifests: [{ ...entry, annotations }] }
    writeFileSync(join(this.path, 'index.json'), JSON.stringify(index))
    return `oci:${this.path}:1`
  }
}
