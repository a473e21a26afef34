import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'

/* Content for the demo, made here: a two-platform image as an OCI layout, a chart archive, a manifest and a note. */

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly platform?: { readonly os: string; readonly architecture: string }
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const indexType = 'application/vnd.oci.image.index.v1+json'

async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack()
  for (const [name, content] of Object.entries(files)) archive.entry({ name, mtime: new Date(0) }, content)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function makeLayout(folder: string): Promise<void> {
  const blobs = join(folder, 'blobs', 'sha256')
  await mkdir(blobs, { recursive: true })
  const put = async (bytes: Buffer, mediaType: string): Promise<Descriptor> => {
    const hex = createHash('sha256').update(bytes).digest('hex')
    await writeFile(join(blobs, hex), bytes)
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length }
  }
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8')
  const manifests: Descriptor[] = []
  for (const architecture of ['amd64', 'arm64']) {
    const platform = { os: 'linux', architecture }
    const tar = await tarOf({
      'app/payments': `#!/bin/sh\necho payments for ${architecture}\n`,
      'etc/release': 'payments 1.9.0\n',
    })
    const layer = await put(gzipSync(tar, { level: 9 }), 'application/vnd.oci.image.layer.v1.tar+gzip')
    const diff = `sha256:${createHash('sha256').update(tar).digest('hex')}`
    const config = await put(
      json({ ...platform, config: { Cmd: ['/app/payments'] }, rootfs: { type: 'layers', diff_ids: [diff] } }),
      'application/vnd.oci.image.config.v1+json',
    )
    const manifest = await put(
      json({ schemaVersion: 2, mediaType: manifestType, config, layers: [layer] }),
      manifestType,
    )
    manifests.push({ ...manifest, platform })
  }
  const index = await put(json({ schemaVersion: 2, mediaType: indexType, manifests }), indexType)
  const named = { ...index, annotations: { 'org.opencontainers.image.ref.name': '1.9.0' } }
  await writeFile(
    join(folder, 'index.json'),
    json({ schemaVersion: 2, mediaType: indexType, manifests: [named] }),
  )
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
}

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: payments }
spec:
  selector: { matchLabels: { app: payments } }
  template:
    metadata: { labels: { app: payments } }
    spec: { containers: [{ name: payments, image: registry.high.example/payments:1.9.0 }] }
`

/** Makes the demo's content in a folder and gives the items of a request for it. */
export async function makeContent(folder: string): Promise<string[]> {
  await makeLayout(join(folder, 'payments'))
  const chart = await tarOf({
    'payments/Chart.yaml': 'apiVersion: v2\nname: payments\nversion: 7.1.0\n',
    'payments/templates/deployment.yaml': manifest,
  })
  await writeFile(join(folder, 'payments-7.1.0.tgz'), gzipSync(chart, { level: 9 }))
  await writeFile(join(folder, 'deployment.yaml'), manifest)
  await writeFile(join(folder, 'notes.txt'), 'Payments 1.9.0: fixes rounding of exchange rates.\n')
  return [
    'image: oci:./payments:1.9.0',
    'file: ./payments-7.1.0.tgz',
    'file: ./deployment.yaml',
    'file: ./notes.txt',
  ]
}
