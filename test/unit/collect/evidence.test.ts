import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Digest } from '../../../shared/digest.ts'
import type { Draft } from '../../../main/collect/draft.ts'
import { checkRoom } from '../../../main/collect/room.ts'
import { zItem } from '../../../shared/waybill.ts'
import { contradicting as refusedOf, type SpokenPiece } from '../../../main/collect/contradicting.ts'
import { limits } from '../../../main/platform/limits.ts'
import { sampleImage, sha256, types, type Content, type Named } from '../../support/images.ts'
import { TestRegistry } from '../../support/registry.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

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

const image = (reference: string, more = ''): string =>
  `  - image: ${registry.host}/${reference}\n    allow: [plain-http]\n${more}`

describe('evidence', () => {
  const sample = () => {
    const { content, root, amd64 } = sampleImage()
    const sbom = content.referrer(amd64, 'application/spdx+json', '{"sbom":1}')
    const signature = content.referrer(root, 'application/vnd.dev.sigstore.bundle.v0.3+json', '{"sig":1}')
    const onSbom = content.referrer(sbom, 'application/vnd.dev.sigstore.bundle.v0.3+json', '{"sig":2}')
    return { content, root, amd64, sbom, signature, onSbom }
  }

  it('comes by the referrers API, page by page, for index, children and evidence', async () => {
    const { content, root, amd64, sbom, signature, onSbom } = sample()
    const more = Array.from({ length: 7 }, (_, i) => content.referrer(root, 'application/x', `more ${i}`))
    registry.pageSize = 3
    registry.add('team/app', content, { '1': root })
    const { items, blobs } = await bench.collect(image('team/app:1'))
    const [item] = items
    expect(item?.findings).toEqual([])
    const digests = item?.evidence.map((one) => one.digest).sort()
    expect(digests).toEqual([sbom, signature, onSbom, ...more].map((named) => named.digest).sort())
    expect(item?.evidence.find((one) => one.digest === sbom.digest)).toEqual({
      digest: sbom.digest,
      size: sbom.size,
      mediaType: types.manifest,
      artifactType: 'application/spdx+json',
      subject: amd64.digest,
    })
    expect(blobs.find((blob) => blob.digest === sha256('{"sbom":1}'))).toMatchObject({
      early: true,
      state: 'carried',
    })
  })

  it('comes by the fallback tag and the tags of cosign where there is no API', async () => {
    const { content, root, amd64, sbom, signature } = sample()
    const sig = content.cosignSignature(amd64)
    registry.referrersApi = false
    const tag = (digest: string): string => digest.replace(':', '-')
    registry.add('team/app', content, {
      '1': root,
      [tag(root.digest)]: content.index([signature]),
      [tag(amd64.digest)]: content.index([sbom]),
      [`${tag(amd64.digest)}.sig`]: sig,
    })
    const [item] = (await bench.collect(image('team/app:1'))).items
    const digests = item?.evidence.map((one) => one.digest).sort()
    expect(digests).toEqual([sbom, signature, sig].map((named) => named.digest).sort())
    expect(item?.findings).toEqual([])
  })

  it('that cannot be had is a finding, and the collect goes on', async () => {
    const { content, root, sbom, onSbom } = sample()
    registry.tagList = false
    registry.add('team/app', content, { '1': root })
    registry.repository('team/app').blobs.delete(sha256('{"sbom":1}'))
    registry.switches.push((_, response, path) => {
      if (!path.endsWith('.att')) return false
      response.writeHead(403).end()
      return true
    })
    const { items, blobs } = await bench.collect(image('team/app:1'))
    const [item] = items
    const left = item?.evidence.map((one) => one.digest)
    expect(left).toHaveLength(1)
    const codes = item?.findings.map((finding) => finding.code)
    expect(codes).toContain('registry-auth')
    expect(codes).toContain('not-found')
    for (const gone of [sbom, onSbom]) {
      expect(item?.findings.some((finding) => finding.subject === gone.digest)).toBe(true)
      expect(blobs.some((blob) => blob.digest === gone.digest)).toBe(false)
    }
    expect(zItem.parse(item)).toEqual(item)
  })

  it('that lies about its size or its subject is a finding and not carried', async () => {
    const { content, root, amd64, sbom, signature } = sample()
    registry.referrersApi = false
    const tag = root.digest.replace(':', '-')
    const list = content.index([{ ...signature, size: signature.size + 1 }, sbom])
    registry.add('team/app', content, { '1': root, [tag]: list })
    const [item] = (await bench.collect(image('team/app:1'))).items
    expect(item?.evidence).toEqual([])
    expect(item?.findings.map((finding) => finding.code).sort()).toEqual([
      'evidence-subject',
      'manifest-refused',
    ])
    expect(amd64.size).toBeGreaterThan(0)
  })

  it('that contradicts the content is left out with a finding', async () => {
    const { content, root } = sampleImage()
    const config = content.blob('{}', types.empty)
    const known = [...content.blobs].find(([digest]) => !content.manifests.has(digest))
    const wrong = { mediaType: 'application/x', digest: known?.[0] ?? '', size: 5 }
    const { mediaType, digest, size } = root
    content.manifest({ artifactType: 'a/b', config, layers: [wrong], subject: { mediaType, digest, size } })
    registry.add('team/app', content, { '1': root })
    const [item] = (await bench.collect(image('team/app:1'))).items
    expect(item?.evidence).toEqual([])
    expect(item?.findings.map((finding) => finding.code)).toEqual(['evidence-refused'])
  })

  /** Evidence about an image that says another size of a layer than the image itself. */
  const contradicting = (content: Content, root: Named, name: string): Named => {
    const config = content.blob('{}', types.empty)
    const known = [...content.blobs].find(([digest]) => !content.manifests.has(digest))
    const wrong = { mediaType: 'application/x', digest: known?.[0] ?? '', size: 5 }
    const { mediaType, digest, size } = root
    const subject = { mediaType, digest, size }
    return content.manifest({ artifactType: 'a/b', config, layers: [wrong], subject, annotations: { name } })
  }

  it('that contradicts the content is found among much that does not by a few walks', async () => {
    const { content, root } = sampleImage()
    for (let i = 0; i < 31; i += 1) content.referrer(root, 'application/x', `one ${i}`)
    const bad = ['one', 'two'].map((name) => contradicting(content, root, name))
    for (let i = 31; i < 60; i += 1) content.referrer(root, 'application/x', `one ${i}`)
    registry.add('team/app', content, { '1': root })
    let walks = 0
    const read = bench.blobs.read.bind(bench.blobs)
    bench.blobs.read = (digest, most) => {
      if (digest === root.digest) walks += 1
      return read(digest, most)
    }
    const [item] = (await bench.collect(image('team/app:1'))).items
    expect(item?.evidence).toHaveLength(60)
    expect(item?.findings.map(({ code, subject }) => [code, subject])).toEqual(
      bad.map(({ digest }) => ['evidence-refused', digest]),
    )
    // Two of 62, by halves: six levels for each, and the walks of a collect without any.
    expect(walks).toBeLessThan(40)
  })

  it('of which too much contradicts is not looked at for ever', async () => {
    const piece = (from: string, name: string) =>
      ({ draft: { from }, entry: { evidence: { digest: name } } }) as unknown as SpokenPiece
    const bad = Array.from({ length: 5000 }, (_, i) => piece('evil.example/a', `bad ${i}`))
    const good = Array.from({ length: 100 }, (_, i) => piece('good.example/a', `good ${i}`))
    const isBad = ({ draft }: SpokenPiece): boolean => draft.from.startsWith('evil')
    let walks = 0
    const refused = await refusedOf([...bad, ...good], (pieces) => {
      walks += 1
      const problem = { reason: 'size-differs', subject: 'x', expected: '1', found: '2' }
      return Promise.resolve(pieces.some(isBad) ? problem : null)
    })
    expect([...refused.keys()]).toEqual(bad)
    expect(walks).toBeLessThan(limits.evidenceRefused * 4)
  })

  it('is capped, and says so', async () => {
    const { content, root } = sampleImage()
    for (let i = 0; i < 70; i += 1) content.referrer(root, 'application/x', `one ${i}`)
    registry.add('team/app', content, { '1': root })
    const [item] = (await bench.collect(image('team/app:1'))).items
    expect(item?.evidence).toHaveLength(64)
    expect(item?.findings.map((finding) => finding.code)).toEqual(['evidence-left-out'])
  })

  it('is carried up to the number that a request says, for an item or for all; what proves goes first', async () => {
    const { content, root } = sampleImage()
    for (let i = 0; i < 70; i += 1) content.referrer(root, 'application/x', `one ${i}`)
    const signed = content.referrer(root, 'application/vnd.dev.sigstore.bundle.v0.3+json', '{"sig":1}')
    registry.add('team/app', content, { '1': root })
    const collected = async (item: string, all = ''): Promise<[number, number, string[]]> => {
      const [one] = (await bench.collect(`${image('team/app:1', item)}${all}`)).items
      const isSigned = one?.evidence.some(({ digest }) => digest === signed.digest)
      return [one?.evidence.length ?? 0, Number(isSigned), (one?.findings ?? []).map(({ detail }) => detail)]
    }
    expect(await collected('    evidence: {most: 71}')).toEqual([71, 1, []])
    expect(await collected('', '\nevidence: {most: 1000}')).toEqual([71, 1, []])
    const left = (most: number, count: number): string =>
      `There is more evidence than the ${most} that are carried: ${count} left out. “evidence: {most: 71}” in the request carries more.`
    expect(await collected('    evidence: {most: 1}', '\nevidence: {most: 1000}')).toEqual([
      1,
      1,
      [left(1, 70)],
    ])
    expect(await collected('')).toEqual([64, 1, [left(64, 7)]])
  })

  it('of a file is nothing that only has such a name: data in lines, a bundle of git', async () => {
    const beside = {
      data: 'a',
      'data.jsonl': '{"text":"secret"}\n',
      'data.bundle': '# v2 git bundle\n',
      'data.sig': 'x',
    }
    for (const [name, text] of Object.entries(beside)) await writeFile(join(bench.folder, name), text)
    const [item] = (await bench.collect('  - file: ./data')).items
    expect(item?.evidence.map((one) => one.artifactType)).toEqual([
      'application/vnd.sallyport.file.signature.v1',
    ])
    expect(item?.findings).toEqual([])
  })

  it('of a file counts too, and what is left out is told', async () => {
    for (const name of ['rel.bin', 'rel.bin.sig', 'rel.bin.asc'])
      await writeFile(join(bench.folder, name), name)
    const [item] = (await bench.collect('  - file: ./rel.bin\n    evidence: {most: 1}')).items
    expect(item?.evidence.map((one) => one.artifactType)).toEqual([
      'application/vnd.sallyport.file.signature.v1',
    ])
    expect(item?.findings.map(({ code }) => code)).toEqual(['evidence-left-out'])
  })
})

describe('room in a waybill', () => {
  const digest = (n: number): Digest => `sha256:${n.toString(16).padStart(64, '0')}`
  const draft = (pieces: number): Draft => {
    const asked = {
      kind: 'file',
      archive: null,
      reference: './a',
      evidence: 1000,
      at: { line: 1, column: 1 },
    } as const
    const root = {
      bytes: Buffer.alloc(1),
      digest: digest(0),
      mediaType: types.manifest,
      manifest: { artifactType: null },
    }
    const spoken = Array.from({ length: pieces }, (_, i) => ({
      evidence: {
        digest: digest(i),
        size: 1,
        mediaType: types.manifest,
        artifactType: 'a/b',
        subject: digest(0),
      },
      needs: new Set([digest(2 * i), digest(2 * i + 1)]),
    }))
    const none = {
      carried: [],
      needs: new Set<Digest>(),
      leftOut: new Map<Digest, number>(),
      subjects: new Map<Digest, Digest>(),
      findings: [],
    }
    return { asked, from: '', source: null, root: root as unknown as Draft['root'], spoken, ...none }
  }

  it('is asked for before anything of the evidence is downloaded', () => {
    expect(() => checkRoom([draft(1000)])).not.toThrow()
    expect(() => checkRoom(Array.from({ length: 40 }, () => draft(1000)))).not.toThrow()
    const refused = expect(() => checkRoom(Array.from({ length: 80 }, () => draft(1000))))
    refused.toThrow(expect.objectContaining({ code: 'too-many' }))
  })
})
