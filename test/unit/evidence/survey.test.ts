import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeBundle } from '../../support/authority/bundle.ts'
import { sallyport } from '../../support/command-line.ts'
import { sampleImage, types, type Content, type Named } from '../../support/images.ts'

/* What is looked at when somebody asks what speaks for an image in a layout. */

const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-survey-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Found {
  readonly subjects: readonly string[]
  readonly pieces: readonly { readonly layer: string; readonly subject: string; readonly manifest: string }[]
  readonly others: readonly { readonly manifest: string; readonly subject: string; readonly what: string }[]
  readonly findings: readonly string[]
}

let layouts = 0
async function surveyed(content: Content, root: Named, more: readonly Named[]): Promise<Found> {
  layouts += 1
  const layout = join(folder, String(layouts))
  await content.writeLayout(layout, [{ named: root, tag: '1' }, ...more.map((named) => ({ named }))])
  return (await sallyport(['evidence', `oci:${layout}:1`])).json as unknown as Found
}

function referrer(content: Content, { mediaType, digest, size }: Named, body: object): Named {
  const config = content.blob('{}', types.empty)
  return content.manifest({ config, layers: [], subject: { mediaType, digest, size }, ...body })
}
const blobOf = (content: Content, text: string, mediaType: string): Named => content.blob(text, mediaType)

describe('a survey', () => {
  it('asks the index and every image below it, nothing else that it names', async () => {
    const { content, amd64, arm64 } = sampleImage()
    const note = blobOf(content, 'a note', 'text/plain')
    const root = content.index([amd64, note, arm64])
    const signed = (about: Named, text: string): Named =>
      referrer(content, about, { layers: [blobOf(content, text, bundleType)], artifactType: bundleType })
    const [onRoot, onArm] = [signed(root, '{"a":1}'), signed(arm64, '{"a":2}')]
    const found = await surveyed(content, root, [onRoot, onArm])
    expect(found.subjects).toEqual([root, amd64, arm64].map(({ digest }) => digest))
    expect(found.pieces.map(({ manifest, subject }) => [manifest, subject])).toEqual([
      [onRoot.digest, root.digest],
      [onArm.digest, arm64.digest],
    ])
    expect([found.others, found.findings]).toEqual([[], []])
  })

  it('asks for evidence of evidence of evidence, four times in all', async () => {
    const { content, root } = sampleImage()
    const chain = [root]
    for (let i = 0; i < 6; i += 1) {
      const layers = [blobOf(content, `{"level":${i}}`, bundleType)]
      chain.push(referrer(content, chain[i] as Named, { layers }))
    }
    const found = await surveyed(content, root, chain.slice(1))
    expect(found.pieces.map(({ subject }) => subject)).toEqual(chain.slice(0, 4).map(({ digest }) => digest))
  })

  it('names what is not signed, or is in a form that is not read', async () => {
    const { content, root } = sampleImage()
    const blob = (type: string): Named => blobOf(content, type, type)
    const more = [
      referrer(content, root, {
        artifactType: 'application/spdx+json',
        layers: [blob('text/a'), blob('text/b')],
      }),
      referrer(content, root, { layers: ['1', '2', '3', '4', '5'].map((n) => blob(`text/${n}`)) }),
      referrer(content, root, { annotations: { x: 'y' } }),
      referrer(content, root, { layers: [blob('text/c'), blobOf(content, '{"b":1}', bundleType)] }),
    ]
    const found = await surveyed(content, root, more)
    const said = 'Not signed, or signed in a form that is not read: '
    const what = new Map(found.others.map((one) => [one.manifest, one.what]))
    expect(more.map(({ digest }) => what.get(digest))).toEqual([
      `${said}application/spdx+json, text/a, text/b`,
      `${said}text/1, text/2, text/3, text/4`,
      expect.stringMatching(/form that is not read: /),
      undefined,
    ])
    expect(found.pieces.map(({ manifest }) => manifest)).toEqual([more[3]?.digest])
  })

  it('takes what speaks for two of its images once', async () => {
    const { content, root } = sampleImage()
    const text = JSON.stringify(makeBundle({ content: 'envelope' }).json)
    const one = referrer(content, root, { layers: [blobOf(content, text, bundleType)] })
    const found = await surveyed(content, root, [one, one])
    expect(found.pieces).toHaveLength(1)
  })
})
