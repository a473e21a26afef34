import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileArtifact, type Artifact } from '../../main/sigstore/artifact.ts'
import { verifyBundle } from '../../main/sigstore/verify-bundle.ts'
import { describeAttacks } from '../support/attacks/describe.ts'
import { rootAttacks } from '../support/attacks/roots.ts'
import { unknownAttacks } from '../support/attacks/unknown.ts'
import { artifact, makeBundle, verified } from '../support/authority/bundle.ts'
import { alice, worldRoot } from '../support/authority/world.ts'
import { sallyport, type Ended } from '../support/command-line.ts'

describeAttacks('trusted roots', rootAttacks)
describeAttacks('evidence by people nobody knows', unknownAttacks)

/* CVE-2023-47122, CVE-2026-44310: what crashes, breaks off or cannot be known never reads as accepted. */

const bytes = Buffer.from(JSON.stringify(makeBundle().json))
const { ask } = makeBundle()

describe('a check that does not come to its end never reads as accepted', () => {
  const broken: readonly (readonly [name: string, artifact: Artifact])[] = [
    ['a file that is not there', fileArtifact(join(tmpdir(), 'sallyport-no-such-file'))],
    ['a folder instead of a file', fileArtifact(tmpdir())],
    [
      'a check that was broken off',
      fileArtifact(join(import.meta.dirname, 'tar.test.ts'), AbortSignal.abort()),
    ],
    [
      'a disk that fails',
      {
        digests: () => Promise.reject(new Error('EIO')),
        feed: () => Promise.reject(new Error('EIO')),
        whole: () => Promise.resolve(null),
      },
    ],
  ]
  for (const [name, given] of broken) {
    it(name, () => expect(verifyBundle(bytes, given, ask)).rejects.toThrow())
  }
  it('an artifact of which nothing can be had', async () => {
    const nothing: Artifact = {
      digests: () => Promise.resolve({}),
      feed: () => Promise.resolve(false),
      whole: () => Promise.resolve(null),
    }
    expect(await verifyBundle(bytes, nothing, ask)).toMatchObject({
      ok: false,
      reason: { code: 'artifact.not-whole' },
    })
  })
  for (const count of [-1, 1.5, Number.NaN, Infinity]) {
    it(`CVE-2026-23992: a threshold of ${count}`, async () => {
      for (const name of ['logs', 'times', 'scts']) {
        await expect(verified(makeBundle(), { [name]: count })).rejects.toThrow(RangeError)
      }
    })
  }
})

describe('the command line ends with 0 only for what is proven', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-negatives-'))
    await writeFile(join(folder, 'root.json'), worldRoot())
    await writeFile(join(folder, 'bundle.json'), bytes)
    await writeFile(join(folder, 'artifact'), artifact)
    await writeFile(join(folder, 'another'), 'another')
    await writeFile(join(folder, 'junk'), 'junk')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const run = (
    parts: Partial<Record<'bundle' | 'root' | 'artifact' | 'san' | 'issuer', string>>,
  ): Promise<Ended> =>
    sallyport([
      'verify-bundle',
      ...['--bundle', join(folder, parts.bundle ?? 'bundle.json')],
      ...['--trusted-root', join(folder, parts.root ?? 'root.json')],
      ...['--certificate-identity', parts.san ?? alice.san],
      ...['--certificate-oidc-issuer', parts.issuer ?? alice.issuer],
      join(folder, parts.artifact ?? 'artifact'),
    ])

  it('0 when all is as it must be', async () => expect((await run({})).code).toBe(0))
  const wrong: readonly (readonly [name: string, parts: Parameters<typeof run>[0], code: number])[] = [
    ['another file', { artifact: 'another' }, 3],
    ['another name', { san: 'mallory@priv.test' }, 3],
    ['another issuer', { issuer: 'https://other.test' }, 3],
    ['an empty name', { san: '' }, 1],
    ['a bundle that is junk', { bundle: 'junk' }, 3],
    ['a trusted root that is junk', { root: 'junk' }, 3],
    ['a file that is not there', { artifact: 'none' }, 1],
    ['a bundle that is not there', { bundle: 'none' }, 1],
    ['a trusted root that is not there', { root: 'none' }, 1],
  ]
  for (const [name, parts, code] of wrong) {
    it(`${name}: never 0`, async () => expect((await run(parts)).code).toBe(code))
  }
})
