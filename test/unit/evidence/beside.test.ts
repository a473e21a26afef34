import { sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { contentArtifact } from '../../../main/evidence/content.ts'
import type { BlobReader } from '../../../main/evidence/piece.ts'
import {
  beginsLikeBundles,
  fileBundles,
  fileSignature,
  namesBeside,
  openPgp,
  pypiAttestation,
} from '../../../main/oci/file-evidence.ts'
import { limits } from '../../../main/platform/limits.ts'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import { assessedLayers, blobsOf, subject } from '../../support/attacks/evidence.ts'
import { artifact, makeBundle, statement } from '../../support/authority/bundle.ts'
import { digest, sharedKey, signIn, type SignPlan } from '../../support/authority/scheme.ts'
import { trust, world } from '../../support/authority/world.ts'
import { pypiObject } from '../../support/bundle-forms.ts'
import { makeKey, type TestKeyKind } from '../../support/pki/key.ts'

/* What lies beside a file, in the forms in which tools and people lay it there. */

const kinds = ['p256', 'p384', 'p521', 'rsa2048', 'rsa4096', 'ed25519'] as const
const keys = [makeKey('p256'), makeKey('ed25519'), ...kinds.map((kind) => sharedKey(kind))].map(({ spki }) =>
  readVerifierKey(spki),
)

/** The content as it is carried, and how often it was read. */
function carried(bytes = artifact) {
  const count = { readings: 0 }
  const blobs = blobsOf(() => bytes)
  const counting: BlobReader = {
    ...blobs,
    lend: (...words) => {
      count.readings += 1
      return blobs.lend(...words)
    },
  }
  return { count, artifact: contentArtifact(subject, bytes.length, counting) }
}

async function judged(mediaType: string, bytes: Buffer | string, content = carried()) {
  const layer = { mediaType, bytes: Buffer.from(bytes) }
  const found = await assessedLayers([layer], { roots: [trust], keys }, { artifact: content.artifact })
  return found.map(({ view }) => `${view.form} ${view.kind} ${view.result} ${view.reason?.code ?? ''}`.trim())
}
const proven = ['file-signature signature proven']

describe('a bare signature', () => {
  const ways: readonly (readonly [TestKeyKind, SignPlan])[] = [
    ['p256', { form: 'ecdsa', hash: 'sha256' }],
    ['p256', { form: 'ecdsa', hash: 'sha512' }],
    ['p384', { form: 'ecdsa', hash: 'sha256' }],
    ['p384', { form: 'ecdsa', hash: 'sha384' }],
    ['p521', { form: 'ecdsa', hash: 'sha512' }],
    ['rsa2048', { form: 'rsa-pkcs1', hash: 'sha256' }],
    ['rsa4096', { form: 'rsa-pkcs1', hash: 'sha512' }],
    ['rsa2048', { form: 'rsa-pss', hash: 'sha384' }],
    ['ed25519', { form: 'pure', hash: 'sha512' }],
    ['ed25519', { form: 'ed25519ph', hash: 'sha512' }],
  ]
  it.each(ways)(
    'by %s, %o: counts as bytes, base64 and hexadecimal; the content is read where its digest is not enough',
    async (kind, way) => {
      const signature = signIn(sharedKey(kind), way, artifact)
      for (const bytes of [signature, signature.toString('base64'), `${signature.toString('hex')}\n`]) {
        const content = carried()
        expect(await judged(fileSignature, bytes, content)).toEqual(proven)
        expect(content.count.readings).toBe(way.hash === 'sha256' ? 0 : 1)
      }
      const another = signIn(sharedKey(kind), way, Buffer.from('another file'))
      expect(await judged(fileSignature, another)).toEqual([
        'file-signature signature unknown signature.no-fit',
      ])
    },
  )

  it('has the content read once for all digests, and for plain Ed25519 so often', async () => {
    const content = carried()
    const ecdsa = sign('sha512', artifact, sharedKey('p256').privateKey)
    const pure = sign(null, artifact, sharedKey('ed25519').privateKey)
    for (let i = 0; i < 3; i += 1) expect(await judged(fileSignature, ecdsa, content)).toEqual(proven)
    expect(content.count.readings).toBe(1)
    for (let i = 0; i < limits.contentReadings; i += 1)
      expect(await judged(fileSignature, pure, content)).toEqual(proven)
    const none = ['file-signature signature unknown signature.no-fit']
    expect(await judged(fileSignature, pure, content)).toEqual(none)
    expect(await judged(fileSignature, ecdsa, content)).toEqual(proven)
    expect(content.count.readings).toBe(1 + limits.contentReadings)
  })

  it('over content that is not what its digest says is no evidence', async () => {
    const other = Buffer.from('another file')
    const signature = sign('sha512', other, sharedKey('p256').privateKey)
    await expect(judged(fileSignature, signature, carried(other))).rejects.toMatchObject({
      code: 'content-damaged',
    })
  })

  it.each([
    [
      'an OpenPGP signature',
      openPgp[0],
      '-----BEGIN PGP SIGNATURE-----\n\niQEzBAAB\n-----END PGP SIGNATURE-----\n',
      /^an OpenPGP signature; “gpg/,
    ],
    [
      'a chart’s provenance',
      openPgp[1],
      '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n',
      /OpenPGP signature of its own/,
    ],
    ['a checksum', fileSignature, `${'0'.repeat(64)}  rel.bin\n`, /^a checksum/],
    ['minisign’s', fileSignature, 'untrusted comment: signature\nRUQ=\n', /minisign/],
  ])('of another form is named: %s', async (_, type, text, words) => {
    const content = carried()
    const layer = { mediaType: type, bytes: Buffer.from(text) }
    const [one] = await assessedLayers([layer], { roots: [trust], keys }, { artifact: content.artifact })
    expect(one?.view).toMatchObject({
      kind: 'signature',
      result: 'unknown',
      reason: { code: 'signature.form', kind: 'unknown' },
    })
    expect(one?.view.reason?.found).toMatch(words)
    expect(content.count.readings).toBe(0)
  })
})

describe('a document of a tool', () => {
  const made = makeBundle({ content: 'envelope', logs: [world.one], stamps: [] })
  const text = JSON.stringify(made.json)
  const one = 'bundle-set attestation proven'

  it('is as many pieces as it holds bundles', async () => {
    expect(await judged(fileBundles, text)).toEqual([one])
    expect(await judged(fileBundles, `${text}\n`.repeat(40))).toEqual(Array.from({ length: 40 }, () => one))
    expect(
      await judged(
        fileBundles,
        JSON.stringify({ attestations: [{ bundle: made.json }, { bundle: made.json }] }),
      ),
    ).toEqual([one, one])
    const object = pypiObject(made.json)
    expect(await judged(pypiAttestation, JSON.stringify(object))).toEqual([one])
    const provenance = {
      version: 1,
      attestation_bundles: [{ publisher: {}, attestations: [object, object] }],
    }
    expect(await judged(pypiAttestation, JSON.stringify(provenance))).toEqual([one, one])
  })

  it('of many beside each other is read up to so many bundles, and says so', async () => {
    const layer = { mediaType: fileBundles, bytes: Buffer.from(`${text}\n`.repeat(50)) }
    const found = await assessedLayers([layer, layer, layer, layer], { roots: [trust], keys })
    expect(found).toHaveLength(limits.bundlesTogether + 1)
    expect(found.slice(0, -1).every(({ view }) => view.result === 'proven')).toBe(true)
    expect(found.at(-1)?.view).toMatchObject({ result: 'unknown', reason: { code: 'bundle.form' } })
  })

  it('of which one line is damaged spoils no other; a false one is false', async () => {
    const { dsseEnvelope } = made.json
    const payload = statement({ predicate: { ok: false } }).toString('base64')
    const false_ = JSON.stringify({ ...made.json, dsseEnvelope: { ...dsseEnvelope, payload } })
    const lines = [text, '{"mediaType":', JSON.stringify({ other: 1 }), false_, text].join('\n')
    const found = await judged(fileBundles, lines)
    expect(found).toHaveLength(5)
    expect([found[0], found[4]]).toEqual([one, one])
    expect(found.slice(1, 3)).toEqual([
      'bundle-set attestation unknown bundle.json',
      'bundle-set attestation unknown bundle.form',
    ])
    expect(found[3]).toMatch(/^bundle-set attestation bad /)
  })

  it.each([
    ['nothing of the kind', '{"a":1}', 'bundle.form'],
    [
      'an answer that names its bundles by address',
      '{"attestations":[{"bundle_url":"https://a.test"}]}',
      'bundle.form',
    ],
    ['no JSON', 'text', 'bundle.json'],
    ['an OpenPGP signature', '-----BEGIN PGP SIGNATURE-----\n', 'bundle.form'],
    ['more lines than are read', '{}\n'.repeat(limits.bundlesTogether + 1), 'bundle.form'],
  ])('that holds %s is unknown', async (_, bytes, code) => {
    expect(await judged(fileBundles, bytes)).toEqual([`bundle-set attestation unknown ${code}`])
  })

  it('is about the file by any digest of it: npm says SHA-512 alone', async () => {
    const of = (bytes: Buffer) => ({
      subject: [{ name: 'x', digest: { sha512: digest('sha512', bytes).toString('hex') } }],
    })
    const about = (bytes: Buffer): string =>
      JSON.stringify(makeBundle({ content: 'envelope', payload: statement(of(bytes)) }).json)
    const content = carried()
    expect(await judged(fileBundles, `${about(artifact)}\n${about(artifact)}\n`, content)).toEqual([one, one])
    expect(content.count.readings).toBe(1)
    expect(await judged(fileBundles, about(Buffer.from('another')))).toEqual([
      'bundle-set attestation unknown statement.other-subject',
    ])
  })

  it('an envelope alone is as bare as its signature', async () => {
    const key = makeBundle({ content: 'envelope', signer: 'key', logs: [], stamps: [] })
    const envelope = key.json.dsseEnvelope
    const keyid = key.json.verificationMaterial.publicKey?.hint
    const signed = { ...envelope, signatures: envelope?.signatures.map((each) => ({ ...each, keyid })) }
    expect(await judged(fileBundles, JSON.stringify(signed))).toEqual([one])
    const changed = { ...signed, payload: statement({ predicate: { ok: false } }).toString('base64') }
    expect(await judged(fileBundles, JSON.stringify(changed))).toEqual([
      'bundle-set attestation unknown signature.no-fit',
    ])
  })
})

describe('names beside a file', () => {
  it('are each there once, in the folder of the file', () => {
    for (const path of ['a/b/rel.tar.zst', 'rel.bin']) {
      const names = namesBeside(path, subject).map(([name]) => name)
      expect(new Set(names).size).toBe(names.length)
      const folder = path.slice(0, path.lastIndexOf('/') + 1)
      expect(names.every((name) => name.startsWith(folder))).toBe(true)
      expect(names).toContain(`${folder}sha256-${subject.slice(7)}.jsonl`)
    }
  })
})

describe('what begins like a document of bundles', () => {
  const made = makeBundle({ content: 'envelope' })
  const text = JSON.stringify(made.json)
  it.each([
    ['a bundle', text],
    ['lines', `${text}\n${text}`],
    ['an object of PyPI', JSON.stringify(pypiObject(made.json))],
    ['an answer', JSON.stringify({ attestations: [] })],
    ['an envelope', JSON.stringify(made.json.dsseEnvelope)],
    ['with a mark', `\ufeff${text}`],
    ['of Windows', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['in base64', Buffer.from(text).toString('base64')],
  ])('%s', (_, bytes) => {
    expect(beginsLikeBundles(Buffer.from(bytes))).toBe(true)
  })

  it.each([
    ['data in lines', '{"text":"a","label":1}\n{"text":"b","label":2}\n'],
    ['a bundle of git', '# v2 git bundle\n'],
    ['text that names a member', 'the "payload": of it'],
    ['nothing', ''],
  ])('and what does not: %s', (_, bytes) => {
    expect(beginsLikeBundles(Buffer.from(bytes))).toBe(false)
  })
})
