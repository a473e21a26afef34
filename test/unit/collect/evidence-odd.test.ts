import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '../../../shared/waybill.ts'
import { sampleImage, types, type Content, type Named } from '../../support/images.ts'
import { TestRegistry } from '../../support/registry.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

/* Answers to “what speaks for this?” as registries in use give them: none of them spoils the rest, none enlarges an item. */

let bench: Workbench
let registry: TestRegistry
beforeEach(async () => {
  bench = await openWorkbench()
  registry = await new TestRegistry().open()
})
afterEach(async () => {
  await registry.close()
  await bench.close()
})

const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const tagOf = (named: Named): string => named.digest.replace(':', '-')

async function collected(more = ''): Promise<{ item: Item; omitted: number }> {
  const { items, blobs } = await bench.collect(
    `  - image: ${registry.host}/team/app:1\n    allow: [plain-http]\n${more}`,
  )
  const [item] = items
  if (item === undefined) throw new Error('no item')
  return { item, omitted: blobs.filter((blob) => blob.state === 'omitted').length }
}
const evidenceOf = ({ evidence }: Item): string[] => evidence.map((one) => one.digest).sort()
const codesOf = ({ findings }: Item): string[] => findings.map((one) => one.code)

/** Lets the registry answer every list of referrers with one text. */
function answering(text: string, status = 200): void {
  registry.switches.push((_, response, path) => {
    if (!path.includes('/referrers/')) return false
    response.writeHead(status, { 'content-type': types.index }).end(text)
    return true
  })
}
const list = (manifests: readonly object[] | null): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests })
const signature = (content: Content, subject: Named): Named =>
  content.referrer(subject, bundleType, '{"sig":1}')

describe('what is no evidence', () => {
  it('the manifest itself under the tag of its list, also of every child: oras-go#1396', async () => {
    const { content, root, amd64, arm64 } = sampleImage()
    registry.referrersApi = false
    registry.add('team/app', content, {
      '1': root,
      [tagOf(root)]: root,
      [tagOf(amd64)]: amd64,
      [tagOf(arm64)]: arm64,
      [`${tagOf(root)}.sig`]: root,
      [`${tagOf(amd64)}.sbom`]: amd64,
    })
    const all = await collected()
    expect([all.item.evidence, all.item.findings, all.omitted]).toEqual([[], [], 0])
    const one = await collected('    platforms: [linux/amd64]')
    expect([one.item.evidence, codesOf(one.item), one.item.platforms]).toEqual([
      [],
      ['index-filtered'],
      ['linux/amd64'],
    ])
    expect(one.omitted).toBe(1)
  })

  it('what names no subject, whoever lists it', async () => {
    const { content, root, amd64 } = sampleImage()
    const other = content.artifact('application/x', 'application/x', 'nothing')
    answering(list([other, amd64]))
    registry.add('team/app', content, { '1': root })
    expect(await collected()).toMatchObject({ item: { evidence: [], findings: [] } })
  })

  it('what holds content of the item that is not asked for', async () => {
    const { content, root, amd64, arm64 } = sampleImage()
    const { mediaType, digest, size } = root
    const greedy = content.manifest(
      { artifactType: bundleType, manifests: [arm64], subject: { mediaType, digest, size } },
      types.index,
    )
    registry.add('team/app', content, { '1': root })
    const { item, omitted } = await collected('    platforms: [linux/amd64]')
    expect(item.evidence).toEqual([])
    expect(item.findings).toEqual([
      expect.objectContaining({ code: 'index-filtered' }),
      expect.objectContaining({ code: 'evidence-refused', subject: greedy.digest }),
    ])
    expect([item.platforms, omitted, amd64.digest === arm64.digest]).toEqual([['linux/amd64'], 1, false])
  })
})

describe('one odd entry', () => {
  it.each([
    ['a type that is no media type, as oras 1.0 wrote it', { artifactType: 'sbom' }, []],
    ['another digest', { digest: `sha512:${'a'.repeat(128)}` }, ['evidence-odd']],
    ['no size', { size: undefined }, ['evidence-odd']],
    ['an annotation that is a number', { annotations: { n: 1 } }, ['evidence-odd']],
    ['a platform that is a text', { platform: 'linux' }, ['evidence-odd']],
  ])('%s: the signature beside it is carried', async (_, change, codes) => {
    const { content, root } = sampleImage()
    const good = signature(content, root)
    const odd = content.referrer(root, 'application/x', 'odd')
    registry.switches.push((_, response, path) => {
      if (!path.endsWith(`/referrers/${root.digest}`)) return false
      response.end(list([{ ...odd, ...change }, good]))
      return true
    })
    registry.add('team/app', content, { '1': root })
    const { item } = await collected()
    expect(evidenceOf(item)).toContain(good.digest)
    expect(codesOf(item)).toEqual(codes)
  })

  it('is told with how many there are, and why', async () => {
    const { content, root } = sampleImage()
    const odd = Array.from({ length: 3 }, () => ({ ...root, digest: 'md5:abc' }))
    registry.switches.push((_, response, path) => {
      if (!path.endsWith(`/referrers/${root.digest}`)) return false
      response.end(list(odd))
      return true
    })
    registry.add('team/app', content, { '1': root })
    const [finding] = (await collected()).item.findings
    expect(finding?.detail).toBe(
      '3 of what is listed cannot be used and counts for nothing: expected a sha256 digest, found md5:abc',
    )
  })

  it('in a layout leaves the others to be had, by name and as evidence', async () => {
    const { content, root } = sampleImage()
    const good = signature(content, root)
    const folder = join(bench.folder, 'lay')
    await content.writeLayout(folder, [{ named: root, tag: '1' }])
    const path = join(folder, 'index.json')
    const index = JSON.parse(await readFile(path, 'utf8')) as { manifests: object[] }
    index.manifests.unshift({ ...root, digest: `sha512:${'b'.repeat(128)}` }, { mediaType: 1 })
    await writeFile(path, JSON.stringify(index))
    const { items } = await bench.collect('  - image: oci:./lay:1')
    expect(items.map((item) => [item.root.digest, evidenceOf(item), item.findings])).toEqual([
      [root.digest, [good.digest], []],
    ])
  })
})

describe('a list', () => {
  it.each([
    ['null, as Go writes an empty one', list(null)],
    ['nothing', '{}'],
    ['empty', list([])],
  ])('that is %s is empty', async (_, text) => {
    const { content, root } = sampleImage()
    answering(text)
    registry.add('team/app', content, { '1': root })
    expect(await collected()).toMatchObject({ item: { evidence: [], findings: [] } })
  })

  it.each([
    ['refused', 403, '', 'registry-auth'],
    ['a page for people', 200, '<html>', 'manifest-refused'],
  ])('that is %s for every manifest is told once', async (_, status, text, code) => {
    const { content, root } = sampleImage()
    answering(text, status)
    registry.add('team/app', content, { '1': root })
    const { item } = await collected()
    expect(item.findings).toEqual([
      expect.objectContaining({ code, detail: expect.stringMatching(/The same for 3 more\.$/) as string }),
    ])
  })

  it('of more than can be carried keeps what proves, then what describes: notation-go#314', async () => {
    const { content, root } = sampleImage()
    for (let i = 0; i < 70; i += 1) content.referrer(root, 'application/sarif+json', `scan ${i}`)
    const sbom = content.referrer(root, 'application/spdx+json', '{"sbom":1}')
    const good = signature(content, root)
    registry.add('team/app', content, { '1': root })
    const { item } = await collected()
    expect(item.evidence).toHaveLength(64)
    expect(evidenceOf(item)).toEqual(expect.arrayContaining([sbom.digest, good.digest]))
    expect(codesOf(item)).toEqual(['evidence-left-out'])
  })
})
