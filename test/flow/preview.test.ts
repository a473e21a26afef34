import { createHash } from 'node:crypto'
import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Previewed } from '../../shared/preview.ts'
import { worldRoot } from '../support/authority/world.ts'
import { chartFiles } from '../support/charts.ts'
import { done, printed, sallyport } from '../support/command-line.ts'
import { writeRequest } from '../support/desks.ts'
import { everyFile } from '../support/every-file.ts'
import { sampleImage } from '../support/images.ts'
import { TestRegistry } from '../support/registry.ts'
import { openReleasing, type Releasing } from '../support/releasing.ts'
import { about, putEvidence } from '../support/signed-image.ts'
import { WebServer } from '../support/web-server.ts'

/* A look ahead: what a request would bring if it were collected now. It decides nothing and keeps nothing. */

let at: Releasing
let registry: TestRegistry
let web: WebServer
const { content, root } = sampleImage()

beforeAll(async () => {
  at = await openReleasing()
  registry = await new TestRegistry().open()
  web = await new WebServer().start()
  putEvidence(content, root, about(root))
  registry.add('team/app', content, { v1: root })
  const path = join(at.crossing.folder, 'authority.json')
  await writeFile(path, worldRoot())
  const fingerprint = createHash('sha256').update(worldRoot()).digest('hex')
  const words = ['--name', 'made-up', '--fingerprint', fingerprint, '--desk', at.crossing.low]
  await done(['trust', 'root', 'add', path, ...words], at.crossing.clock)
})
afterAll(async () => {
  await web.close()
  await registry.close()
  await at.crossing.dispose()
})

const image = (more = ''): string => `{image: "${registry.host}/team/app:v1", allow: [plain-http]${more}}`

async function ahead(
  items: readonly string[],
): Promise<{ readonly code: number; readonly items: Previewed[] }> {
  const request = await writeRequest(at.crossing, items)
  const ended = await sallyport(['preview', request, '--desk', at.crossing.low], at.crossing.clock)
  return { code: ended.code, items: ended.json['items'] as Previewed[] }
}

const bytesOf = (digests: Iterable<string>): number =>
  [...digests].reduce((sum, digest) => sum + (content.blobs.get(digest)?.length ?? 0), 0)

describe('a look ahead', () => {
  it('says of an image what it stands for, how large it is, on what it runs and who signed it', async () => {
    const { code, items } = await ahead([image()])
    expect(code).toBe(0)
    expect(items).toEqual([
      {
        index: 0,
        reference: `${registry.host}/team/app:v1`,
        digest: root.digest,
        size: bytesOf(content.blobs.keys()),
        here: 0,
        platforms: ['linux/amd64', 'linux/arm64/v8'],
        evidence: 1,
        signers: [expect.stringMatching(/@|https:/)],
        open: [],
        named: 0,
        notes: [],
        failure: null,
      },
    ])
  })

  it('asks for no layer, keeps nothing, and writes nothing into the ledger', async () => {
    const before = await everyFile(at.crossing.low)
    registry.heard.length = 0
    await ahead([image()])
    const layers = [...content.blobs].filter(([, bytes]) => bytes.length > 10_000).map(([digest]) => digest)
    expect(registry.heard.filter(({ path }) => layers.some((one) => path.endsWith(one)))).toEqual([])
    expect(await everyFile(at.crossing.low)).toEqual(before)
  })

  it('counts the chosen platforms alone, and what the desk has already', async () => {
    const [all] = (await ahead([image()])).items
    const [one] = (await ahead([image(', platforms: [linux/amd64]')])).items
    expect(one?.platforms).toEqual(['linux/amd64'])
    expect(one?.size ?? 0).toBeLessThan(all?.size ?? 0)
    await at.collected([image(', platforms: [linux/amd64]')])
    const [again] = (await ahead([image(', platforms: [linux/amd64]')])).items
    expect(again?.here).toBe(again?.size)
  })

  it('tells what cannot be had item by item, and ends as a failure', async () => {
    await at.lay({ 'notes.txt': 'some\n' })
    const none = `{image: "${registry.host}/team/none:v1", allow: [plain-http]}`
    const { code, items } = await ahead(['file: notes.txt', none, 'file: nowhere.txt'])
    expect(code).toBe(1)
    expect(items.map(({ index, failure }) => [index, failure?.code ?? null])).toEqual([
      [0, null],
      [1, 'not-found'],
      [2, 'not-found'],
    ])
    const request = await writeRequest(at.crossing, [none])
    const { code: exit, stdout } = await sallyport(
      ['preview', request, '--desk', at.crossing.low],
      at.crossing.clock,
    )
    expect([exit, JSON.parse(stdout)]).toMatchObject([
      1,
      { ok: true, items: [{ failure: { code: 'not-found' } }] },
    ])
  })

  it('says what the policy asks and does not find', async () => {
    const policy = join(at.crossing.folder, 'policy.yaml')
    const rule =
      'identities: [{name: nobody, issuer: "https://nobody.example", identity: nobody}]\nitems: [{kind: any, name: "**", signedBy: {identities: [nobody]}}]'
    await writeFile(policy, `sallyport: policy/v1\nversion: 2\n${rule}\n`)
    await done(['policy', 'set', policy, '--desk', at.crossing.low], at.crossing.clock)
    const [one] = (await ahead([image()])).items
    expect(one?.open.map(({ result }) => result)).toContain('fail')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 3\n')
    await done(['policy', 'set', policy, '--desk', at.crossing.low], at.crossing.clock)
  })

  it('finds the images that charts and manifests name', async () => {
    const files = Object.entries(chartFiles('app', '1.0.0')).map(([path, text]) => [`app/${path}`, text])
    await at.lay(Object.fromEntries(files) as Record<string, string>)
    await at.lay({ 'deploy/pod.yaml': 'kind: Pod\nspec: {containers: [{image: registry.example/a:1}]}\n' })
    const { items } = await ahead(['chart: app', 'manifests: deploy'])
    expect(items.map(({ named }) => named)).toEqual([2, 1])
    expect(items.every(({ digest }) => digest !== null)).toBe(true)
  })

  it('asks only how large a file of the web is, and never how large git is', async () => {
    const url = web.put('/tool.tgz', Buffer.alloc(12_345))
    const sum = 'f'.repeat(64)
    const git = `{git: "https://git.example/app.git", commit: ${'a'.repeat(40)}}`
    const { items } = await ahead([`{url: "${url}", sha256: ${sum}, allow: [plain-http]}`, git])
    expect(items.map(({ size, digest, failure }) => [size, digest, failure])).toEqual([
      [12_345, null, null],
      [null, null, null],
    ])
    expect(items.every(({ notes }) => notes.length === 1)).toBe(true)
  })

  it('takes no large file, archive or folder to look at it', async () => {
    await at.lay({ 'mirror/a/b': Buffer.alloc(1000), 'mirror/c': Buffer.alloc(24), 'large.bin': '' })
    await truncate(at.inRequest('large.bin'), 64 * 1024 * 1024 + 1)
    const { items } = await ahead(['folder: mirror', 'file: large.bin', 'archive: large.bin'].slice(0, 2))
    expect(items.map(({ size, digest }) => [size, digest])).toEqual([
      [1024, null],
      [64 * 1024 * 1024 + 1, null],
    ])
    const [inside] = (await ahead(['{archive: large.bin, as: items}'])).items
    expect(inside).toMatchObject({ size: (await stat(at.inRequest('large.bin'))).size, digest: null })
  })

  it('reads as lines, with the sum below', async () => {
    const request = await writeRequest(at.crossing, [image()])
    const lines = (await printed(['preview', request, '--desk', at.crossing.low], at.crossing.clock)).split(
      '\n',
    )
    expect(lines).toContain(`✓ ${registry.host}/team/app:v1`)
    expect(lines).toContain(`  ${root.digest}`)
    expect(lines.at(-2)).toMatch(/^1 items?, .* of it here already\.$/)
  })

  it('is refused where the request is wrong, before anybody is asked', async () => {
    registry.heard.length = 0
    const request = await writeRequest(at.crossing, [image(), 'image: "no reference"'])
    const ended = await sallyport(['preview', request, '--desk', at.crossing.low], at.crossing.clock)
    expect(ended.json.failure.code).toBe('request-form')
    expect(registry.heard).toEqual([])
    const high = await sallyport(['preview', request, '--desk', at.crossing.high], at.crossing.clock)
    expect(high.json.failure.code).toBe('wrong-side')
    expect(await readFile(request, 'utf8')).toContain('no reference')
  })
})
