import fc from 'fast-check'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BlobReader } from '../../main/evidence/piece.ts'
import { fileBundles, pypiAttestation } from '../../main/oci/file-evidence.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { bytesArtifact } from '../../main/sigstore/artifact.ts'
import { verifyBundleFile, verifyBundleSet } from '../../main/sigstore/bundle-set.ts'
import type { Sizes } from '../../main/sigstore/large/set-aside.ts'
import { readVerifierKey } from '../../main/sigstore/verifier-key.ts'
import { assessedLayers, blobsOf, type LayerPlan } from '../support/attacks/evidence.ts'
import { legacyAttestation } from '../support/attacks/legacy.ts'
import { pypiObject } from '../support/bundle-forms.ts'
import { artifact, bundleForms, makeBundle, statement, type BundlePlan } from '../support/authority/bundle.ts'
import { sharedKey } from '../support/authority/scheme.ts'
import { trust, world } from '../support/authority/world.ts'
import { makeKey } from '../support/pki/key.ts'

/*
 * Evidence whose payload is not held: it is read twice as it streams by. What is small is read here in both ways, by lower
 * sizes, and must come to the same; and everything that somebody may do because the text is not in memory.
 */

const sizes: Sizes = { whole: 0, text: 12_000, rest: 200_000, held: 0 }
const held: Sizes = { ...sizes, held: 1_000_000 }
const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const kinds = ['p256', 'p384', 'p521', 'rsa2048', 'ed25519'] as const
const keys = [makeKey('p256'), makeKey('ed25519'), ...kinds.map((kind) => sharedKey(kind))].map(({ spki }) =>
  readVerifierKey(spki),
)
const knows = { roots: [trust], keys }
const filler = 'some words of a long predicate, '.repeat(400)
const large = (change: object = {}): Buffer => statement({ predicate: { filler }, ...change })
const planned = (plan: BundlePlan = {}): BundlePlan => ({ content: 'envelope', payload: large(), ...plan })
const textOf = (plan: BundlePlan = {}): string => JSON.stringify(makeBundle(planned(plan)).json)
const layerOf = (text: string | Buffer): LayerPlan => ({ mediaType: bundleType, bytes: Buffer.from(text) })

async function said(layer: LayerPlan, by: Sizes | null, piece = 1000) {
  const blobs = blobsOf(() => layer.bytes, piece)
  const [one] = await assessedLayers([layer], knows, by === null ? {} : { sizes: by, blobs })
  const { result, reason, proven, kind, predicateType, unreadable } = one?.view ?? {}
  return {
    result,
    code: reason?.code,
    unreadable: unreadable?.code,
    proven,
    ...(proven && { kind, predicateType }),
  }
}

/** What is refused for, in the one way and the other. */
async function same(layer: LayerPlan, piece?: number): Promise<string> {
  const small = await said(layer, null)
  expect(await said(layer, sizes, piece)).toEqual(small)
  expect(await said(layer, held, piece)).toEqual(small)
  return `${small.result} ${small.code ?? ''}`.trim()
}

const payloadOf = (text: string): string => /"payload":"([^"]+)"/.exec(text)?.[1] ?? ''

describe('what streams by comes to what it comes to in memory', () => {
  it.each(kinds.flatMap((kind) => bundleForms.map((form) => [kind, form] as const)))(
    '%s, form %s',
    async (kind, form) => {
      expect(await same(layerOf(textOf({ kind, form })))).toBe('proven')
      expect(await same(layerOf(textOf({ kind, form, signer: 'key', logs: [], stamps: [] })))).toBe('proven')
      const changeSignature = (signature: Buffer): Buffer => Buffer.from(signature).fill(7, 20, 24)
      expect(await same(layerOf(textOf({ kind, form, changeSignature })))).toMatch(/^bad /)
      expect(await same(layerOf(textOf({ kind, form, signer: 'key', logs: [], changeSignature })))).toMatch(
        /^bad /,
      )
    },
  )

  it('cosign’s form before bundles, bound by the hash of the envelope or of the payload', async () => {
    for (const entryKind of ['intoto 0.0.1', 'intoto 0.0.2', 'dsse 0.0.1'] as const)
      for (const kind of ['p256', 'p384'] as const)
        expect(await same(legacyAttestation(planned({ entryKind, kind })))).toBe('proven')
    const layer = legacyAttestation(planned({ entryKind: 'intoto 0.0.1' }))
    // The same envelope, written anew: what the log holds the hash of is gone.
    const bytes = Buffer.from(` ${layer.bytes.toString()}`)
    expect(await same({ ...layer, bytes })).toBe('bad log.other-content')
  })

  it('what tools lay beside a file', async () => {
    const of = (mediaType: string, document: string): Promise<string> =>
      same({ mediaType, bytes: Buffer.from(document) })
    const { json } = makeBundle(planned({ logs: [world.one] }))
    expect(await of(fileBundles, JSON.stringify({ attestations: [{ bundle: json }] }))).toBe('proven')
    expect(await of(fileBundles, `${JSON.stringify(json)}\n`)).toBe('proven')
    expect(await of(pypiAttestation, JSON.stringify(pypiObject(json)))).toBe('proven')
    const { dsseEnvelope } = makeBundle(planned({ signer: 'key', logs: [], stamps: [] })).json
    expect(await of(fileBundles, JSON.stringify(dsseEnvelope))).toBe('proven')
    const damaged = {
      ...json,
      dsseEnvelope: {
        ...json.dsseEnvelope,
        payload: large({ predicate: { more: filler } }).toString('base64'),
      },
    }
    expect(await of(fileBundles, JSON.stringify(damaged))).toBe('bad log.other-content')
  })

  it('what is not about this, not of this kind, or not a statement at all', async () => {
    const of = (change: object): Promise<string> => same(layerOf(textOf({ payload: large(change) })))
    expect(await of({ subject: [{ digest: { sha256: '0'.repeat(64) } }] })).toBe(
      'unknown statement.other-subject',
    )
    expect(await of({ subject: [{ digest: { sha1: '0'.repeat(40) } }] })).toBe(
      'unknown statement.weak-digest',
    )
    expect(await of({ subject: [] })).toBe('unknown statement.form')
    expect(await of({ _type: 'https://in-toto.io/Statement/v2' })).toBe('unknown statement.type')
    expect(await of({ predicateType: undefined })).toBe('unknown statement.form')
    expect(await same(layerOf(textOf({ payloadType: 'text/plain' })))).toBe('unknown statement.type')
  })

  const written = large().toString('utf8')
  const changed = (from: string, to: string): string => written.replace(from, () => to)
  it.each([
    ['a subject that stands twice', `{"subject":[],${written.slice(1)}`],
    ['a predicate that stands twice', `${written.slice(0, -1)},"predicate":{}}`],
    ['a name that stands twice deep inside', changed('"filler"', '"x":{"a":[{"b":1,"b":2}]},"filler"')],
    ['the same by an escape', changed('"filler"', '"\\u0066iller":1,"filler"')],
    ['a hundred thousand levels', changed('"filler"', `"x":${'['.repeat(100_000)},"filler"`)],
    ['65 levels', changed('"filler"', `"x":${'['.repeat(65)}${']'.repeat(65)},"filler"`)],
    ['a statement that is cut off', written.slice(0, -1)],
    ['text behind it', `${written}{}`],
    ['a list', `[${written}]`],
    ['half a character', changed('some words', '\\ud83d')],
  ])('a statement with %s', async (_, text) => {
    expect(await same(layerOf(textOf({ payload: Buffer.from(text) })))).toBe('unknown statement.form')
  })

  it('a statement that is not UTF-8', async () => {
    const payload = large()
    payload[payload.indexOf('words')] = 0xff
    expect(await same(layerOf(textOf({ payload })))).toBe('unknown statement.form')
  })

  // Of a length that base64 pads.
  const text = textOf({
    payload: Buffer.concat([large(), Buffer.from(' '.repeat(1 + ((3 - (large().length % 3)) % 3)))]),
  })
  const payload = payloadOf(text)
  const put = (from: string, to: string): string => text.replace(from, () => to)
  it.each([
    ['a payload that stands twice', put('"payload":', `"payload":"e30=","payload":`), 'bundle.json'],
    [
      'a payload that stands twice, by an escape',
      put('"payload":', `"\\u0070ayload":"e30=","payload":`),
      'bundle.json',
    ],
    ['a decoy in an object of its own', `{"x":{"payload":"${payload}"},${text.slice(1)}`, 'bundle.shape'],
    [
      'its payload elsewhere',
      put(`"payload":"${payload}"`, `"payload":"e30=","other":"${payload}"`),
      'bundle.shape',
    ],
    ['an escape in the payload', put(payload, `\\u0065${payload.slice(1)}`), 'proven'],
    ['base64 without its padding', put(`${payload}"`, `${payload.replace(/=+$/, '')}"`), 'bundle.base64'],
    ['base64 of the other alphabet', put(payload, `-_${payload.slice(2)}`), 'bundle.base64'],
    ['a blank in its base64', put(payload, ` ${payload}`), 'bundle.base64'],
    ['padding in the midst', put(payload, `e30=${payload}`), 'bundle.base64'],
    ['spare bits', put(`${payload}"`, `${payload}e31="`), 'bundle.base64'],
    ['another payload', put(payload, `AAAA${payload.slice(4)}`), 'log.other-content'],
    ['two signatures', text.replace(/"signatures":\[(\{[^}]*\})\]/, '"signatures":[$1,$1]'), 'bundle.shape'],
    ['no signature', text.replace(/"signatures":\[(\{[^}]*\})\]/, '"signatures":[]'), 'bundle.shape'],
    ['text behind it', `${text}{}`, 'bundle.json'],
    ['its end missing', text.slice(0, -2), 'bundle.json'],
    ['its end missing in the payload', text.slice(0, text.indexOf(payload) + 15_000), 'bundle.json'],
    ['a control character in the payload', put(payload, `\n${payload.slice(1)}`), 'bundle.json'],
    [
      'a hundred thousand levels',
      put('"dsseEnvelope"', `"x":${'['.repeat(50_000)}${']'.repeat(50_000)},"dsseEnvelope"`),
      'bundle.json',
    ],
    [
      'both kinds of content',
      `${text.slice(0, -1)},"messageSignature":{"signature":"e30="}}`,
      'bundle.shape',
    ],
  ])('a bundle with %s', async (name, changedText, code) => {
    expect(changedText).not.toBe(text)
    const layer = layerOf(changedText)
    // A long text with escapes is refused where it is not held, as it is of one that is too long to be copied.
    if (name.startsWith('an escape'))
      expect(await said(layer, sizes)).toMatchObject({ result: 'unknown', code: 'bundle.json' })
    else expect((await same(layer)).split(' ').at(-1)).toBe(code)
  })

  it('a bundle that is not UTF-8, in its payload and beside it', async () => {
    for (const at of [text.indexOf(payload) + 5000, text.indexOf('mediaType')]) {
      const bytes = Buffer.from(text)
      bytes[at] = 0xc3
      expect((await same(layerOf(bytes))).split(' ').at(-1)).toBe('bundle.json')
    }
  })

  it('whatever byte is changed, in pieces of any size', async () => {
    const change = fc.record({
      at: fc.nat(),
      to: fc.integer({ min: 0, max: 255 }),
      piece: fc.integer({ min: 1, max: 20_000 }),
    })
    const texts = [text, textOf({ signer: 'key', kind: 'ed25519' }), textOf({ form: '0.1', kind: 'p384' })]
    await fc.assert(
      fc.asyncProperty(
        change,
        fc.constantFrom(...texts),
        fc.boolean(),
        async ({ at, to, piece }, of, beside) => {
          const bytes = Buffer.from(of)
          // Most of the text is its payload; half of the changes are to hit something else.
          const start = of.indexOf('"payload":"')
          const long = payloadOf(of).length
          const place = at % (beside ? of.length - long : of.length)
          bytes[beside && place > start + 20 ? place + long : place] = to
          const small = await said(layerOf(bytes), null)
          // Only a backslash in the text itself is read more strictly where it is not held.
          const found = await said(layerOf(bytes), sizes, piece)
          expect(to === 0x5c && found.code === 'bundle.json' ? small : found).toEqual(small)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a long text that is not the payload', () => {
  const long = Buffer.alloc(12_000, 1).toString('base64')
  it.each([
    ['as a signature', { messageSignature: { signature: long } }],
    [
      'as a hint',
      { messageSignature: { signature: 'e30=' }, verificationMaterial: { publicKey: { hint: long } } },
    ],
  ])('%s proves nothing, and is not called false', async (_, change) => {
    const { dsseEnvelope, ...json } = makeBundle({
      content: 'envelope',
      signer: 'key',
      logs: [],
      stamps: [],
    }).json
    expect(dsseEnvelope).toBeDefined()
    const found = await said(layerOf(JSON.stringify({ ...json, ...change })), sizes)
    expect(found).toMatchObject({ result: 'unknown' })
    expect(found.code).toMatch(/^bundle\.(?:too-large|shape)$/)
  })

  it('beside another one is read as it always was, up to what is held of a bundle', async () => {
    const text = textOf().replace('{"mediaType"', () => `{"more":"${long}","mediaType"`)
    expect(await same(layerOf(text))).toBe('unknown bundle.shape')
  })
})

describe('bytes that change between two readings', () => {
  const text = Buffer.from(textOf())
  const reader = (...readings: readonly Buffer[]): BlobReader => {
    let reading = 0
    const lying = blobsOf(() => readings[Math.min(reading++, readings.length - 1)] ?? Buffer.alloc(0))
    return { ...lying, read: () => Promise.reject(new Error('read whole')) }
  }
  const damaged = { code: 'content-damaged' }
  const judged = (...readings: readonly Buffer[]) =>
    assessedLayers([layerOf(text)], knows, { sizes, blobs: reader(...readings) })
  const other = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(text)
    change(bytes)
    return bytes
  }
  const start = text.indexOf('"payload":"') + 100

  it('are no evidence at all, whatever changed', async () => {
    expect((await judged(text, text))[0]?.view.result).toBe('proven')
    for (const second of [
      other((bytes) => (bytes[start] = (bytes[start] ?? 0) ^ 1)),
      other((bytes) => (bytes[start] = 0x20)),
      other((bytes) => (bytes[5] = 0x20)),
      text.subarray(0, -1),
      Buffer.concat([text, Buffer.from(' ')]),
      Buffer.alloc(0),
    ]) {
      await expect(judged(text, second)).rejects.toMatchObject(damaged)
      await expect(judged(second, text)).rejects.toMatchObject(damaged)
      await expect(judged(second, second)).rejects.toMatchObject(damaged)
    }
  })
})

describe('a file of a bundle', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-large-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const made = makeBundle(planned({ logs: [world.one] }))

  async function both(text: string | Buffer): Promise<string> {
    const path = join(folder, 'bundle')
    await writeFile(path, text)
    const of = ({ verdict }: Awaited<ReturnType<typeof verifyBundleSet>>): string =>
      verdict.ok ? `proven ${String(verdict.proven.statement?.predicateType)}` : verdict.reason.code
    const small = of(await verifyBundleSet(Buffer.from(text), bytesArtifact(artifact), made.ask))
    expect(of(await verifyBundleFile(path, bytesArtifact(artifact), made.ask, sizes))).toBe(small)
    expect(of(await verifyBundleFile(path, bytesArtifact(artifact), made.ask, held))).toBe(small)
    return small
  }

  it('is proven as it streams by, alone, in an answer, beside others and as PyPI hands it over', async () => {
    const text = JSON.stringify(made.json)
    const proven = 'proven https://example.test/checked/v1'
    const small = JSON.stringify(makeBundle({ content: 'envelope' }).json)
    expect(await both(text)).toBe(proven)
    expect(await both(`\ufeff${text}`)).toBe(proven)
    expect(await both(JSON.stringify({ attestations: [{ bundle: made.json }] }))).toBe(proven)
    expect(await both(`[${text},${small}]`)).toBe(proven)
    expect(await both(`${text}\n${small}\n`)).toBe(proven)
    expect(await both(Buffer.from(text, 'utf16le'))).toBe(proven)
    expect(await both(JSON.stringify(pypiObject(made.json)))).toBe(proven)
  })

  it('is refused as it is in memory', async () => {
    const text = JSON.stringify(made.json)
    const payload = payloadOf(text)
    const other = Buffer.from(large({ subject: [{ digest: { sha256: digestOf('x').slice(7) } }] })).toString(
      'base64',
    )
    expect(await both(text.replace(payload, () => other))).toBe('log.other-content')
    expect(await both(text.slice(0, -1))).toBe('bundle.json')
    expect(await both(text.replace('{', () => `{"a":1,"a":1,`))).toBe('bundle.json')
  })
})

describe('what is held and what is not', () => {
  it.each([
    [7, null],
    [15, null],
    [17, 'statement.too-large'],
  ])('a bill of materials of %i MiB is proven; what is said of its reading: %s', async (mib, unreadable) => {
    const predicate = { spdxVersion: 'SPDX-2.3', comment: 'x'.repeat(mib * 1024 * 1024) }
    const layer = layerOf(
      textOf({ payload: statement({ predicateType: 'https://spdx.dev/Document', predicate }) }),
    )
    const [one] = await assessedLayers([layer], knows)
    expect(one?.view).toMatchObject({ result: 'proven', predicateType: 'https://spdx.dev/Document' })
    expect(one?.view.unreadable?.code ?? null).toBe(unreadable)
    expect(one?.view.opinion?.answer).toBe('cannot-judge')
  })
})
