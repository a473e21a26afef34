import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chartFiles, chartIndex, packedChart, type ChartFiles } from '../support/charts.ts'
import { done, sallyport } from '../support/command-line.ts'
import { decideBoth, release, signing, writeRequest, writeTo } from '../support/desks.ts'
import { Content, sampleImage } from '../support/images.ts'
import { sha256 } from '../support/made-tar.ts'
import { pgpPair, signedText } from '../support/openpgp-keys.ts'
import { findingsOf, openReleasing, type Releasing } from '../support/releasing.ts'
import { TestRegistry } from '../support/registry.ts'
import { stopsHalfway, WebServer } from '../support/web-server.ts'

/* Charts of Helm in a request: from a folder, packed, of a repository of the web, and of a registry. */

let at: Releasing
let web: WebServer
let registry: TestRegistry
beforeAll(async () => {
  at = await openReleasing()
  web = await new WebServer().start()
  registry = await new TestRegistry().open()
})
afterAll(async () => {
  await registry.close()
  await web.close()
  await at.crossing.dispose()
})

const chartFolder = (name: string, files: ChartFiles): Promise<void> =>
  at.lay(Object.fromEntries(Object.entries(files).map(([path, content]) => [`${name}/${path}`, content])))

describe('a chart of the request’s folder', () => {
  it('is packed alike every time, and says its name, its version and the images that reading finds', async () => {
    await chartFolder('charts/app', chartFiles('app', '1.2.3+build.5'))
    const [first] = await at.collected(['chart: charts/app'])
    expect(first).toMatchObject({
      kind: 'chart',
      name: 'app',
      version: '1.2.3+build.5',
      reference: 'charts/app',
    })
    expect(findingsOf(first)).toEqual([
      'image-not-carried registry.example/team/app:1.4',
      'image-not-carried registry.example/team/sidecar:2',
    ])
    const [again] = await at.collected(['chart: charts/app'])
    expect(again?.root.digest).toBe(first?.root.digest)
  })

  it('crosses, and lies packed in charts/ and in Helm’s form in images/', async () => {
    const packed = await packedChart('other', chartFiles('other', '0.1.0'))
    await writeFile(at.inRequest('other-0.1.0.tgz'), packed)
    const out = await at.landed(['chart: other-0.1.0.tgz'], 'packed-chart')
    expect((await readFile(join(out, 'charts', 'other-0.1.0.tgz'))).equals(packed)).toBe(true)
    const index = JSON.parse(await readFile(join(out, 'images', 'index.json'), 'utf8')) as {
      manifests: { digest: string }[]
    }
    const blob = join(out, 'images', 'blobs', 'sha256', index.manifests[0]?.digest.slice(7) ?? '')
    expect(JSON.parse(await readFile(blob, 'utf8'))).toMatchObject({
      config: { mediaType: 'application/vnd.cncf.helm.config.v1+json' },
      layers: [{ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest: sha256(packed) }],
    })
  })

  it('is looked into on the far side once two people accepted it, by a name that no other has', async () => {
    for (const version of ['1.0.0', '2.0.0'])
      await writeFile(
        at.inRequest(`twin-${version}.tgz`),
        await packedChart('twin', chartFiles('twin', version)),
      )
    await chartFolder('charts/single', chartFiles('single', '3.0.0'))
    const { crossing } = at
    const items = ['chart: twin-1.0.0.tgz', 'chart: twin-2.0.0.tgz', 'chart: charts/single']
    const id = await release(crossing, await writeRequest(crossing, items))
    const medium = await writeTo(crossing, id, 'looked-into')
    const verified = await done(['verify', medium, '--desk', crossing.high], crossing.clock)
    const lookAt = (item: string) =>
      sallyport(['look', verified.id, '--desk', crossing.high, '--item', item], crossing.clock)
    expect((await lookAt('single')).json.failure).toMatchObject({ code: 'look-not-yet' })
    await decideBoth(crossing, verified.id, 'accept')
    expect((await lookAt('twin')).json.failure).toMatchObject({
      code: 'look-no-file',
      facts: { expected: 'twin-1.0.0.tgz, twin-2.0.0.tgz' },
    })
    expect((await lookAt('none')).json.failure).toMatchObject({
      code: 'look-no-file',
      facts: { expected: 'twin, twin, single' },
    })
    for (const [item, name] of [
      ['twin-2.0.0.tgz', 'twin-2.0.0.tgz'],
      ['single', 'single-3.0.0.tgz'],
    ] as const) {
      const { code, json } = await lookAt(item)
      // Nobody signed it, and it has no sums of its own.
      expect([code, json]).toMatchObject([5, { name, format: 'helm-chart', outcome: 'not-checked' }])
    }
    const [single] = (await at.collected(['chart: charts/single'])).map(({ root }) => root.digest.slice(7))
    const blobs = join(crossing.high, 'store', 'blobs', 'sha256')
    const manifest = JSON.parse(await readFile(join(blobs, single ?? ''), 'utf8')) as {
      layers: { digest: string }[]
    }
    await writeFile(
      join(blobs, manifest.layers[0]?.digest.slice(7) ?? ''),
      await packedChart('single', chartFiles('single', '3.0.1')),
    )
    expect((await lookAt('single')).json.failure).toMatchObject({ code: 'content-damaged' })
  })

  it('travels with its signature, and is refused where that is over another', async () => {
    const packed = await packedChart('signed', chartFiles('signed', '1.0.0'))
    const pair = await pgpPair()
    const text = (digest: string): string => `name: signed\n\n...\nfiles:\n  signed-1.0.0.tgz: ${digest}\n`
    const prov = await signedText(pair, text(sha256(packed)), at.crossing.clock.now())
    await writeFile(at.inRequest('signed-1.0.0.tgz'), packed)
    await writeFile(at.inRequest('signed-1.0.0.tgz.prov'), prov)
    const out = await at.landed(['chart: signed-1.0.0.tgz'], 'signed-chart')
    expect(await readFile(join(out, 'charts', 'signed-1.0.0.tgz.prov'), 'utf8')).toBe(prov)
    const other = await signedText(pair, text(sha256('another')), at.crossing.clock.now())
    await writeFile(at.inRequest('signed-1.0.0.tgz.prov'), other)
    expect(await at.refused(['chart: signed-1.0.0.tgz'])).toMatchObject({
      code: 'archive-refused',
      facts: { reason: 'sum-differs', path: 'signed-1.0.0.tgz' },
    })
  })

  it('says which charts it needs and does not hold, also those that the charts in it need', async () => {
    const needs = (...names: string[]): string =>
      `dependencies:\n${names.map((name) => `  - {name: ${name}, version: 1.x, repository: "https://charts.example"}\n`).join('')}`
    const yaml = (name: string, ...names: string[]): string =>
      `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${needs(...names)}`
    await chartFolder('charts/needy', {
      'Chart.yaml': yaml('needy', 'inside', 'packed', 'gone'),
      'values.yaml': 'a: 1\n',
      // It needs what it is in: a circle that ends with what is there.
      'charts/inside/Chart.yaml': yaml('inside', 'needy'),
    })
    await at.lay({
      'charts/needy/charts/packed-1.2.3.tgz': await packedChart('packed', {
        'Chart.yaml': yaml('packed', 'deeper'),
      }),
    })
    const [one] = await at.collected(['chart: charts/needy'])
    const told = (one?.findings ?? [])
      .filter(({ code }) => code === 'chart-dependency')
      .map(({ detail }) => detail)
    expect(told.map((detail) => /^(\S+) needs the chart (\w+) /.exec(detail)?.slice(1)).sort()).toEqual([
      ['needy', 'gone'],
      ['needy/charts/inside', 'needy'],
      ['needy/charts/packed-1.2.3.tgz/packed', 'deeper'],
    ])
  })

  it.each([
    ['no chart', 'chart: plain.tgz', 'chart-expected', { path: 'plain.tgz' }],
    ['a folder without Chart.yaml', 'chart: charts/none', 'chart-form', { found: 'none' }],
    ['a chart without a version', 'chart: charts/loose', 'chart-form', { expected: 'a version' }],
    ['a Chart.yaml with a thousand anchors', 'chart: charts/anchors', 'chart-form', {}],
    ['rules that Helm refuses', 'chart: charts/stars', 'chart-form', { found: 'tests/**' }],
    ['a chart whose rules leave out what it is', 'chart: charts/self', 'chart-form', { found: 'none' }],
    ['a chart with a link', 'chart: charts/linked', 'folder-refused', { found: 'a link' }],
    ['nothing', 'chart: charts/nowhere', 'not-found', { subject: 'charts/nowhere' }],
    ['a path that climbs', 'chart: ../app', 'path-outside', {}],
    [
      'other bytes than asked for',
      `{chart: charts/app, sha256: ${'f'.repeat(64)}}`,
      'web-differs',
      { expected: `sha256:${'f'.repeat(64)}` },
    ],
  ])('refuses %s', async (_, item, code, facts) => {
    await writeFile(at.inRequest('plain.tgz'), await packedChart('x', { 'README.md': 'nothing\n' }))
    await chartFolder('charts/none', { 'values.yaml': 'a: 1\n' })
    await chartFolder('charts/loose', { 'Chart.yaml': 'name: loose\n' })
    const anchors = Array.from({ length: 1000 }, (_one, at) => `a${at}: &a${at} [*a${Math.max(0, at - 1)}]`)
    await chartFolder('charts/anchors', { 'Chart.yaml': `name: x\nversion: 1\n${anchors.join('\n')}\n` })
    await chartFolder('charts/stars', chartFiles('stars', '1.0.0', { '.helmignore': '*.bak\ntests/**\n' }))
    await chartFolder('charts/self', chartFiles('self', '1.0.0', { '.helmignore': '*.yaml\n' }))
    await chartFolder('charts/linked', chartFiles('linked', '1.0.0'))
    await symlink('/etc/passwd', at.inRequest('charts', 'linked', 'notes')).catch(() => undefined)
    expect(await at.refused([item])).toMatchObject({ code, facts })
  })
})

describe('a chart of a repository of the web', () => {
  const item = (name = 'app', version = '1.2.3', more = ''): string =>
    `{chart: http://${web.host}/stable, name: ${name}, version: ${version}, allow: [plain-http]${more}}`

  it('is found in the index, held against its digest, and named by where it comes from', async () => {
    const packed = await packedChart('app', chartFiles('app', '1.2.3'))
    web.put('/stable/charts/app.tgz', packed)
    const digest = sha256(packed).slice(7)
    web.put('/stable/index.yaml', chartIndex('app', [{ version: '1.2.3', url: 'charts/app.tgz', digest }]))
    web.fault = stopsHalfway(packed, 0)
    const [one] = await at.collected([item()])
    const name = `${web.host}/stable/app`
    expect(one).toMatchObject({ kind: 'chart', name, version: '1.2.3', reference: `http://${name}:1.2.3` })
    expect(web.heard.every(({ secret }) => !secret)).toBe(true)
    const out = await at.landed([item()], 'web-chart')
    expect((await readFile(join(out, 'charts', 'app-1.2.3.tgz'))).equals(packed)).toBe(true)
  })

  it('says when the index states no digest, and takes the one of the request', async () => {
    const packed = await packedChart('bare', chartFiles('bare', '1.0.0'))
    web.put('/stable/bare.tgz', packed)
    web.put('/stable/index.yaml', chartIndex('bare', [{ version: '1.0.0', url: 'bare.tgz' }]))
    const [bare] = await at.collected([item('bare', '1.0.0')])
    expect(findingsOf(bare)).toContain(`chart-unpinned http://${web.host}/stable/bare:1.0.0`)
    const [pinned] = await at.collected([item('bare', '1.0.0', `, sha256: '${sha256(packed)}'`)])
    expect(findingsOf(pinned).join()).not.toContain('chart-unpinned')
  })

  it.each([
    ['an index that is none', 'a: [', 'chart-index'],
    ['an index without entries', 'apiVersion: v1\n', 'chart-index'],
    ['a version that is not there', chartIndex('app', [{ version: '1.0.0', url: 'x.tgz' }]), 'chart-missing'],
    [
      'a version that is there twice',
      chartIndex('app', [
        { version: '1.2.3', url: 'x.tgz' },
        { version: '1.2.3', url: 'y.tgz' },
      ]),
      'chart-index',
    ],
    [
      'a digest of another',
      chartIndex('app', [{ version: '1.2.3', url: 'app.tgz', digest: 'f'.repeat(64) }]),
      'web-differs',
    ],
    [
      'a digest that is none',
      chartIndex('app', [{ version: '1.2.3', url: 'app.tgz', digest: 'yes' }]),
      'chart-index',
    ],
    [
      'a file of this computer',
      chartIndex('app', [{ version: '1.2.3', url: 'file:///etc/passwd' }]),
      'chart-index',
    ],
    ['a chart that is not there', chartIndex('app', [{ version: '1.2.3', url: 'gone.tgz' }]), 'not-found'],
    ['a chart of another name', chartIndex('app', [{ version: '1.2.3', url: 'named.tgz' }]), 'chart-form'],
  ])('refuses %s', async (_, index, code) => {
    web.put('/stable/app.tgz', await packedChart('app', chartFiles('app', '1.2.3')))
    web.put('/stable/named.tgz', await packedChart('other', chartFiles('other', '1.2.3')))
    web.put('/stable/index.yaml', index)
    expect(await at.refused([item()])).toMatchObject({ code })
  })
})

it('what was promised, carried and landed is told after an export, and each thing that is missing', async () => {
  const { crossing } = at
  await chartFolder('charts/counted', chartFiles('counted', '1.0.0'))
  await at.lay({ 'notes.txt': 'notes', 'other.txt': 'other' })
  const items = ['chart: charts/counted', 'file: ./notes.txt', 'file: ./other.txt']
  const request = await writeRequest(crossing, items)
  const collecting = ['collect', request, '--desk', crossing.low, '--leave-out', './other.txt']
  const { id } = await done(collecting, crossing.clock)
  for (const [role, person] of [
    ['prepare', 'bob'],
    ['release', 'carol'],
  ] as const)
    await done(
      ['approve', id, '--desk', crossing.low, '--role', role, ...signing(crossing, person)],
      crossing.clock,
    )
  const verified = await done(
    ['verify', await writeTo(crossing, id, 'counted'), '--desk', crossing.high],
    crossing.clock,
  )
  await decideBoth(crossing, verified.id, 'accept')
  const words = [
    'export',
    verified.id,
    '--desk',
    crossing.high,
    '--to',
    `dir:${join(crossing.folder, 'counted-out')}`,
  ]
  const exported = await done(words, crossing.clock)
  expect(exported['landed']).toEqual({
    promised: 3,
    carried: 2,
    landed: 2,
    missing: [
      './other.txt was asked for and left out when it was collected.',
      'registry.example/team/app:1.4 is named by what was carried and was never part of it.',
      'registry.example/team/sidecar:2 is named by what was carried and was never part of it.',
    ],
  })
})

describe('a chart of a registry', () => {
  const pushed = async (tag: string, name: string, of: string): Promise<string> => {
    const content = new Content()
    const layer = content.blob(
      await packedChart(name, chartFiles(name, of)),
      'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
    )
    const config = content.blob(
      JSON.stringify({ name, version: of }),
      'application/vnd.cncf.helm.config.v1+json',
    )
    registry.add('charts/app', content, { [tag]: content.manifest({ config, layers: [layer] }) })
    return `{chart: "${registry.host}/charts/app:${tag}", allow: [plain-http]}`
  }

  it('is looked into as any other, and says where it calls itself something else', async () => {
    const [right] = await at.collected([await pushed('1.2.3_build.5', 'app', '1.2.3+build.5')])
    expect(right).toMatchObject({
      kind: 'chart',
      name: `${registry.host}/charts/app`,
      version: '1.2.3_build.5',
    })
    expect(findingsOf(right)).toEqual([
      'image-not-carried registry.example/team/app:1.4',
      'image-not-carried registry.example/team/sidecar:2',
    ])
    for (const [name, version] of [
      ['other', '2.0.0'],
      ['app', '1.9.9'],
    ] as const) {
      const [one] = await at.collected([await pushed('2.0.0', name, version)])
      expect(findingsOf(one).filter((told) => told.startsWith('chart'))).toEqual([
        `chart-renamed ${registry.host}/charts/app:2.0.0`,
      ])
    }
  })

  it('is refused where its reference leads to something else', async () => {
    const { content, amd64 } = sampleImage(1000)
    registry.add('charts/none', content, { '1': amd64 })
    const found = await at.refused([`{chart: "${registry.host}/charts/none:1", allow: [plain-http]}`])
    expect(found).toMatchObject({ code: 'chart-expected' })
  })
})

describe('images that a chart names', () => {
  it('are collected where the request says so, once, and said to be named without a digest', async () => {
    const image = sampleImage()
    registry.add('team/app', image.content, { '1.4': image.root })
    const values = `image:\n  repository: ${registry.host}/team/app\n  tag: "1.4"\n`
    const template = `kind: Pod\nspec:\n  initContainers:\n    - image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n    - image: "{{ include \\"app.image\\" . }}"\n`
    await chartFolder(
      'charts/taking',
      chartFiles('taking', '1.0.0', { 'values.yaml': values, 'templates/deployment.yaml': template }),
    )
    const other1 = sampleImage(1000, 'other')
    registry.add('team/other', other1.content, { '1': other1.root })
    const other = `{image: "${registry.host}/team/other:1", allow: [plain-http]}`
    const items = await at.collected(['{chart: charts/taking, images: take}', other])
    expect(items.map(({ reference }) => reference)).toEqual([
      'charts/taking',
      `${registry.host}/team/other:1`,
      `${registry.host}/team/app:1.4`,
    ])
    expect(findingsOf(items[0])).toEqual([
      'images-unrendered taking',
      `image-by-name ${registry.host}/team/app:1.4`,
    ])
    expect(items[0]?.findings[1]?.detail).toContain(items[2]?.root.digest)
  })

  it('leave the request to whoever leaves one of them out, and end the collect where one cannot be had', async () => {
    await chartFolder(
      'charts/wanting',
      chartFiles('wanting', '1.0.0', {
        'values.yaml': `image:\n  repository: ${registry.host}/team/gone\n  tag: "1"\n`,
        'templates/deployment.yaml': '',
      }),
    )
    const other = `{image: "${registry.host}/team/other:1", allow: [plain-http]}`
    expect(await at.refused(['{chart: charts/wanting, images: take}', other])).toMatchObject({
      code: 'not-found',
    })
    const without = ['--leave-out', `${registry.host}/team/gone:1`]
    const [chart] = await at.collected(['{chart: charts/wanting, images: take}', other], without)
    expect(findingsOf(chart)).toEqual([
      `image-not-carried ${registry.host}/team/gone:1`,
      `left-out ${registry.host}/team/gone:1`,
    ])
    const { code, json } = await sallyport(
      [
        'collect',
        await writeRequest(at.crossing, ['{chart: charts/wanting, images: take}']),
        '--desk',
        at.crossing.low,
        '--leave-out',
        'r.example/other:1',
      ],
      at.crossing.clock,
    )
    expect([code, json.failure]).toMatchObject([
      1,
      { code: 'left-out-unknown', facts: { found: 'r.example/other:1' } },
    ])
  })
})
