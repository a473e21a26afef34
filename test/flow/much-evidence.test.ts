import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sallyport } from '../support/command-line.ts'
import { makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { sampleImage, types } from '../support/images.ts'
import { rowsOf, setItemPolicy } from '../support/signed-image.ts'

/* More pieces of evidence than usual cross where the request says so, and each is judged. */

let crossing: Crossing
beforeEach(async () => {
  crossing = await makeCrossing()
})
afterEach(() => crossing.dispose())

describe('an item with more evidence than usual', () => {
  it('crosses with all of it, and each piece is judged', async () => {
    const { content, root } = sampleImage()
    const type = 'application/vnd.dev.sigstore.bundle.v0.3+json'
    const { mediaType, digest, size } = root
    const pieces = Array.from({ length: 130 }, (_, i) =>
      content.manifest({
        config: content.blob('{}', types.empty),
        layers: [content.blob(`{"piece":${i}}`, type)],
        subject: { mediaType, digest, size },
      }),
    )
    const layout = join(crossing.folder, 'request', 'app')
    await content.writeLayout(layout, [{ named: root, tag: 'v1' }, ...pieces.map((named) => ({ named }))])
    const id = await release(
      crossing,
      await writeRequest(crossing, ['image: oci:./app:v1\n    evidence: {most: 1000}']),
    )
    const folder = await writeTo(crossing, id, 'medium')
    const waybill = JSON.parse(await readFile(join(folder, 'waybill.json'), 'utf8')) as {
      items: { evidence: object[]; findings: object[] }[]
    }
    expect([waybill.items[0]?.evidence.length, waybill.items[0]?.findings]).toEqual([130, []])
    await setItemPolicy(crossing, 2, '  []', "  - {kind: image, name: '**', nothing: true}")
    const ended = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
    expect([ended.code, rowsOf(ended, 'policy.evidence')]).toEqual([0, ['warn unknown']])
    const [row] = ended.json.checks.filter((one) => one.id === 'policy.evidence')
    expect(row?.found).toMatch(/^130 pieces of evidence, none false; 130 unknown/)
  })
})
