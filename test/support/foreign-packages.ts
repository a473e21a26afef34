import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { packed } from './made-tar.ts'

/* Packages, bundles and charts as their tools lay them out, small, and each to be spoilt by a test. */

/** Files by path, in their order. A text that begins with `-> ` is a symbolic link. */
export type Files = Map<string, Buffer>
export const filesOf = (entries: Readonly<Record<string, string | Buffer>>): Files =>
  new Map(Object.entries(entries).map(([path, content]) => [path, Buffer.from(content)]))

export const hexOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
export const digestOf = (bytes: Buffer): string => `sha256:${hexOf(bytes)}`

export async function tarOf(files: Files): Promise<Buffer> {
  const tar = pack()
  for (const [name, content] of files) {
    const link = /^-> (.*)$/.exec(content.toString('latin1'))?.[1]
    if (link === undefined) tar.entry({ name, mode: 0o644 }, content)
    else tar.entry({ name, type: 'symlink', linkname: link })
  }
  return packed(tar)
}

/** Writes a file to a folder of its own. */
export function placed(name: string, content: Buffer | string, folder = newFolder()): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'sallyport-foreign-'))

/** A key pair, whose public half lies in a file. */
export function keyFile(): { readonly path: string; readonly key: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const path = placed('key.pub', publicKey.export({ type: 'spki', format: 'pem' }).toString())
  return { path, key: privateKey }
}

/** A bundle of Sigstore over a file, as Zarf writes it. */
export function bundleOver(content: Buffer, key: KeyObject): Buffer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const base64 = (bytes: Buffer): string => bytes.toString('base64')
  return Buffer.from(
    JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: base64(createHash('sha256').update(spki).digest()) } },
      messageSignature: {
        messageDigest: {
          algorithm: 'SHA2_256',
          digest: base64(createHash('sha256').update(content).digest()),
        },
        signature: base64(sign('sha256', content, key)),
      },
    }),
  )
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const described = (mediaType: string, bytes: Buffer): object => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
})

/** An image of one layer, with the blobs that it is made of; the manifest is the first. */
export function image(content: string): readonly Buffer[] {
  const layer = gzipSync(Buffer.from(content))
  const config = json({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } })
  const manifest = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: described('application/vnd.oci.image.config.v1+json', config),
    layers: [described('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
  })
  return [manifest, config, layer]
}

interface Entry {
  readonly blobs: readonly Buffer[]
  readonly annotations: Readonly<Record<string, string>>
}

export const refName = 'org.opencontainers.image.ref.name'
export const baseName = 'org.opencontainers.image.base.name'

/** A layout, below a folder. */
export function layout(entries: readonly Entry[], folder = ''): Files {
  const files: Files = new Map()
  files.set(`${folder}oci-layout`, json({ imageLayoutVersion: '1.0.0' }))
  const manifests = entries.map(({ blobs: [manifest = Buffer.alloc(0)], annotations }) => {
    return { ...described('application/vnd.oci.image.manifest.v1+json', manifest), annotations }
  })
  files.set(`${folder}index.json`, json({ schemaVersion: 2, manifests }))
  for (const blob of entries.flatMap(({ blobs }) => blobs)) {
    files.set(`${folder}blobs/sha256/${hexOf(blob)}`, blob)
  }
  return files
}

/** What a package is made of, before its sums are taken. */
export interface Plan {
  readonly name?: string
  /** `build.signed`. */
  readonly signed?: boolean
  readonly provenanceFiles?: readonly string[]
  /** Components: their images by name, and whether they are required. */
  readonly components?: readonly {
    readonly name: string
    readonly required?: boolean
    readonly images?: Readonly<Record<string, string>>
    readonly files?: Readonly<Record<string, string | Buffer>>
  }[]
  /** Another index than the components ask for. */
  readonly entries?: readonly Entry[]
  /** More files, which the sums have too. */
  readonly more?: Readonly<Record<string, string | Buffer>>
}

const usual = [
  {
    name: 'app',
    required: true,
    images: { 'registry.example/app:1': 'app' },
    files: { 'manifests/a-0.yaml': 'kind: A\n' },
  },
]

/** The sums of the files of a package. */
export function sumsOf(files: Files): string {
  const apart = new Set(['zarf.yaml', 'checksums.txt', 'zarf.bundle.sig', 'zarf.yaml.sig'])
  const lines = [...files]
    .filter(([path]) => !apart.has(path))
    .map(([path, bytes]) => `${hexOf(bytes)} ${path}\n`)
  return lines.sort().join('')
}

/** The files of a package, whole and unsigned. */
export async function zarfFiles(plan: Plan = {}): Promise<Files> {
  const components = plan.components ?? usual
  const entries =
    plan.entries ??
    components
      .flatMap(({ images = {} }) => Object.entries(images))
      .map(([name, content]) => ({
        blobs: image(content),
        annotations: { [refName]: name, [baseName]: name },
      }))
  const files: Files = layout(entries, 'images/')
  for (const { name, files: inner } of components) {
    if (inner === undefined) continue
    const own = Object.entries(inner).map(([path, content]) => [`${name}/${path}`, content] as const)
    files.set(`components/${name}.tar`, await tarOf(filesOf(Object.fromEntries(own))))
  }
  for (const [path, content] of filesOf({ ...plan.more })) files.set(path, content)
  const sums = Buffer.from(sumsOf(files))
  files.set('checksums.txt', sums)
  files.set('zarf.yaml', Buffer.from(definition(plan, hexOf(sums))))
  return files
}

function definition(
  { name = 'shop', signed, provenanceFiles = [], components = usual }: Plan,
  sums: string,
): string {
  const list = (indent: string, items: readonly string[]): string =>
    items.map((one) => `${indent}- ${one}\n`).join('')
  return [
    `kind: ZarfPackageConfig\nmetadata:\n  name: ${name}\n  version: 1.0.0\n  architecture: amd64\n  aggregateChecksum: ${sums}\n`,
    'build:\n  architecture: amd64\n',
    signed === undefined ? '' : `  signed: ${String(signed)}\n`,
    provenanceFiles.length === 0 ? '' : `  provenanceFiles:\n${list('  ', provenanceFiles)}`,
    'components:\n',
    ...components.map(({ name: one, required = false, images = {} }) => {
      return `- name: ${one}\n  required: ${String(required)}\n  images:\n${list('  ', Object.keys(images))}`
    }),
  ].join('')
}

/** Changes a file of a package. @param sealed takes the sums anew, as whoever changes a package would */
export function changed(files: Files, path: string, change: (text: string) => string, sealed = false): Files {
  files.set(path, Buffer.from(change(files.get(path)?.toString('latin1') ?? ''), 'latin1'))
  return sealed ? resealed(files) : files
}

export function resealed(files: Files): Files {
  const sums = sumsOf(files)
  const before = hexOf(files.get('checksums.txt') ?? Buffer.alloc(0))
  files.set('checksums.txt', Buffer.from(sums))
  return changed(files, 'zarf.yaml', (text) => text.replaceAll(before, hexOf(Buffer.from(sums))))
}

/** Signs a package: its definition, by a bundle. */
export function signedPackage(files: Files, key: KeyObject): Files {
  return new Map([...files, ['zarf.bundle.sig', bundleOver(files.get('zarf.yaml') ?? Buffer.alloc(0), key)]])
}

const zarfLayer = 'application/vnd.zarf.layer.v1.blob'
const titled = (title: string, bytes: Buffer): object => ({
  ...described(zarfLayer, bytes),
  annotations: { 'org.opencontainers.image.title': title },
})

/** A package in a bundle, to be spoilt: the titles of its files, what is left out of the blobs, how its manifest is called. */
export interface Bundled {
  readonly name: string
  readonly files: Files
  readonly titles?: (title: string) => string
  readonly leftOut?: (path: string) => boolean
  readonly mediaType?: string
  readonly optional?: readonly string[]
  readonly unnamed?: boolean
}

/** The files of a bundle. @param sign what signs its definition, if anything */
export function udsFiles(packages: readonly Bundled[], sign?: (definition: Buffer) => Buffer): Files {
  const blobs: Buffer[] = []
  const layers: object[] = []
  let yaml = 'kind: UDSBundle\nmetadata:\n  name: kit\n  version: 0.1.0\n  architecture: amd64\npackages:\n'
  for (const one of packages) {
    const config = json({ kind: 'ZarfPackageConfig', name: one.name })
    const own = [...one.files].map(([path, bytes]) => titled(one.titles?.(path) ?? path, bytes))
    const mediaType = one.mediaType ?? 'application/vnd.oci.image.manifest.v1+json'
    const head = {
      schemaVersion: 2,
      mediaType,
      config: described('application/vnd.zarf.config.v1+json', config),
    }
    const manifest = json({ ...head, layers: own })
    const kept = [...one.files].filter(([path]) => one.leftOut?.(path) !== true).map(([, bytes]) => bytes)
    blobs.push(manifest, config, ...kept)
    layers.push(described(zarfLayer, manifest))
    if (one.unnamed === true) continue
    yaml += `- name: ${one.name}\n  ref: 1.0.0@${digestOf(manifest)}\n`
    if (one.optional !== undefined) yaml += `  optionalComponents: [${one.optional.join(', ')}]\n`
  }
  const definitionBytes = Buffer.from(yaml)
  const signature = sign?.(definitionBytes)
  const config = json({ architecture: 'amd64' })
  const root = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: described(zarfLayer, config),
    layers: [
      ...layers,
      titled('uds-bundle.yaml', definitionBytes),
      ...(signature === undefined ? [] : [titled('uds-bundle.yaml.sig', signature)]),
    ],
  })
  const more = signature === undefined ? [] : [signature]
  return layout([
    { blobs: [root, config, definitionBytes, ...more, ...blobs], annotations: { [refName]: '0.1.0' } },
  ])
}

/** A packed chart: files below its folder. */
export async function chartOf(
  files: Readonly<Record<string, string | Buffer>>,
  name = 'shop',
): Promise<Buffer> {
  const own = Object.entries({ 'Chart.yaml': `name: ${name}\nversion: 1.2.3\nappVersion: "4.5"\n`, ...files })
  return gzipSync(
    await tarOf(filesOf(Object.fromEntries(own.map(([path, text]) => [`${name}/${path}`, text])))),
  )
}
