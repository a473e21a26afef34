import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { digestOf, sha256Hex } from '../../main/platform/hash.ts'
import { limits } from '../../main/platform/limits.ts'
import { failuresOf, imageOf, MadeArchives, replaced, savedImage, tarOf } from '../support/foreign-made.ts'
import type { Entries, MadeImage } from '../support/foreign-made.ts'
import { looked } from '../support/foreign.ts'

const made = new MadeArchives()
let api: MadeImage
let worker: MadeImage
beforeAll(async () => {
  api = await imageOf('base', 'api')
  worker = await imageOf('base', 'worker')
})

type Saved = ReturnType<typeof savedImage>
const list = (...listed: readonly unknown[]): Entries => [['manifest.json', { json: listed }]]
const both = (): [Saved, Saved] => [
  savedImage(api, ['r.example/acme/api:1', 'r.example/acme/api:stable']),
  savedImage(worker, ['r.example/acme/worker:2']),
]
const old = { 'r.example/acme/api': { '1': 'x', stable: 'x' }, 'r.example/acme/worker': { '2': 'y' } }

/** Two images that share a layer, which is stored once. */
function archive(): Entries {
  const [one, two] = both()
  const shared = new Set(one.files.map(([name]) => name))
  return [
    ...one.files,
    ...two.files.filter(([name]) => !shared.has(name)),
    ...list(one.listed, two.listed),
    ['repositories', { json: old }],
  ]
}

describe('an archive of docker save', () => {
  it('is whole: images by their configs, with every name, their platform and their size', async () => {
    const { outcome, format, items, checks } = await made.look(archive())
    expect({ outcome, format }).toEqual({ outcome: 'passed', format: 'docker-archive' })
    const [layer = Buffer.alloc(0)] = api.layers
    expect(
      items.map(({ name, digest, references, platforms, size }) => [
        name,
        digest,
        references.length,
        platforms,
        size,
      ]),
    ).toEqual([
      [
        'r.example/acme/api:1',
        digestOf(api.config),
        2,
        ['linux/amd64'],
        api.config.length + 2 * layer.length,
      ],
      [
        'r.example/acme/worker:2',
        digestOf(worker.config),
        1,
        ['linux/amd64'],
        worker.config.length + 2 * layer.length,
      ],
    ])
    expect(checks.find(({ id }) => id === 'container.agreement')?.result).toBe('pass')
  })

  it('is not proven by a key that signed nothing of it', async () => {
    const path = await made.write(['made.tar', await tarOf(archive())])
    const key = await made.write([
      'any.pub',
      Buffer.from(
        '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n',
      ),
    ])
    expect((await looked(path, [key])).outcome).toBe('not-checked')
  })

  it.each([
    ['not', (tar: Buffer) => tar],
    ['with gzip', (tar: Buffer) => gzipSync(tar)],
  ])('layers that are compressed count as they are unpacked, in an archive that is %s', async (_, packed) => {
    const one = savedImage(api, null, (layer) => gzipSync(layer))
    const entries = [...one.files, ...list(one.listed)]
    expect((await made.look(entries, packed)).outcome).toBe('passed')
    const [name = ''] = one.listed.Layers
    const wrong = gzipSync(await tarOf([['etc/text', 'other']]))
    expect(await made.failures(replaced(entries, name, wrong), packed)).toEqual([
      'container.sums sum-differs',
    ])
    const cut = gzipSync(api.layers[0] ?? '').subarray(0, -9)
    expect(await made.failures(replaced(entries, name, cut), packed)).toEqual(['container.sums truncated'])
  })

  it('names of files that are digests must be those of their bytes, where a config says nothing of them too', async () => {
    const one = savedImage(api, null)
    const config = api.config.toString().replace('"config":{}', '"config":{"User":"0"}')
    const changed = replaced([...one.files, ...list(one.listed)], one.listed.Config, config)
    expect(await made.failures(changed)).toEqual(['container.sums sum-differs'])
    // Under a name that is no digest it is another image, and as whole.
    const named = changed.map(
      ([name, content]) => [name === one.listed.Config ? 'config.json' : name, content] as const,
    )
    const listed = { ...one.listed, Config: 'config.json' }
    expect(await made.failures(replaced(named, 'manifest.json', { json: [listed] }))).toEqual([])
    const layers = one.listed.Layers.map((path, at) => (at === 0 ? `${'0'.repeat(64)}.tar` : path))
    const renamed = named.map(
      ([name, content]) => [name === one.listed.Layers[0] ? (layers[0] ?? '') : name, content] as const,
    )
    expect(
      await made.failures(replaced(renamed, 'manifest.json', { json: [{ ...listed, Layers: layers }] })),
    ).toEqual(['container.sums sum-differs'])
  })

  it('another number of layers, or another order, is not what the config says', async () => {
    const one = savedImage(api, null)
    const listing = (Layers: readonly string[]): Entries => [...one.files, ...list({ ...one.listed, Layers })]
    const paths = one.listed.Layers
    expect(await made.failures(listing(paths.slice(1)))).toEqual(['container.agreement documents-disagree'])
    expect(await made.failures(listing([...paths, ...paths.slice(0, 1)]))).toEqual([
      'container.agreement documents-disagree',
    ])
    expect(await made.failures(listing([...paths].reverse()))).toEqual(['container.sums sum-differs'])
  })

  it('paths that lead outside, to nothing, or to links', async () => {
    const one = savedImage(api, null)
    const [layer = '', top = ''] = one.listed.Layers
    for (const path of ['../x.tar', '/etc/hostname', 'a/../../b', 'C:\\x.tar', '..'])
      expect(await made.failures([...one.files, ...list({ ...one.listed, Layers: [path, top] })])).toContain(
        'container.complete path-outside',
      )
    const whole = [...one.files, ...list(one.listed)]
    expect(await made.failures(replaced(whole, layer, null))).toEqual(['container.complete missing'])
    expect(await made.failures(replaced(whole, one.listed.Config, null))).toEqual([
      'container.complete missing',
    ])
    expect(await made.failures(replaced(whole, layer, { symlink: '/etc/hostname' }))).toEqual([
      'container.sums link',
      'container.agreement link',
    ])
    expect(await made.failures(replaced(whole, layer, { symlink: top }))).toEqual(['container.sums link'])
    expect(await made.failures([...whole, ['other', { hardlink: layer }]])).toEqual([
      'container.agreement link',
    ])
    expect(await made.failures([...whole, ['x/y', { symlink: '../../z' }]])).toEqual([
      'container.agreement link',
    ])
  })

  it('a layer of Docker before 25 that occurs twice is a link to the folder of its other id', async () => {
    const twice = await imageOf('base', 'base')
    const [layer = Buffer.alloc(0)] = twice.layers
    const listed = { Config: 'c.json', RepoTags: null, Layers: ['a/layer.tar', 'b/layer.tar'] }
    const entries = (target: string): Entries => [
      ['a/layer.tar', layer],
      ['b/layer.tar', { symlink: target }],
      ['c.json', twice.config],
      ...list(listed),
    ]
    expect(await made.failures(entries('../a/layer.tar'))).toEqual([])
    expect(await made.failures(entries('../c/layer.tar'))).toEqual(['container.sums link'])
    expect(await made.failures(entries('../../a/layer.tar'))).toContain('container.sums link')
    expect(await made.failures(entries('../c.json'))).toContain('container.sums sum-differs')
  })

  it('names: of two images, only in one document, or made up by a tool', async () => {
    const entries = archive()
    const [one, two] = both()
    const renamed = { ...two.listed, RepoTags: ['r.example/acme/api:1'] }
    expect(await made.failures(replaced(entries, 'manifest.json', { json: [one.listed, renamed] }))).toEqual([
      'container.agreement documents-disagree',
    ])
    for (const names of [
      {},
      { ...old, evil: { '1': 'x' } },
      { ...old, 'r.example/acme/worker': { '3': 'y' } },
    ])
      expect(await made.failures(replaced(entries, 'repositories', { json: names }))).toEqual([
        'container.agreement documents-disagree',
      ])
    expect(await made.failures(replaced(entries, 'repositories', '{"a":{},"a":{}}'))).toEqual([
      'container.agreement form',
    ])
    // By the old document another layer is the last of it.
    const [, top = ''] = one.listed.Layers
    const [low = Buffer.alloc(0)] = api.layers
    expect(await made.failures([...entries, ['x/layer.tar', low]])).toEqual([
      'container.agreement documents-disagree',
    ])
    expect(await made.failures([...entries, ['x/layer.tar', { symlink: `../${top}` }]])).toEqual([])
    const invented = savedImage(api, ['r.example/acme/api:i-was-a-digest'])
    const found = await made.look([...invented.files, ...list(invented.listed)])
    expect(found.items.map(({ references }) => references)).toEqual([[]])
    expect(
      found.checks.filter(({ result }) => result === 'warn').map(({ id, reason }) => [id, reason]),
    ).toEqual([['container.agreement', 'invented-tag']])
  })

  it('container.agreement: a list that some read in another way than others', async () => {
    const one = savedImage(api, null)
    const { Config, Layers } = one.listed
    const layers = JSON.stringify(Layers)
    const texts = [
      `[{"Config":"${Config}","config":"other.json","Layers":${layers}}]`,
      `[{"Config":"${Config}","Config":"${Config}","Layers":${layers}}]`,
      `[{"Config":"${Config}","Layers":"${Layers[0] ?? ''}"}]`,
      `[{"Config":"${Config}","Layers":${layers},"Image":{}}]`,
      `[{"config":"${Config}","layers":${layers}}]`,
      `[{"Config":"${Config}","Layers":${layers}}] []`,
      '[]',
      '[',
      `\n [{"Config":1}]`,
    ]
    for (const text of texts)
      expect([text, await made.failures([...one.files, ['manifest.json', text]])]).toEqual([
        text,
        ['container.agreement form'],
      ])
    expect(await made.failures([...one.files, ...list(one.listed), ...list(one.listed)])).toEqual([
      'container.form entry-twice',
    ])
    const config = Buffer.from('{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":"none"}}')
    const odd = { Config: 'c.json', RepoTags: null, Layers: [] }
    expect(await made.failures([['c.json', config], ...list(odd)])).toEqual(['container.agreement form'])
    const large = Buffer.concat([api.config, Buffer.alloc(4 * 1024 * 1024, ' ')])
    expect(await made.failures([['c.json', large], ...list(odd)])).toEqual(['container.agreement form'])
  })

  it('so many problems that only some are said, each once', async () => {
    const listed = Array.from({ length: 3000 }, (_, at) => ({
      Config: `${at % 500}.json`,
      Layers: ['same.tar'],
    }))
    const { checks } = await made.look(list(...listed))
    const failed = checks.filter(({ result }) => result === 'fail')
    expect(failed.length).toBe(200)
    expect(new Set(failed.map(({ subject }) => subject)).size).toBe(200)
    expect(await made.failures(list(...Array.from({ length: 10_001 }, () => ({ Config: 'a' }))))).toEqual([
      'container.agreement form',
    ])
  })

  it('a list that is larger than is read', async () => {
    const list = Buffer.alloc(limits.imageListBytes + 1, ' ')
    expect(await made.failures([['manifest.json', list]])).toEqual(['container.agreement form'])
  })

  it('a manifest.json of something else is a file like any other', async () => {
    const { format, files } = await made.look([
      ['manifest.json', { json: { manifest_version: 3 } }],
      ['index.html', 'page'],
    ])
    expect([format, files.length]).toEqual(['tar', 2])
  })
})

describe('a folder of skopeo', () => {
  const names = (): Entries => {
    const config = Buffer.from(api.config)
    const layers = api.layers.map((layer) => gzipSync(layer))
    const layer = 'application/vnd.docker.image.rootfs.diff.tar.gzip'
    const manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      config: {
        mediaType: 'application/vnd.docker.container.image.v1+json',
        digest: digestOf(config),
        size: config.length,
      },
      layers: layers.map((one) => ({ mediaType: layer, digest: digestOf(one), size: one.length })),
    }
    return [
      ['version', 'Directory Transport Version: 1.1\n'],
      ['manifest.json', { json: manifest }],
      [sha256Hex(config), config],
      ...layers.map((one) => [sha256Hex(one), one] as const),
      ['signature-1', 'a signature'],
    ]
  }

  it('is one image by its manifest, and its signatures are files', async () => {
    const { outcome, format, items, files } = await made.look(names())
    expect([outcome, format, items.length, items[0]?.platforms]).toEqual([
      'passed',
      'docker-dir',
      1,
      ['linux/amd64'],
    ])
    expect(files.map(({ path }) => path)).toEqual(['signature-1'])
  })

  it('as a folder too', async () => {
    const entries = names().map(([name, content]) => {
      if (Buffer.isBuffer(content)) return [`dir/${name}`, content] as const
      return [
        `dir/${name}`,
        Buffer.from(
          typeof content === 'string' ? content : JSON.stringify('json' in content ? content.json : ''),
        ),
      ] as const
    })
    const found = await looked((await made.write(...entries)).replace(/\/version$/, ''))
    expect([found.outcome, found.format, found.container]).toEqual(['passed', 'docker-dir', 'folder'])
  })

  it.each([
    ['a blob that is missing', 2, null, 'container.complete missing'],
    ['a blob with other bytes', 3, 'other', 'container.sums sum-differs'],
    ['a blob that is a link', 3, { symlink: 'version' }, 'container.sums link'],
    ['another version', 0, 'Directory Transport Version: 2.0\n', 'container.agreement form'],
    ['a manifest that is none', 1, '{"schemaVersion":2}', 'container.agreement form'],
  ] as const)('%s', async (_, at, content, expected) => {
    const entries = names()
    expect(await made.failures(replaced(entries, entries[at]?.[0] ?? '', content))).toContain(expected)
  })

  it('a manifest of an instance whose bytes are not its name', async () => {
    expect(await made.failures([...names(), [`${'a'.repeat(64)}.manifest.json`, '{}']])).toEqual([
      'container.sums sum-differs',
    ])
    expect(failuresOf(await made.look(names()))).toEqual([])
  })
})
