import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { packed } from './made-tar.ts'
import { afterAll, beforeAll } from 'vitest'
import { digestOf, sha256Hex } from '../../main/platform/hash.ts'
import type { Looked } from '../../shared/look.ts'
import { looked } from './foreign.ts'

/* Small archives as other tools write them, made here: a checkout has no archives of theirs. */

/** What lies under a name: bytes, a text, JSON, or a link. */
export type Content =
  Buffer | string | { readonly json: unknown } | { readonly symlink: string } | { readonly hardlink: string }
export type Entries = readonly (readonly [name: string, content: Content])[]

const bytesIn = (content: Content): Buffer => {
  if (Buffer.isBuffer(content)) return content
  if (typeof content === 'string') return Buffer.from(content)
  return 'json' in content ? Buffer.from(JSON.stringify(content.json)) : Buffer.alloc(0)
}

/** A tar of these entries, in this order, also where one name stands twice. */
export async function tarOf(entries: Entries): Promise<Buffer> {
  const tar = pack()
  for (const [name, content] of entries) {
    if (typeof content === 'object' && 'symlink' in content)
      tar.entry({ name, type: 'symlink', linkname: content.symlink })
    else if (typeof content === 'object' && 'hardlink' in content)
      tar.entry({ name, type: 'link', linkname: content.hardlink })
    else tar.entry({ name, mtime: new Date(0) }, bytesIn(content))
  }
  return packed(tar)
}

/** An image: its layers as tars, and the config that binds them. */
export interface MadeImage {
  readonly config: Buffer
  readonly layers: readonly Buffer[]
}

export async function imageOf(...texts: readonly string[]): Promise<MadeImage> {
  const layers = await Promise.all(texts.map((text) => tarOf([['etc/text', text]])))
  const rootfs = { type: 'layers', diff_ids: layers.map((layer) => digestOf(layer)) }
  const config = { architecture: 'amd64', os: 'linux', config: {}, rootfs, history: [] }
  return { config: Buffer.from(JSON.stringify(config)), layers }
}

/** An entry of Docker's list. */
interface MadeEntry {
  readonly Config: string
  readonly RepoTags: readonly string[] | null
  readonly Layers: readonly string[]
}

/** An entry of Docker's list with its files, as skopeo names them; layers packed by `packed`, as crane names them. */
export function savedImage(
  image: MadeImage,
  names: readonly string[] | null,
  packed: ((layer: Buffer) => Buffer) | null = null,
): { readonly files: Entries; readonly listed: MadeEntry } {
  const stored = image.layers.map((layer) => packed?.(layer) ?? layer)
  const paths = stored.map((layer) => `${sha256Hex(layer)}.tar${packed === null ? '' : '.gz'}`)
  const config = `${sha256Hex(image.config)}.json`
  return {
    files: [...stored.map((layer, at) => [paths[at] ?? '', layer] as const), [config, image.config]],
    listed: { Config: config, RepoTags: names, Layers: paths },
  }
}

const imageManifest = 'application/vnd.oci.image.manifest.v1+json'
export const imageIndex = 'application/vnd.oci.image.index.v1+json'

export interface MadeBlob {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

export const described = (mediaType: string, bytes: Buffer): MadeBlob => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
})

/** A manifest with the blobs that it names. */
export interface MadeManifest {
  readonly descriptor: MadeBlob
  readonly bytes: Buffer
  /** Itself, its config and its layers. */
  readonly blobs: readonly Buffer[]
}

export function manifestOf(
  config: readonly [mediaType: string, bytes: Buffer],
  layers: readonly (readonly [mediaType: string, bytes: Buffer, title?: string])[],
): MadeManifest {
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: imageManifest,
      config: described(...config),
      layers: layers.map(([mediaType, layer, title]) => ({
        ...described(mediaType, layer),
        ...(title !== undefined && { annotations: { 'org.opencontainers.image.title': title } }),
      })),
    }),
  )
  const blobs = [bytes, config[1], ...layers.map(([, layer]) => layer)]
  return { descriptor: described(imageManifest, bytes), bytes, blobs }
}

/** The manifest of an image whose layers are packed with gzip. */
export function imageManifestOf({ config, layers }: MadeImage): MadeManifest {
  const type = 'application/vnd.oci.image.layer.v1.tar+gzip'
  return manifestOf(
    ['application/vnd.oci.image.config.v1+json', config],
    layers.map((layer) => [type, gzipSync(layer)] as const),
  )
}

/** Blobs under their digests, each once. */
export function blobsOf(...manifests: readonly MadeManifest[]): Entries {
  const all = new Map(manifests.flatMap(({ blobs }) => blobs.map((one) => [sha256Hex(one), one] as const)))
  return [...all].map(([hex, bytes]) => [`blobs/sha256/${hex}`, bytes] as const)
}

/** An index.json that names manifests, each with annotations. */
export const indexOf = (
  entries: readonly (readonly [MadeBlob, Readonly<Record<string, string>>])[],
): readonly [string, Content] => {
  const manifests = entries.map(([descriptor, annotations]) => ({ ...descriptor, annotations }))
  return ['index.json', { json: { schemaVersion: 2, manifests } }]
}

/** An entry of Docker's list beside an index. */
export function listedOf(
  { blobs: [, config, ...layers] }: MadeManifest,
  names: readonly string[] | null,
): MadeEntry {
  const path = (bytes: Buffer | undefined): string => `blobs/sha256/${sha256Hex(bytes ?? '')}`
  return { Config: path(config), RepoTags: names, Layers: layers.map(path) }
}

/** The entries with what lies under a name put in place of what lay there; `null` takes it away. */
export function replaced(entries: Entries, name: string, content: Content | null): Entries {
  if (!entries.some(([one]) => one === name)) throw new Error(`no entry ${name}`)
  return entries.flatMap((entry) => {
    if (entry[0] !== name) return [entry]
    return content === null ? [] : [[name, content] as const]
  })
}

/** What failed, as check and reason, each once. */
export const failuresOf = ({ checks }: Looked): string[] => [
  ...new Set(checks.filter(({ result }) => result === 'fail').map(({ id, reason }) => `${id} ${reason}`)),
]

/** A folder for a file of tests, in which archives are made and looked at. */
export class MadeArchives {
  private folder = ''
  private made = 0

  constructor() {
    beforeAll(async () => {
      this.folder = await mkdtemp(join(tmpdir(), 'sallyport-made-'))
    })
    afterAll(() => rm(this.folder, { recursive: true, force: true }))
  }

  /** Writes files into a folder of their own. @returns the path of the first */
  async write(...files: readonly (readonly [name: string, bytes: Buffer])[]): Promise<string> {
    this.made += 1
    const folder = join(this.folder, String(this.made))
    for (const [name, bytes] of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), bytes)
    }
    return join(folder, files[0]?.[0] ?? '')
  }

  async look(entries: Entries, packed: (tar: Buffer) => Buffer = (tar) => tar): Promise<Looked> {
    return looked(await this.write(['made.tar', packed(await tarOf(entries))]))
  }

  /** What fails of an archive. */
  async failures(entries: Entries, packed?: (tar: Buffer) => Buffer): Promise<string[]> {
    return failuresOf(await this.look(entries, packed))
  }
}
