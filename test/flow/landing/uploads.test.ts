import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCrossing, type Crossing } from '../../support/desks.ts'
import { acceptedImage, allowRegistry, exportTo, landingKey } from '../../support/landing.ts'
import { TestRegistry } from '../../support/registry.ts'
import { emptyDigest } from '../../../main/oci/kind.ts'

describe('what all seals have in common', () => {
  let crossing: Crossing
  let registry: TestRegistry
  beforeAll(async () => {
    crossing = await makeCrossing()
    registry = await new TestRegistry().open()
    await allowRegistry(crossing, registry.host)
    await landingKey(crossing)
  })
  afterAll(async () => {
    await registry.close()
    await crossing.dispose()
  })

  it('is sent once: where it comes again, some registries refuse what names it meanwhile', async () => {
    const { id } = await acceptedImage(crossing)
    await exportTo(crossing, id, `${registry.host}/apps`)
    const sent = registry.heard.filter(
      ({ method, path }) => method === 'PUT' && path.includes(encodeURIComponent(emptyDigest)),
    )
    expect(sent.map(({ path }) => path.replace(/\/blobs\/.*/, ''))).toEqual(['/v2/apps/app'])
  })
})
