import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession, type Session } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { done } from '../support/command-line.ts'
import { makeCrossing, writeRequest, type Crossing } from '../support/desks.ts'
import { sampleImage, types, type Content, type Named } from '../support/images.ts'

/* A piece of evidence as it was carried, for people to look at: its beginning, and whether that is all of it. */

const shown = 256 * 1024
const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** What speaks for an image: a bundle of this text. */
function speaksFor(content: Content, { mediaType, digest, size }: Named, text: string): Named {
  const config = content.blob('{}', types.empty)
  const layers = [content.blob(text, bundleType)]
  const subject = { mediaType, digest, size }
  return content.manifest({ artifactType: bundleType, config, layers, subject })
}

describe('a piece of evidence, to look at', () => {
  let crossing: Crossing
  let session: Session
  let id: string
  const texts = {
    short: '{"a":"b\u0007c\u202ed"}\n\t',
    all: `{"x":"${'y'.repeat(shown - 8)}"}`,
    more: `{"x":"${'z'.repeat(shown - 7)}"}`,
  }
  const layers = new Map<string, string>()

  beforeAll(async () => {
    crossing = await makeCrossing()
    const { content, root } = sampleImage()
    const entries = Object.values(texts).map((text) => ({ named: speaksFor(content, root, text) }))
    for (const [name, text] of Object.entries(texts)) layers.set(name, content.blob(text, bundleType).digest)
    await content.writeLayout(join(crossing.folder, 'request', 'layout'), [
      { named: root, tag: '1' },
      ...entries,
    ])
    const request = await writeRequest(crossing, ['image: oci:./layout:1'])
    id = (await done(['collect', request, '--desk', crossing.low], crossing.clock)).id
    session = openSession({ clock: crossing.clock, network: openGate })
    await session.call('desk.open', { place: session.place('desk', crossing.low), mode: 'read' })
  })
  afterAll(async () => {
    await session.close()
    await crossing.dispose()
  })
  const ask = (name: string) => session.call('consignment.blob', { id, blob: layers.get(name) ?? '' })

  it('is whole up to 256 KiB, and cut there where there is more', async () => {
    expect(texts.all).toHaveLength(shown)
    expect(await ask('all')).toEqual({ text: texts.all, size: shown, cut: false })
    expect(await ask('more')).toEqual({ text: texts.more.slice(0, shown), size: shown + 1, cut: true })
  })

  it('has what cannot be seen as code points; lines and tabs stay', async () => {
    const { text, cut } = await ask('short')
    expect({ text, cut }).toEqual({ text: '{"a":"b\\u{7}c\\u{202e}d"}\n\t', cut: false })
  })

  it('is none that was not judged: a layer of the image itself', async () => {
    const { items } = (await session.call('consignment.evidence', { id })).evidence ?? { items: [] }
    const pieces = items.flatMap((item) => item.pieces.map((piece) => piece.layer))
    expect([...pieces].sort()).toEqual([...layers.values()].sort())
    const view = await session.call('consignment.show', { id })
    const blob = view.content[0]?.root.digest ?? 'sha256:'
    const answer = await session.answer('consignment.blob', { id, blob })
    expect(answer).toMatchObject({ ok: false, failure: { code: 'not-found' } })
  })
})
