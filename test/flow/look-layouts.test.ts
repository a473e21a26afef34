import { describe, expect, it } from 'vitest'
import { expectations, foreign, hasForeign, looked } from '../support/foreign.ts'

const { archives, broken } = expectations()
const layouts = /^(oci-layout|oras-backup)/
const key = foreign('cosign.pub')

describe.skipIf(!hasForeign)('layouts that other tools wrote (needs ../shared/fixtures)', () => {
  for (const { file, content } of archives.filter(({ format }) => layouts.test(format))) {
    it(`${file} is whole, and each of its images is found`, async () => {
      const found = await looked(foreign(file))
      const failed = found.checks.filter(({ result }) => result === 'fail')
      expect({ file, failed }).toEqual({ file, failed: [] })
      const digests = found.items.map(({ digest }) => digest)
      for (const image of content?.images ?? []) expect(digests).toContain(image.digest)
    })
  }

  for (const { file, why } of broken.filter(({ format }) => layouts.test(format) && !/cosign/.test(format))) {
    it(`${file} is refused: ${why ?? ''}`, async () =>
      expect((await looked(foreign(file))).outcome).toBe('failed'))
  }
})

const reasonOf = async (file: string, keys: readonly string[] = []): Promise<string[][]> => {
  const { checks } = await looked(foreign(file), keys)
  return checks.filter(({ result }) => result === 'fail').map(({ id, reason }) => [id, reason])
}

describe.skipIf(!hasForeign)('what is wrong with a damaged one (needs ../shared/fixtures)', () => {
  it.each([
    ['oci-truncated.tar', 'container.form', 'truncated'],
    ['oci-layer-bitflip.tar', 'container.sums', 'sum-differs'],
    ['oci-manifest-changed.tar', 'container.sums', 'sum-differs'],
    ['oci-blob-missing.tar', 'container.complete', 'missing'],
    ['oci-index-size-wrong.tar', 'container.sums', 'size-differs'],
    ['oci-index-twice.tar', 'container.form', 'entry-twice'],
    ['oci-traversal-entry.tar', 'container.form', 'path-outside'],
    ['oci-symlink-blob.tar', 'container.sums', 'link'],
    ['oci-digest-malformed.tar', 'container.agreement', 'form'],
    ['oci-zst-bitflip.tar.zst', 'container.form', 'damaged'],
    ['oci-gz-truncated.tar.gz', 'container.form', 'truncated'],
    ['cosign-payload-bitflip.tar', 'container.sums', 'sum-differs'],
  ])('%s: %s %s', async (file, id, reason) =>
    expect(await reasonOf(`broken/${file}`)).toContainEqual([id, reason]),
  )

  it.each(['cosign-signature-wrong.tar', 'cosign-signature-of-other-digest.tar'])(
    '%s is whole, and its signature does not count',
    async (file) =>
      expect(await reasonOf(`broken/${file}`, [key])).toEqual([['item.signature', 'another-key']]),
  )

  it.each(['cosign-save-legacy', 'cosign-save-bundle', 'oras-backup.tar'])(
    '%s: signed by the key that was named, and not by another',
    async (file) => {
      const mine = await looked(foreign(file), [key])
      expect(mine.outcome).toBe(file === 'oras-backup.tar' ? 'not-checked' : 'passed')
      const other = await looked(foreign(file), [foreign('rel.pub')])
      expect(other.outcome).toBe('failed')
      // Without a key nobody says that the signature is wrong.
      expect((await looked(foreign(file))).outcome).toBe('not-checked')
    },
  )

  it('container.signature: an opaque tar is what its maker signed', async () => {
    const file = foreign('opaque-given.tar')
    expect((await looked(file, [foreign('rel.pub')])).outcome).toBe('passed')
    expect((await looked(file)).checks.map(({ id, result }) => [id, result])).toEqual([
      ['container.form', 'pass'],
      ['container.sums', 'not-checked'],
      ['container.signature', 'not-checked'],
    ])
    for (const broken of ['content-bitflip', 'sig-bitflip', 'truncated', 'other-key', 'sig-truncated']) {
      const found = await looked(foreign(`broken/opaque-${broken}.tar`), [foreign('rel.pub')])
      expect({ broken, outcome: found.outcome }).toEqual({ broken, outcome: 'failed' })
    }
  })
})
