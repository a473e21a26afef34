import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, testClock } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { copySaved, hasSavedImages } from '../support/saved-images.ts'

const images = {
  'private-key': 'private-key',
  'private-legacy': 'private-legacy',
  'private-multi': 'private-multi',
  'slsa-generic-container-v1.6.0': 'slsa-generic-container-v1.6.0/container_workflow_dispatch',
  'slsa-generic-container-v2.1.0': 'slsa-generic-container-v2.1.0/container_workflow_dispatch',
}

describe.skipIf(!hasSavedImages)('real signed images (needs ../shared/fixtures)', () => {
  let crossing: Crossing
  beforeAll(async () => {
    crossing = await makeCrossing(testClock(new Date().toISOString()))
  })
  afterAll(() => crossing.dispose())

  for (const [name, path] of Object.entries(images)) {
    it(`${name} crosses with all its evidence`, async () => {
      const layout = join(crossing.folder, 'request', name)
      await copySaved(path, layout)
      const request = await writeRequest(crossing, [`image: oci:./${name}:v1`])
      const id = await release(crossing, request)
      const shown = await done(['consignment', 'show', id, '--desk', crossing.low], crossing.clock)
      const [item] = shown['content'] as { evidence: unknown[]; findings: unknown[] }[]
      expect({ evidence: (item?.evidence.length ?? 0) > 0, findings: item?.findings }).toEqual({
        evidence: true,
        findings: [],
      })
      const folder = await writeTo(crossing, id, `medium-${name}`)
      const verified = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
      expect(verified.json.checks.filter((one) => one.result === 'fail')).toEqual([])
      await decideBoth(crossing, verified.json.id, 'accept')
      await done(
        [
          'export',
          verified.json.id,
          '--desk',
          crossing.high,
          '--to',
          `oci-layout:${join(crossing.folder, `out-${name}`)}`,
        ],
        crossing.clock,
      )
    })
  }
})
