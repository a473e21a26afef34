import { describe, expect, it } from 'vitest'
import { expectations, foreign, hasForeign, looked, reasonsOf } from '../support/foreign.ts'

const { archives, broken } = expectations()
const key = foreign('cosign.pub')
const other = foreign('rel.pub')

/** What an expectation says of a package. */
interface Package {
  readonly package: string
  readonly version: string
  readonly images?: readonly { readonly name: string; readonly digest: string }[]
  readonly components?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly sboms?: Readonly<Record<string, string>>
  readonly documentation?: Readonly<Record<string, string>>
  readonly signature_files: readonly string[]
  readonly manifest?: string
}

type Looked = Awaited<ReturnType<typeof looked>>

function expectPackage(found: Looked, said: Package): void {
  const item = found.items.find(({ kind, name }) => kind === 'package' && name === said.package)
  expect(item?.version).toBe(said.version)
  for (const { name, digest } of said.images ?? []) {
    const image = found.items.find(
      (one) => one.kind === 'image' && one.digest === digest && one.references.includes(name),
    )
    expect({ name, kind: image?.kind }).toEqual({ name, kind: 'image' })
    expect(found.named.find(({ reference }) => reference === name)?.carried).toBe(true)
  }
  const inner = [said.sboms ?? {}, said.documentation ?? {}, ...Object.values(said.components ?? {})]
  for (const [path, sha256] of inner.flatMap((one) => Object.entries(one))) {
    const file = found.files.find((one) => one.path.endsWith(`/${path}`) && one.sha256 === sha256)
    expect({ path, found: file !== undefined }).toEqual({ path, found: true })
  }
}

const packages = archives.filter(({ format }) => /^zarf/.test(format))

describe.skipIf(!hasForeign)('Zarf packages that Zarf wrote (needs ../shared/fixtures)', () => {
  for (const { file, content } of packages) {
    it(`${file} is whole, and all that it holds is found`, async () => {
      const whole = typeof content === 'string' ? file.replace(/part00[12]$/, 'part000') : file
      const said = packages.find((one) => one.file === whole)?.content as unknown as Package
      const found = await looked(foreign(file))
      expect({ file, failed: reasonsOf(found) }).toEqual({ file, failed: [] })
      expect(found.format).toBe('zarf')
      expectPackage(found, said)
      const signed = said.signature_files.length > 0
      expect((await looked(foreign(file), [key])).outcome).toBe(signed ? 'passed' : 'not-checked')
      expect((await looked(foreign(file), [other])).outcome).toBe(signed ? 'failed' : 'not-checked')
    })
  }

  it.each([
    ['zarf-truncated.tar.zst', 'container.form', 'truncated'],
    ['zarf-zst-tail-cut.tar.zst', 'container.form', 'truncated'],
    ['zarf-layer-bitflip.tar.zst', 'container.sums', 'sum-differs'],
    ['zarf-layer-bitflip-rechecksummed.tar.zst', 'container.sums', 'sum-differs'],
    ['zarf-checksums-wrong.tar.zst', 'container.sums', 'sum-differs'],
    ['zarf-file-not-in-checksums.tar.zst', 'container.sums', 'not-listed'],
    ['zarf-blob-missing.tar.zst', 'container.complete', 'missing'],
    ['zarf-blob-missing-rechecksummed.tar.zst', 'container.complete', 'missing'],
    ['zarf-yaml-twice.tar.zst', 'container.form', 'entry-twice'],
    ['zarf-symlink-blob.tar.zst', 'container.sums', 'link'],
    ['zarf-traversal-entry.tar.zst', 'container.form', 'path-outside'],
    ['zarf-component-traversal.tar.zst', 'container.form', 'path-outside'],
    ['zarf-signed-yaml-changed.tar.zst', 'container.agreement', 'signed-other'],
    ['zarf-signed-flag-off.tar.zst', 'container.signature', 'signed-off'],
    ['zarf-signature-removed.tar.zst', 'container.signature', 'signed-not'],
    ['zarf-signed-by-other-key.tar.zst', 'container.signature', 'another-key'],
    ['zarf-provenancefiles-hides-file.tar.zst', 'container.sums', 'not-listed'],
    ['zarf-beta-docs-disagree.tar.zst', 'container.agreement', 'documents-disagree'],
    ['zarf-split-part-missing', 'container.form', 'part-missing'],
    ['zarf-split-last-missing', 'container.form', 'part-missing'],
    ['zarf-split-parts-swapped', 'container.form', 'part-sum'],
    ['zarf-split-header-sha-wrong', 'container.form', 'part-sum'],
    ['zarf-split-header-bytes-wrong', 'container.form', 'part-size'],
    ['zarf-split-extra-part', 'container.form', 'part-extra'],
    ['zarf-split-bitflip', 'container.form', 'part-sum'],
  ])('%s is refused: %s %s', async (name, id, reason) => {
    const said = broken.find(({ file }) => file.split('/')[1] === name)
    const found = await looked(foreign(said?.file ?? ''), [key])
    expect(reasonsOf(found)).toContainEqual([id, reason])
    // Without a key only the signature of somebody else goes unnoticed.
    if (reason !== 'another-key') expect((await looked(foreign(said?.file ?? ''))).outcome).toBe('failed')
  })

  it('every damaged one is asked for above', () =>
    expect(broken.filter(({ format }) => /^zarf/.test(format))).toHaveLength(25))
})

/** What an expectation says of a bundle. */
interface Bundle {
  readonly root: string
  readonly packages: readonly Package[]
  readonly bundle: { readonly name: string; readonly version: string }
}

describe.skipIf(!hasForeign)('bundles that UDS wrote (needs ../shared/fixtures)', () => {
  for (const { file, content } of archives.filter(({ format }) => format === 'uds-bundle')) {
    it(`${file} is whole, and each of its packages is read`, async () => {
      const said = content as unknown as Bundle
      const found = await looked(foreign(file))
      expect({ file, failed: reasonsOf(found), format: found.format }).toEqual({
        ...{ file, failed: [], format: 'uds-bundle' },
      })
      const bundle = found.items.find(({ kind }) => kind === 'bundle')
      expect([bundle?.name, bundle?.version, bundle?.digest]).toEqual([
        ...[said.bundle.name, said.bundle.version, said.root],
      ])
      for (const one of said.packages) {
        expectPackage(found, one)
        expect(found.items.find(({ name }) => name === one.package)?.digest).toBe(one.manifest)
      }
      expect(found.files.map(({ path }) => path)).toContain('uds-bundle.yaml')
    })

    it(`${file}: one package is signed, the other and the whole are not`, async () => {
      const signed = await looked(foreign(file), [key])
      expect(signed.outcome).toBe('not-checked')
      expect(
        signed.checks
          .filter(({ id }) => /signature/.test(id))
          .map(({ subject, result }) => [subject, result]),
      ).toEqual([
        [file, 'not-checked'],
        ['shop', 'not-checked'],
        ['shop-signed', 'pass'],
      ])
      expect(reasonsOf(await looked(foreign(file), [other]))).toEqual([['item.signature', 'another-key']])
    })
  }

  it.each([
    ['uds-bundle-broken-truncated.tar.zst', 'container.form', 'truncated'],
    ['uds-bundle-broken-layer-bitflip.tar.zst', 'container.sums', 'sum-differs'],
    ['uds-bundle-broken-blob-missing.tar.zst', 'container.complete', 'missing'],
    ['uds-bundle-broken-yaml-changed.tar.zst', 'container.sums', 'sum-differs'],
    ['uds-bundle-broken-package-manifest-missing.tar.zst', 'container.complete', 'missing'],
  ])('%s is refused: %s %s', async (name, id, reason) => {
    expect(reasonsOf(await looked(foreign(`broken/${name}`)))).toContainEqual([id, reason])
  })

  it('every damaged one is asked for above', () =>
    expect(broken.filter(({ format }) => format === 'uds-bundle')).toHaveLength(5))
})

/** What an expectation says of a chart: the digest of each file; beside it, what its default values name. */
interface Chart {
  readonly content: Readonly<Record<string, string>>
  readonly images_by_default_values: readonly string[]
}

describe.skipIf(!hasForeign)('charts that Helm wrote (needs ../shared/fixtures)', () => {
  const ring = foreign('gpg.pub')

  for (const one of archives.filter(({ format }) => format === 'helm-chart')) {
    it(`${one.file}: its files, and the images that its values name`, async () => {
      const said = one as unknown as Chart
      const found = await looked(foreign(one.file), [ring])
      expect([found.format, found.outcome]).toEqual(['helm-chart', 'passed'])
      expect(Object.fromEntries(found.files.map(({ path, sha256 }) => [path, sha256]))).toEqual(said.content)
      const images = said.images_by_default_values.map((text) => text.replace(/ \(.*\)$/, ''))
      expect(found.named.map(({ reference }) => reference).sort()).toEqual([...images].sort())
      expect(found.checks.filter(({ result }) => result === 'warn')).toEqual([])
      expect((await looked(foreign(one.file))).outcome).toBe('not-checked')
      expect((await looked(foreign(one.file), [key])).outcome).toBe('failed')
    })
  }

  it.each([
    ['chart-changed', 'container.sums', 'sum-differs'],
    ['chart-prov-changed', 'container.signature', 'bad'],
  ])('%s is refused: %s %s', async (name, id, reason) => {
    const said = broken.find(({ file }) => file.split('/')[1] === name)
    expect(reasonsOf(await looked(foreign(said?.file ?? ''), [ring]))).toContainEqual([id, reason])
  })

  it('every damaged one is asked for above', () =>
    expect(broken.filter(({ format }) => format === 'helm-chart')).toHaveLength(2))
})

describe.skipIf(!hasForeign)('files of no known form that somebody signed (needs ../shared/fixtures)', () => {
  it('are what their maker signed, each file of them listed', async () => {
    const [said] = archives.filter(({ format }) => format.startsWith('opaque'))
    const found = await looked(foreign(said?.file ?? ''), [other])
    expect([found.format, found.outcome]).toEqual(['tar', 'passed'])
    expect(Object.fromEntries(found.files.map(({ path, sha256 }) => [path, sha256]))).toEqual(said?.content)
    expect((await looked(foreign(said?.file ?? ''))).outcome).toBe('not-checked')
    expect((await looked(foreign(said?.file ?? ''), [key])).outcome).toBe('failed')
  })

  const spoilt = broken.filter(({ format }) => format.startsWith('opaque'))
  for (const { file, why } of spoilt) {
    it(`${file} is refused: ${why ?? ''}`, async () => {
      // The bit that was changed is one of a head: it is no whole tar any more, before anybody asks for a signature.
      const expected = file.includes('content-bitflip') ? 'form' : 'signature'
      const found = reasonsOf(await looked(foreign(file), [other]))
      expect(found.map(([id]) => id)).toContain(`container.${expected}`)
    })
  }
})
