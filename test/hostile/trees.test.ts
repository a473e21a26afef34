import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckId } from '../../shared/text/checks.ts'
import type { Item, ItemKind, Waybill } from '../../shared/waybill.ts'
import { chartManifest } from '../../main/oci/chart-manifest.ts'
import {
  helmConfig,
  helmContent,
  ociManifest,
  octetStream,
  treeArtifacts,
} from '../../main/oci/media-types.ts'
import { sallyport } from '../support/command-line.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { forge, honestWaybill } from '../support/forge.ts'
import { Content, emptyType, item, type Descriptor } from '../support/graph-content.ts'
import { expectRefused } from '../support/refusal.ts'

/* Charts, models and trees that say of themselves what is not so, in bundles whose signatures are right. */

const title = 'org.opencontainers.image.title'
const version = 'org.opencontainers.image.version'

function chart(content: Content, config: string): Descriptor {
  const packed = content.put('a packed chart', helmContent)
  const bytes = chartManifest(content.put(config, helmConfig), packed, null, {
    name: 'app',
    version: '1.0.0',
  })
  return content.put(bytes, ociManifest)
}

interface Plan {
  readonly paths: readonly string[]
  readonly annotations?: Readonly<Record<string, string>>
  readonly mediaType?: string
  readonly config?: Descriptor
  readonly kind?: keyof typeof treeArtifacts
}

function tree(
  content: Content,
  { paths, annotations = { [title]: 'deploy' }, mediaType = octetStream, config, kind = 'manifests' }: Plan,
): Descriptor {
  const layers = paths.map((path) => ({
    ...content.put(`content of ${path}`, mediaType),
    annotations: { [title]: path },
  }))
  const body = { schemaVersion: 2, mediaType: ociManifest, artifactType: treeArtifacts[kind] }
  return content.json(
    { ...body, config: config ?? content.put('{}', emptyType), layers, annotations },
    ociManifest,
  )
}

function local(kind: ItemKind, root: Descriptor, more: Partial<Item> = {}): Item {
  const made = item(root, {
    kind,
    name: 'app',
    version: '1.0.0',
    reference: 'charts/app',
    platforms: [],
    ...more,
  })
  if (kind === 'chart') return made
  const name = more.name ?? 'deploy'
  const stated = { ...made, name, version: null, reference: 'deploy', ...more }
  const own = kind === 'model' ? treeArtifacts.model : treeArtifacts.manifests
  return { ...stated, root: { ...stated.root, artifactType: own } }
}

describe('kinds that lie about themselves', () => {
  let crossing: Crossing
  let base: Waybill
  let count = 0
  beforeAll(async () => {
    crossing = await makeCrossing()
    base = await honestWaybill((await makeBundle(crossing, 'medium')).folder)
  })
  afterAll(() => crossing.dispose())

  const forged = (content: Content, items: readonly Item[]): Promise<string> =>
    forge(crossing, base, { content: content.bytes, items }, `kinds-${++count}`)
  async function refused(
    id: CheckId,
    content: Content,
    items: readonly Item[],
    found: string,
  ): Promise<void> {
    const said = await expectRefused(crossing, await forged(content, items), 3, id)
    const wrong = said.checks.filter((one) => one.id === id && one.result === 'fail')
    expect(wrong.map((one) => `${one.expected} ${one.found}`).join('; ')).toContain(found)
    expect(said.outcome).toBe('failed')
  }
  async function passes(content: Content, items: readonly Item[]): Promise<void> {
    const ended = await sallyport(
      ['verify', await forged(content, items), '--desk', crossing.high],
      crossing.clock,
    )
    const failed = ended.json.checks.filter((one) => one.result === 'fail' && one.id !== 'order.equivocation')
    expect(failed).toEqual([])
  }
  const honest = '{"name":"app","version":"1.0.0"}'

  it('pass where they tell the truth, and where an older desk called them artifacts', async () => {
    const content = new Content()
    const root = chart(content, honest)
    await passes(content, [local('chart', root)])
    const name = 'registry.example/charts/app'
    const older = item(root, {
      kind: 'artifact',
      name,
      reference: `${name}:1.0.0`,
      version: '1.0.0',
      platforms: [],
    })
    await passes(content, [older])
    const web = item(root, {
      kind: 'chart',
      name: 'charts.example/stable/app',
      reference: 'https://charts.example/stable/app:1.0.0',
      version: '1.0.0',
      platforms: [],
    })
    await passes(content, [web])
    const model = new Content()
    const config = model.put('{}', 'application/vnd.cncf.model.config.v1+json')
    const manifest = model.json(
      { schemaVersion: 2, mediaType: ociManifest, config, layers: [model.put('weights', octetStream)] },
      ociManifest,
    )
    const about = {
      name: 'registry.example/m',
      reference: 'registry.example/m:1',
      version: '1',
      platforms: [],
    }
    await passes(model, [item(manifest, { kind: 'model', ...about })])
    await passes(model, [item(manifest, { kind: 'artifact', ...about })])
    const files = new Content()
    const annotations = { [title]: 'deploy', [version]: 'v2' }
    await passes(files, [
      local('manifests', tree(files, { paths: ['a.yaml', 'b/c.yaml'], annotations }), { version: 'v2' }),
    ])
  })

  it.each([
    ['another name', { name: 'other' }, 'app'],
    ['another version', { version: '2.0.0' }, 'version 1.0.0'],
    ['no version', { version: null }, 'version 1.0.0'],
  ])('a chart of the request’s folder with %s', async (_, more, found) => {
    const content = new Content()
    await refused('graph.title', content, [local('chart', chart(content, honest), more)], found)
  })

  it.each([
    '{}',
    '{"name":"../x","version":"1"}',
    '{"name":"app"}',
    '[',
    `{"name":"a","name":"app","version":"1.0.0"}`,
  ])('a chart that calls itself nothing: %s', async (config) => {
    const content = new Content()
    await refused('graph.title', content, [local('chart', chart(content, config))], 'no title')
  })

  it('a chart of the web whose content has another name or version than its address', async () => {
    const content = new Content()
    const root = chart(content, honest)
    const at = (reference: string, name: string, of: string): Item =>
      item(root, { kind: 'chart', name, reference, version: of, platforms: [] })
    await refused(
      'graph.title',
      content,
      [at('https://c.example/other:1.0.0', 'c.example/other', '1.0.0')],
      'app',
    )
    await refused(
      'graph.title',
      content,
      [at('https://c.example/app:2.0.0', 'c.example/app', '2.0.0')],
      'version 1.0.0',
    )
  })

  it('an image, a chart or a tree under the name of another kind', async () => {
    const content = new Content()
    const image = item(content.manifest(), { kind: 'chart' })
    await refused('graph.kind', content, [image], 'image')
    const one = new Content()
    const name = 'registry.example/app'
    const asImage = item(chart(one, honest), { kind: 'image', name, reference: `${name}:1`, platforms: [] })
    await refused('graph.kind', one, [asImage], 'chart')
    const files = new Content()
    const folder = { ...local('manifests', tree(files, { paths: ['a'] })), kind: 'folder' as const }
    await refused('graph.kind', files, [folder], 'manifests')
  })

  it('a folder of a model passes with what git keeps beside it, and is nothing else', async () => {
    const kind = 'model'
    const content = new Content()
    const root = tree(content, { kind, paths: ['.gitattributes', '.github/x.yml', 'a/.gitignore', 'w.bin'] })
    await passes(content, [local('model', root)])
    await refused('graph.title', content, [local('model', root, { name: 'other' })], 'deploy')
    await refused('graph.title', content, [local('model', root, { version: 'v1' })], 'version none')
    const honest = local('model', root)
    await refused('graph.kind', content, [{ ...honest, kind: 'folder' }], 'model')
    // Models of older desks were artifacts; folders of them there were none.
    const name = 'registry.example/m'
    const older = { ...honest, kind: 'artifact' as const, name, reference: `${name}:1`, version: '1' }
    await refused('graph.kind', content, [older], 'model')
  })

  it('a model of a registry under the path of a folder', async () => {
    const content = new Content()
    const config = content.put('{}', 'application/vnd.cncf.model.config.v1+json')
    const body = { schemaVersion: 2, mediaType: ociManifest, config, layers: [] }
    const said = item(content.json(body, ociManifest), {
      ...{ kind: 'model', name: 'deploy', reference: 'deploy', version: null, platforms: [] },
    })
    await refused('graph.title', content, [said], 'no title')
  })

  it('two of one kind and name, also where only case tells them apart', async () => {
    const content = new Content()
    const first = local('manifests', tree(content, { paths: ['a'] }))
    const second = local('manifests', tree(content, { paths: ['b'], annotations: { [title]: 'DEPLOY' } }), {
      name: 'DEPLOY',
      reference: 'other/DEPLOY',
    })
    await refused('graph.title', content, [first, second], 'like deploy')
  })

  it.each([
    ['a path that climbs', { paths: ['../x'] }],
    ['a path from the root', { paths: ['/etc/passwd'] }],
    ['a device', { paths: ['aux.txt'] }],
    ['a hidden file', { paths: ['.ssh/config'] }],
    ['a path twice', { paths: ['a', 'A'] }],
    ['a file that is a folder too', { paths: ['a', 'a/b'] }],
    ['no files', { paths: [] }],
    ['a name that leads elsewhere', { paths: ['a'], annotations: { [title]: '../deploy' } }],
    ['no name', { paths: ['a'], annotations: {} }],
    ['a version that is none', { paths: ['a'], annotations: { [title]: 'deploy', [version]: 'a b' } }],
    ['a repository of git in a model', { kind: 'model', paths: ['.git/config'] }],
    ['a hidden file in a model', { kind: 'model', paths: ['a/.env'] }],
    ['a hidden file, in other case', { kind: 'model', paths: ['.GitAttributes'] }],
    ['what only models have', { paths: ['.gitattributes'] }],
    ['layers of another type', { paths: ['a'], mediaType: 'application/vnd.oci.image.layer.v1.tar' }],
  ] as const)('a tree with %s', async (_, plan) => {
    const content = new Content()
    const said = await expectRefused(
      crossing,
      await forged(content, [local('kind' in plan ? plan.kind : 'manifests', tree(content, plan))]),
      3,
      'graph.complete',
    )
    const reasons = said.checks
      .filter(({ id, result }) => id === 'graph.complete' && result === 'fail')
      .map(({ reason }) => reason)
    expect(reasons).toEqual(['tree-form'])
  })
})
