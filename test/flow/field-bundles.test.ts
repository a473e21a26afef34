import { existsSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { sallyport } from '../support/command-line.ts'

/* Bundles and roots as people have them (cases B1 and B2 of the field): read, or named with what converts them. */

const field = join(import.meta.dirname, '..', '..', '..', 'shared', 'fixtures', 'field')
const at = (path: string): string => join(field, path)

const npm = [
  '--certificate-identity',
  'https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main',
  '--certificate-oidc-issuer',
  'https://token.actions.githubusercontent.com',
]
const google = [
  '--certificate-identity',
  '919436158236-compute@developer.gserviceaccount.com',
  '--certificate-oidc-issuer',
  'https://accounts.google.com',
]
const key = ['--key', at('cosign-old/cosign.pub'), '--logs', '0']
const tarball = at('jsonl/sigstore-js-2.1.0.tgz')
const digests = {
  '1.3.0':
    'sha512:76176ffa33808b54602c7c35de5c6e9a4deb96066dba6533f50ac234f4f1f4c6b3527515dc17c06fbe2860030f410eee69ea20079bd3a2c6f3dcf3b329b10751',
  '2.0.0':
    'sha512:46d4e2f74c4877316640000a6fdf8a8b59f1e0847667973e9859f774dd31b8f1e0937813b777fb66a2ac67d50540fe34640966eee9fc2ccca387082b4c85cd3c',
  pypi: 'sha256:461317362419124b6012e855423a9078d6de8aed3e74fa78cc74d669b23dc6cf',
}
const publisher = ['--key', at('sigstore-go/publish_key.pub')]
const rel = at('cosign-old/rel.bin')

describe.skipIf(!existsSync(field))('a genuine bundle from the field', () => {
  it.each([
    ['jsonl/sigstore-js-2.1.0_with_2_bundles.jsonl', tarball, npm],
    ['jsonl/one-line.jsonl', tarball, npm],
    [
      'jsonl/sigstore-js-2.1.0-bundle.json',
      tarball,
      [...npm, '--trusted-root', at('roots/trusted_root.jsonl')],
    ],
    ['foreign/github-api.json', digests['2.0.0'], npm],
    ['foreign/npm-attestations.json', digests['1.3.0'], publisher],
    ['pypi/gcb_attestation_test-0.0.0.tar.gz.provenance', digests.pypi, google],
    ['cosign-old/old.bundle', rel, key],
    ['cosign-old/new.sigstore.json', rel, key],
  ])('%s: proven', async (bundle, artifact, more) => {
    const { code, json } = await sallyport(['verify-bundle', artifact, '--bundle', at(bundle), ...more])
    expect([code, json['reason']]).toEqual([0, null])
  })

  it.each([
    ['foreign/rel.asc', 'bundle.form', /^an OpenPGP signature/],
    ['foreign/rel.p7s', 'bundle.form', /^a CMS signature/],
    ['foreign/rel.bin.sig', 'bundle.form', /SSH signature/],
    ['foreign/dsse.intoto.jsonl', 'signature.no-fit', /did not make/],
    ['cosign-old/rel.bin.sig', 'bundle.form', /bare signature/],
  ])('%s: named, and not called false', async (bundle, code, found) => {
    const ended = await sallyport(['verify-bundle', rel, '--bundle', at(bundle), ...key])
    const reason = ended.json['reason'] as { code: string; kind: string; found: string }
    expect([ended.code, reason.code, reason.kind]).toEqual([3, code, 'unknown'])
    expect(reason.found).toMatch(found)
  })
})

describe.skipIf(!existsSync(field))('roots as gh writes them, given to a desk', () => {
  let crossing: Crossing
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('are named, with the command that makes a file of each', async () => {
    const file = at('roots/trusted_root.jsonl')
    const fingerprint = createHash('sha256').update(readFileSync(file)).digest('hex')
    const words = [
      'trust',
      'root',
      'add',
      file,
      '--desk',
      crossing.high,
      '--name',
      'gh',
      '--fingerprint',
      fingerprint,
    ]
    const { code, json } = await sallyport(words, crossing.clock)
    expect([code, json.failure.code]).toEqual([1, 'root-form'])
    expect(json.failure.facts['found']).toMatch(
      /^2 roots, one on each line; “sallyport trust root show FILE”/,
    )
  })
})
