import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Digest } from '../../../../shared/digest.ts'
import { openPool } from '../../../../main/platform/workers.ts'
import { isImageLayerType } from '../../../../main/oci/media-types.ts'
import { Content, types } from '../../../support/images.ts'
import { TestRegistry } from '../../../support/registry.ts'
import { openWorkbench, type Workbench } from '../../collect/workbench.ts'
import { exportable, pushTo } from '../../export/pushing.ts'

/*
 * What a client of registries must do, row by row: layers (OCI image-spec, “Image Layer Filesystem Changeset”). Rows that are
 * tested elsewhere:
 * - layers that are not to be passed on are told: test/unit/collect/asking.test.ts “and layers that are not to be passed on”
 * - what is unpacked is unpacked for a docker archive alone: test/unit/export/docker-archive.test.ts
 */

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

describe('layers, row by row', () => {
  it.each([
    'application/vnd.oci.image.layer.v1.tar',
    'application/vnd.oci.image.layer.v1.tar+gzip',
    'application/vnd.oci.image.layer.v1.tar+zstd',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    'application/vnd.docker.image.rootfs.diff.tar.gzip',
    'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
  ])('%s is one of an image', (type) => expect(isImageLayerType(type)).toBe(true))

  const others = [
    'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
    'application/wasm',
    'application/vnd.oci.image.layer.v1.tar+gzip+encrypted',
    'application/vnd.example.model.weights',
  ]

  it('of any type are carried as they are, byte for byte, also such as are packed', async () => {
    const content = new Content()
    // Says gzip and is none: nobody here looks into it, packs or unpacks it.
    const layers = [...others, types.layer, `${types.layer}+gzip`].map((type) =>
      content.blob(`of ${type}`, type),
    )
    const named = content.manifest({ config: content.blob('{}', types.empty), layers })
    registry.add('team/things', content, { '1': named })
    const item = `  - artifact: ${registry.host}/team/things:1\n    allow: [plain-http]`
    await bench.collect(item)
    for (const { digest, size } of layers) {
      const bytes = await bench.blobs.read(digest as Digest, size)
      expect(bytes.equals(content.blobs.get(digest) ?? Buffer.alloc(0))).toBe(true)
    }
    expect(others.some(isImageLayerType)).toBe(false)
  })

  it('with addresses of their own come from the registry alone: nobody else is asked', async () => {
    const elsewhere = await new TestRegistry().open()
    const content = new Content()
    const type = 'application/vnd.oci.image.layer.nondistributable.v1.tar'
    const layer = content.blob('far', type, { urls: [`${elsewhere.origin}/layer`] } as object)
    const named = content.manifest({ config: content.blob('{}', types.empty), layers: [layer] })
    registry.add('team/far', content, { '1': named })
    const item = `  - artifact: ${registry.host}/team/far:1\n    allow: [plain-http]`
    await bench.collect(item, { alsoPlain: [elsewhere.host] })
    registry.repository('team/far').blobs.delete(layer.digest)
    await bench.blobs.remove(layer.digest as Digest)
    await expect(bench.collect(item, { alsoPlain: [elsewhere.host] })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(elsewhere.heard).toEqual([])
    await elsewhere.close()
  })

  it('with addresses of their own go to a registry like others, as they are, and nobody else is asked', async () => {
    const [elsewhere, high] = [await new TestRegistry().open(), await new TestRegistry().open()]
    const pool = openPool(2)
    const content = new Content()
    const layer = content.blob('far', 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', {
      urls: [`${elsewhere.origin}/layer`, 'file:///etc/passwd', 'not an address'],
    } as object)
    const named = content.manifest({ config: content.blob('{}', types.empty), layers: [layer] })
    registry.add('team/far', content, { '1': named })
    const item = `  - artifact: ${registry.host}/team/far:1\n    allow: [plain-http]`
    const collected = await bench.collect(item, { alsoPlain: [elsewhere.host] })
    // Who signs is told that its maker does not want it passed on.
    expect(collected.items[0]?.findings.map(({ code }) => code)).toEqual(['foreign-layers'])
    expect(collected.blobs.find(({ digest }) => digest === layer.digest)?.state).toBe('carried')
    await pushTo(pool, exportable(bench, collected), { host: high.host, prefix: '' })
    const { blobs, manifests } = high.repository('team/far')
    expect(blobs.get(layer.digest)?.toString()).toBe('far')
    expect(manifests.get('1')?.bytes.equals(content.blobs.get(named.digest) ?? Buffer.alloc(0))).toBe(true)
    expect(elsewhere.heard).toEqual([])
    await pool.close()
    await Promise.all([elsewhere.close(), high.close()])
  })
})
