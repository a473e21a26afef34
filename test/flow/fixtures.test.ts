import { existsSync, readFileSync } from 'node:fs'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, testClock } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'

// Real images, signed and attested by others' tools; they lie beside a checkout, never in it.
const fixtures = join(import.meta.dirname, '..', '..', '..', 'shared', 'fixtures', 'images')
const images = {
  'private-key': 'private-key',
  'private-legacy': 'private-legacy',
  'private-multi': 'private-multi',
  'slsa-generic-container-v1.6.0': 'slsa-generic-container-v1.6.0/container_workflow_dispatch',
  'slsa-generic-container-v2.1.0': 'slsa-generic-container-v2.1.0/container_workflow_dispatch',
}

describe.skipIf(!existsSync(fixtures))('real signed images (needs ../shared/fixtures)', () => {
  let crossing: Crossing
  beforeAll(async () => {
    crossing = await makeCrossing(testClock(new Date().toISOString()))
  })
  afterAll(() => crossing.dispose())

  for (const [name, path] of Object.entries(images)) {
    it(`${name} crosses with all its evidence`, async () => {
      const layout = join(crossing.folder, 'request', name)
      await cp(join(fixtures, path), layout, { recursive: true })
      // cosign saves without a name; a name makes it one that a request can ask for.
      const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
        manifests: { annotations?: Record<string, string> }[]
      }
      const image = index.manifests.find((one) => /image(Index)?$/.test(one.annotations?.['kind'] ?? ''))
      expect(image).toBeDefined()
      image!.annotations = { ...image!.annotations, 'org.opencontainers.image.ref.name': 'v1' }
      await writeFile(join(layout, 'index.json'), JSON.stringify(index))
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
