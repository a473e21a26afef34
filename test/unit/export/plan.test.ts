import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planOf } from '../../../main/export/plan.ts'
import { Failure } from '../../../main/platform/failure.ts'
import { limits } from '../../../main/platform/limits.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { Item } from '../../../shared/waybill.ts'
import { Content, pattern, type Named } from '../../support/images.ts'

/* What is exported is read from the disc and hashed again: the store may have changed since it was verified. */

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-plan-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const platform = { os: 'linux', architecture: 'amd64' }

async function planned(
  content: Content,
  { mediaType, digest, size }: Named,
  without: readonly string[] = [],
) {
  for (const [name, bytes] of content.blobs) await writeFile(join(folder, name.slice(7)), bytes)
  const root = { mediaType, digest: digest as Digest, size, artifactType: null }
  const item = { kind: 'image', name: 'app', version: '1', root, evidence: [] } as unknown as Item
  const carried = [...content.blobs].filter(([name]) => !without.includes(name))
  const blobs = carried.map(([name, bytes]) => ({
    digest: name as Digest,
    size: bytes.length,
    state: 'carried' as const,
    early: false,
  }))
  return { item, content: { items: [item], blobs, path: (name: Digest) => join(folder, name.slice(7)) } }
}

async function refused(act: Promise<unknown>): Promise<unknown> {
  const error = await act.then(
    () => 'nothing',
    (reason: unknown) => reason,
  )
  return error instanceof Failure ? [error.code, error.facts.subject, error.facts.found] : error
}

describe('the plan of an export', () => {
  it('has children before what names them, each once, and says what stays behind', async () => {
    const content = new Content()
    const [one, two] = ['a', 'b'].map((name) => content.image(platform, [pattern(name, 10)]))
    const root = content.index([one, two, one].filter((named) => named !== undefined))
    const made = await planned(content, root)
    const plan = await planOf(made.item, made.content)
    expect([...plan.manifests.keys()]).toEqual([one?.digest, two?.digest, root.digest])
    expect(plan.manifests.get(root.digest as Digest)?.sparse).toBe(false)
    const less = await planned(content, root, [two?.digest ?? ''])
    const sparse = await planOf(less.item, less.content)
    expect([...sparse.manifests.keys()]).toEqual([one?.digest, root.digest])
    expect(sparse.manifests.get(root.digest as Digest)?.sparse).toBe(true)
  })

  it('refuses a manifest that changed on the disc, also into another that is well formed', async () => {
    const content = new Content()
    const root = content.image(platform, [pattern('a', 10)])
    const other = content.image(platform, [pattern('b', 10)])
    const made = await planned(content, root)
    await writeFile(join(folder, root.digest.slice(7)), content.blobs.get(other.digest) ?? '')
    expect(await refused(planOf(made.item, made.content))).toEqual([
      'content-damaged',
      root.digest,
      other.digest,
    ])
  })

  it('refuses what is named a manifest and is none, and more levels than there may be', async () => {
    const content = new Content()
    const none = content.blob('{}', 'application/vnd.oci.image.manifest.v1+json')
    const made = await planned(content, none)
    expect(await refused(planOf(made.item, made.content))).toEqual([
      'content-damaged',
      none.digest,
      expect.stringContaining('manifest-form') as string,
    ])
    let deep = content.image(platform, [pattern('a', 10)])
    const first = deep
    for (let i = 0; i < limits.graphDepth; i += 1) deep = content.index([deep])
    const nested = await planned(content, deep)
    expect(await refused(planOf(nested.item, nested.content))).toEqual([
      'content-damaged',
      first.digest,
      'more',
    ])
  })
})
