import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EvidencePiece } from '../../shared/evidence.ts'
import { sallyport } from '../support/command-line.ts'

/* Real signed images, saved by cosign; they lie beside a checkout, never in it. */
const images = join(import.meta.dirname, '..', '..', '..', 'shared', 'fixtures', 'images')
const root = ['--trusted-root', join(images, 'private-trust', 'trusted_root.json')]
const key = ['--key', join(images, 'private-trust', 'k-p256.pub')]
const wrongKey = ['--key', join(images, 'private-trust', 'k-wrong.pub')]
const slsa = (version: string): string => `slsa-generic-container-v${version}/container_workflow_dispatch`

interface Found {
  readonly code: number
  readonly pieces: readonly EvidencePiece[]
}

async function evidence(name: string, words: readonly string[], folder = images): Promise<Found> {
  const ended = await sallyport(['evidence', `oci:${join(folder, name)}`, ...words])
  return { code: ended.code, pieces: ended.json['pieces'] as readonly EvidencePiece[] }
}

const summary = (found: Found): unknown[] =>
  found.pieces.map(({ kind, predicateType, result, reason }) => [
    kind,
    predicateType,
    result,
    reason?.code ?? null,
  ])

describe.skipIf(!existsSync(images))('evidence of real images (needs ../shared/fixtures)', () => {
  it('proves cosign’s old tags with a key: an attestation is no signature', async () => {
    const found = await evidence('private-legacy', [...root, ...key])
    expect(found.code).toBe(0)
    expect(summary(found)).toEqual([
      ['signature', null, 'proven', null],
      ['attestation', 'https://slsa.dev/provenance/v1', 'proven', null],
    ])
    const sentences = found.pieces.map((piece) => piece.proven?.notChecked.join(' '))
    expect(sentences[0]).toMatch(/No transparency log.*Nobody known says when/s)
  })

  it('proves bundles with a key, their log and their time', async () => {
    const found = await evidence('private-key', [...root, ...key])
    expect(summary(found)).toEqual([
      ['attestation', 'https://spdx.dev/Document', 'proven', null],
      ['signature', 'https://sigstore.dev/cosign/sign/v1', 'proven', null],
    ])
    expect(found.pieces[0]?.sbom).toMatchObject({ format: 'SPDX 2.3', describes: 'not-said' })
    expect(found.pieces[0]?.proven).toMatchObject({ logs: [{ kind: 'hashedrekord 0.0.2' }], notChecked: [] })
  })

  it('knows nothing of a key that it was not given, and never passes it', async () => {
    for (const words of [root, [...root, ...wrongKey]]) {
      for (const name of ['private-key', 'private-legacy']) {
        const found = await evidence(name, words)
        expect(found.code).toBe(5)
        expect(new Set(found.pieces.map((piece) => piece.reason?.code))).toEqual(new Set(['key.unknown']))
      }
    }
  })

  it('proves keyless bundles of an index, and knows nothing of an authority that is not its own', async () => {
    const found = await evidence('private-multi', root)
    expect(found.pieces.map((piece) => piece.result)).toEqual(['proven', 'proven'])
    expect(found.pieces[0]?.proven?.signer).toMatchObject({
      kind: 'certificate',
      name: 'alice@priv.test',
      issuer: 'http://127.0.0.1:8801/email',
    })
    const elsewhere = await evidence('private-multi', [])
    expect({ code: elsewhere.code, results: elsewhere.pieces.map((piece) => piece.result) }).toEqual({
      code: 5,
      results: ['unknown', 'unknown'],
    })
  })

  for (const [version, kind] of [
    ['1.6.0', 'intoto 0.0.1'],
    ['1.10.0', 'dsse 0.0.1'],
    ['2.1.0', 'dsse 0.0.1'],
  ] as const) {
    it(`proves the public provenance of slsa-github-generator ${version} (log entry ${kind})`, async () => {
      const found = await evidence(slsa(version), [])
      const workflow = `https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v${version}`
      expect(found.code).toBe(0)
      expect(found.pieces).toHaveLength(1)
      expect(found.pieces[0]).toMatchObject({
        kind: 'attestation',
        proven: { signer: { name: workflow }, logs: [{ kind }] },
        provenance: {
          builder: workflow,
          source: { repository: 'https://github.com/slsa-framework/example-package' },
          disagrees: [],
        },
      })
    })
  }

  describe('changed on the way', () => {
    let folder = ''
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'evidence-'))
    })
    afterAll(() => rm(folder, { recursive: true }))

    /** Changes a layer of a copied layout and every name of it, as somebody would who holds the registry. */
    async function forge(name: string, layer: string, change: (text: string) => string): Promise<string> {
      const copy = await mkdtemp(join(folder, 'layout-'))
      await cp(join(images, name), copy, { recursive: true })
      const blobs = join(copy, 'blobs', 'sha256')
      const put = async (text: string): Promise<string> => {
        const hex = createHash('sha256').update(text).digest('hex')
        await writeFile(join(blobs, hex), text)
        return hex
      }
      let text = change(await readFile(join(blobs, layer), 'utf8'))
      for (const one of await readdir(blobs)) {
        const held = await readFile(join(blobs, one), 'utf8')
        if (one === layer || !held.includes(`sha256:${layer}`)) continue
        const size = new RegExp(`"size":\\d+,("digest":"sha256:${layer})`)
        text = held.replace(size, `"size":${Buffer.byteLength(text)},$1`).replaceAll(layer, await put(text))
        await rm(join(blobs, one))
        const index = join(copy, 'index.json')
        await writeFile(index, (await readFile(index, 'utf8')).replaceAll(one, await put(text)))
      }
      return copy
    }

    it('refuses a signature of another image', async () => {
      const copy = await forge(
        'private-legacy',
        '07974f374307f1b62b502a90f78f6c5c5f5ed5dfcd4467330d74c8b05bc71bb8',
        (text) => text.replace(/1868fb/, '1868fc'),
      )
      const found = await evidence('', [...root, ...key], copy)
      expect({ code: found.code, found: summary(found) }).toEqual({
        code: 5,
        // By which key it was signed cannot be said once it is changed: no key that is known.
        found: [
          ['signature', null, 'unknown', 'key.unknown'],
          ['attestation', 'https://slsa.dev/provenance/v1', 'proven', null],
        ],
      })
    })

    it('refuses a changed statement in a bundle', async () => {
      const copy = await forge(
        'private-key',
        '773b6b3c390a47371fe83dbd5030203e0757d18003664416add7e0252dfbf4f4',
        (text) =>
          text.replace(/"payload":"(.)/, (_, first: string) => `"payload":"${first === 'e' ? 'f' : 'e'}`),
      )
      const found = await evidence('', [...root, ...key], copy)
      expect(found.code).toBe(3)
      expect(found.pieces.map((piece) => piece.result)).toContain('bad')
    })
  })
})
