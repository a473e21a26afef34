import { describe, expect, it } from 'vitest'
import type { Looked } from '../../shared/look.ts'
import { failuresOf } from '../support/foreign-made.ts'
import { expectations, foreign, hasForeign, looked, type Expected } from '../support/foreign.ts'

const { archives, broken } = expectations()
const formats = /^(docker|haul|imgpkg|oc-mirror)/

/** What is said of an archive, in the words of the set. */
interface Said {
  readonly images?: readonly SaidImage[]
  readonly charts?: readonly { readonly name: string; readonly digest: string }[]
  readonly files?: readonly {
    readonly name: string
    readonly digest: string
    readonly config_mediaType: string
  }[]
  readonly evidence?: readonly { readonly name: string; readonly evidence?: readonly unknown[] }[]
  readonly bundles?: readonly (SaidImage & {
    readonly layers: readonly string[]
    readonly images_lock: readonly string[]
    readonly bundle_files: Readonly<Record<string, string>>
  })[]
  readonly repositories?: Readonly<Record<string, Readonly<Record<string, { readonly digest: string }>>>>
  readonly config_files?: readonly string[]
}
interface SaidImage {
  readonly digest?: string
  readonly config?: string
  readonly name?: string
  readonly names?: readonly string[]
  readonly refs?: readonly string[]
  readonly tag?: string
  readonly platform?: string
  readonly platforms?: readonly string[]
}

const ofDocker = ({ format }: Expected): boolean => /^docker-archive/.test(format)
const speaksForOthers = /^sha256-[0-9a-f]{64}\.(sig|att|sbom)$/

/** That each image is there, with its names and platforms. */
function expectImages(said: Said, found: Looked, docker: boolean): void {
  for (const image of said.images ?? []) {
    if (speaksForOthers.test(image.tag ?? '')) continue
    const digest = docker ? image.config : image.digest
    const item = found.items.find((one) => one.digest === digest)
    expect({ digest, kind: item?.kind }).toEqual({ digest, kind: 'image' })
    const names = [image.name, ...(image.names ?? []), ...(image.refs ?? [])].flatMap((name) => name ?? [])
    // Of a tag that a tool made up nobody ever heard.
    const own = names.filter((name) => !name.endsWith(':i-was-a-digest'))
    expect(item?.references).toEqual(expect.arrayContaining(own))
    const platforms = [...(image.platforms ?? []), ...(image.platform === undefined ? [] : [image.platform])]
    expect(item?.platforms).toEqual(expect.arrayContaining(platforms))
  }
}

function expectHaul(said: Said, found: Looked): void {
  const items = found.items.map(({ kind, name, digest }) => [kind, name, digest])
  for (const { name, digest } of said.charts ?? []) expect(items).toContainEqual(['chart', name, digest])
  for (const { name, digest, config_mediaType: type } of said.files ?? [])
    expect(items).toContainEqual([type.includes('directory') ? 'folder' : 'file', name, digest])
  if (said.evidence === undefined) return
  for (const image of found.items) {
    const evidence = said.evidence.filter(({ name }) => name === image.name)
    // One manifest may carry several statements, and a list of software that nobody signed none.
    const pieces = evidence.reduce((sum, one) => sum + (one.evidence?.length ?? 0), 0)
    expect([image.name, image.evidence.length]).toEqual([image.name, pieces])
  }
}

function expectBundles(said: Said, found: Looked): void {
  for (const bundle of said.bundles ?? []) {
    const item = found.items.find(({ digest }) => digest === bundle.digest)
    expect([item?.kind, item?.references]).toEqual([
      'bundle',
      expect.arrayContaining([...(bundle.refs ?? [])]),
    ])
    const layer = `${(bundle.layers[0] ?? '').replace(':', '-')}.tar.gz`
    const files = found.files.filter(({ path }) => path.startsWith(layer))
    expect(
      Object.fromEntries(files.map(({ path, sha256 }) => [path.slice(layer.length + 1), sha256])),
    ).toEqual(bundle.bundle_files)
    const named = found.named.filter(({ where }) => where.some((path) => path.startsWith(layer)))
    expect(named.map(({ reference, carried }) => [reference, carried])).toEqual(
      bundle.images_lock.map((reference) => [reference, true]),
    )
  }
}

function expectRepositories(said: Said, found: Looked): void {
  for (const [repository, tags] of Object.entries(said.repositories ?? {})) {
    for (const [tag, { digest }] of Object.entries(tags)) {
      const item = found.items.find((one) => one.digest === digest)
      const byDigest = tag === digest.replace(':', '-')
      const name = byDigest ? `${repository}@${digest}` : `${repository}:${tag}`
      if (speaksForOthers.test(tag)) expect(item).toBe(undefined)
      else expect(item?.references).toContain(name)
    }
  }
  for (const path of said.config_files ?? []) expect(found.files.map((one) => one.path)).toContain(path)
}

const words: Readonly<Record<string, string>> = {
  'docker-archive-legacy': 'docker-archive',
  'haul-chunked': 'haul',
  'imgpkg-tar': 'imgpkg',
  'oci-layout-tar': 'docker-oci-hybrid',
}

describe.skipIf(!hasForeign)('images that other tools packed (needs ../shared/fixtures)', () => {
  const mine = archives.filter(
    ({ file, format }) => formats.test(format) || file === 'ctr-export-nomanifest.tar',
  )
  it.each(mine)('$file has what is said of it', async (one) => {
    const found = await looked(foreign(one.file))
    expect(failuresOf(found)).toEqual([])
    expect(found.format).toBe(words[one.format] ?? one.format)
    const said = (one.content ?? {}) as Said
    expectImages(said, found, ofDocker(one))
    expectHaul(said, found)
    expectBundles(said, found)
    expectRepositories(said, found)
    const { images = [], charts = [], files = [], bundles = [], repositories = {} } = said
    const tagged = images.filter(({ tag }) => !speaksForOthers.test(tag ?? ''))
    const more = new Set(
      Object.values(repositories).flatMap((tags) =>
        Object.entries(tags).flatMap(([tag, { digest }]) => (speaksForOthers.test(tag) ? [] : [digest])),
      ),
    )
    expect(found.items.length).toBe(tagged.length + charts.length + files.length + bundles.length + more.size)
  })

  it.each(['imgpkg-bundle-sigs.tar', 'mirror_000001.tar'])(
    '%s: the signature of an image is its evidence, by the key that was named',
    async (file) => {
      const found = await looked(foreign(file), [foreign('cosign.pub')])
      const signed = found.items.filter(({ evidence }) => evidence.length > 0)
      expect(signed.map(({ evidence }) => evidence.map(({ result }) => result))).toEqual([['proven']])
      expect(failuresOf(await looked(foreign(file), [foreign('rel.pub')]))).toEqual([
        'item.signature another-key',
      ])
    },
  )

  const reasons: Readonly<Record<string, string>> = {
    'docker-truncated.tar': 'container.form truncated',
    'docker-layer-bitflip.tar': 'container.sums sum-differs',
    'docker-layer-missing.tar': 'container.complete missing',
    'docker-manifest-traversal.tar': 'container.complete path-outside',
    'docker-layer-symlink-outside.tar': 'container.sums link',
    'docker-manifest-twice.tar': 'container.form entry-twice',
    'docker-config-changed.tar': 'container.sums sum-differs',
    'docker-crane-layer-bitflip.tar': 'container.sums damaged',
    'docker-hardlink.tar': 'container.agreement link',
    'haul-truncated.tar.zst': 'container.form truncated',
    'haul-layer-bitflip.tar.zst': 'container.sums sum-differs',
    'haul-blob-missing.tar.zst': 'container.complete missing',
    'haul-file-title-traversal.tar.zst': 'container.agreement path-outside',
    'haul-manifestjson-traversal.tar.zst': 'container.agreement path-outside',
    'haul-manifestjson-disagrees.tar.zst': 'container.agreement documents-disagree',
    'haul-index-twice.tar.zst': 'container.form entry-twice',
    'haul-symlink-blob.tar.zst': 'container.sums link',
    'haul-chunk-missing/chunked_haul_0.tar.zst': 'container.form part-missing',
    'haul-chunk-last-missing/chunked_haul_0.tar.zst': 'container.form truncated',
    'haul-chunks-swapped/chunked_haul_0.tar.zst': 'container.form part-order',
    'imgpkg-truncated.tar': 'container.form truncated',
    'imgpkg-layer-bitflip.tar': 'container.sums sum-differs',
    'imgpkg-layer-missing.tar': 'container.complete missing',
    'imgpkg-raw-changed.tar': 'container.sums sum-differs',
    'imgpkg-locked-image-missing.tar': 'container.complete missing',
    'imgpkg-manifest-twice.tar': 'container.form entry-twice',
    'imgpkg-symlink-layer.tar': 'container.sums link',
    'hybrid-names-disagree.tar': 'container.agreement documents-disagree',
    'hybrid-layers-exchanged.tar': 'container.agreement documents-disagree',
    'hybrid-layer-bitflip.tar': 'container.sums sum-differs',
    'hybrid-blob-missing.tar': 'container.complete missing',
    // An archive of Docker's form is left, whose paths are those of a layout.
    'hybrid-no-index.tar': 'nothing',
    'ocmirror-layer-bitflip.tar': 'container.sums sum-differs',
    'ocmirror-blob-missing.tar': 'container.complete left-out',
    'ocmirror-taglink-wrong.tar': 'container.agreement link-wrong',
    'ocmirror-traversal.tar': 'container.form path-outside',
    'ocmirror-truncated.tar': 'container.form truncated',
  }

  it.each(broken.filter(({ format }) => formats.test(format)))('$file: $why', async ({ file, verdict }) => {
    const reason = reasons[file.replace('broken/', '')]
    const found = await looked(foreign(file))
    expect(verdict === 'refuse' ? found.outcome : 'failed').toBe('failed')
    const failed = failuresOf(found)
    expect(failed.length === 0 ? ['nothing'] : failed).toContain(reason)
  })
})
