import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { modelArtifact } from '../../../main/evidence/model/artifact.ts'
import { readModelStatement } from '../../../main/evidence/model/statement.ts'
import { modelSignature } from '../../../main/oci/file-evidence.ts'
import { digestOf } from '../../../main/platform/hash.ts'
import { limits } from '../../../main/platform/limits.ts'
import { Refusal } from '../../../main/sigstore/refusal.ts'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import type { EvidenceTrust } from '../../../main/evidence/judge.ts'
import { assessedLayers, subject } from '../../support/attacks/evidence.ts'
import { makeBundle, statement, type BundlePlan } from '../../support/authority/bundle.ts'
import { sharedKey } from '../../support/authority/scheme.ts'
import { alice, trust, world } from '../../support/authority/world.ts'
import { pem } from '../../support/pki/key.ts'
import {
  modelStatement,
  modelType,
  resourcesOf,
  rootOf,
  signModel,
  withChain,
  withKey,
  type ModelFiles,
  type ModelPlan,
} from '../../support/signed-model.ts'

/* Signatures of OpenSSF Model Signing, held against the files of a model. */

const key = readVerifierKey(sharedKey('p256').spki)
const knowing: EvidenceTrust = { roots: [trust], keys: [key] }
const files: ModelFiles = {
  'config.json': '{"layers": 2}',
  'weights/a.safetensors': 'first half',
  'weights/b.safetensors': 'second half',
}

function treeOf(all: ModelFiles) {
  const entries = Object.entries(all).map(([path, content]) => {
    const bytes = Buffer.from(content)
    return { path, digest: digestOf(bytes), size: bytes.length }
  })
  return { title: 'assistant', version: null, files: entries }
}

/** The judgement of a document over a folder; the document itself lies there too where it is told to. */
async function judged(
  signed: string,
  folder: ModelFiles = files,
  knows: EvidenceTrust = knowing,
  at: string | null = 'model.sig',
) {
  const bytes = Buffer.from(signed)
  const tree = treeOf(at === null ? folder : { ...folder, [at]: bytes })
  const artifact = modelArtifact(subject, tree)(digestOf(bytes))
  const layer = { mediaType: modelSignature, bytes }
  const [one] = await assessedLayers([layer], knows, { artifact })
  if (one === undefined) throw new Error('not looked at')
  const { kind, result, reason, proven } = one.view
  return { kind, result, code: reason?.code, found: reason?.found, expected: reason?.expected, proven }
}

const bad = (code: string, found: string | RegExp) => ({
  kind: 'signature',
  result: 'bad',
  code,
  found: typeof found === 'string' ? found : (expect.stringMatching(found) as unknown),
})

describe('a model whose files are not those that were signed', () => {
  const signed = signModel(files)

  it('one was changed, and is named', async () => {
    const changed = await judged(signed, { ...files, 'weights/a.safetensors': 'another' })
    expect(changed).toMatchObject(bad('statement.file-differs', digestOf(Buffer.from('another'))))
    expect(changed.expected).toContain('in weights/a.safetensors')
  })

  it('one is missing, or has another name, and is named', async () => {
    const { 'weights/b.safetensors': moved = '', ...rest } = files
    const missing = bad('statement.file-missing', 'none of that name')
    for (const folder of [rest, { ...rest, 'weights/c.safetensors': moved }]) {
      const found = await judged(signed, folder)
      expect(found).toMatchObject(missing)
      expect(found.expected).toBe('the file weights/b.safetensors')
    }
  })

  it('one was added, and is named', async () => {
    for (const name of ['evil.py', 'weights/.gitattributes', 'model.sig.d/x', 'Config.json'])
      expect(await judged(signed, { ...files, [name]: 'added' })).toMatchObject(
        bad('statement.file-unlisted', name),
      )
  })

  it('the signature itself lies there twice: once is what it is, the other was added', async () => {
    const all = { ...files, 'config.sig': signed, 'other.sig': signed }
    expect(await judged(signed, all, knowing, null)).toMatchObject(
      bad('statement.file-unlisted', 'other.sig'),
    )
  })

  it('another document lies where only a signature may', async () => {
    const open = signModel(files, { serialization: { ignore_paths: [] } })
    expect(await judged(open, { ...files, 'model.sig': 'x' }, knowing, null)).toMatchObject(
      bad('statement.file-unlisted', 'model.sig'),
    )
  })
})

describe('a statement that a known signer made wrong', () => {
  const cases: readonly (readonly [string, ModelPlan, string, string | RegExp])[] = [
    ['the digest of the whole', { root: 'f'.repeat(64) }, 'statement.root-digest', /^[0-9a-f]{64}$/],
    [
      'the order of the files',
      { root: rootOf([...resourcesOf(files)].reverse()) },
      'statement.root-digest',
      rootOf(resourcesOf(files)),
    ],
    [
      'a file twice',
      { resources: ([first, ...rest]) => [first, first, ...rest] },
      'statement.file-names',
      'config.json',
    ],
    ...['../config.json', '/etc/passwd', 'a//b', './config.json', '', 'weights/..'].map(
      (name): [string, ModelPlan, string, string] => [
        `the name “${name}”`,
        { resources: (all) => [...all, { name, algorithm: 'sha256', digest: 'a'.repeat(64) }] },
        'statement.file-names',
        name,
      ],
    ),
  ]
  it.each(cases)('%s', async (_, plan, code, found) => {
    expect(await judged(signModel(files, plan))).toMatchObject(bad(code, found))
  })

  it.each([
    ['', '.', '..', '/', './', '../assistant', '/weights'],
    ['weights/a', 'weights/a.safetensors/x', 'weight'],
  ])('what it leaves out does not lie there, so it leaves out nothing: %s', async (...paths) => {
    const open = signModel(files, { serialization: { ignore_paths: paths } })
    expect(await judged(open, { ...files, 'evil.py': 'x' })).toMatchObject(
      bad('statement.file-unlisted', 'evil.py'),
    )
  })
})

describe('a form that is not read is unknown, never false', () => {
  const unread: readonly (readonly [string, ModelPlan, string])[] = [
    ['BLAKE3', { serialization: { hash_type: 'blake3' } }, 'digests by blake3'],
    ['BLAKE2', { serialization: { hash_type: 'blake2b' } }, 'digests by blake2b'],
    [
      'a digest by another hash',
      { resources: ([first, ...rest]) => [{ ...first, algorithm: 'blake3' }, ...rest] },
      'digests by blake3',
    ],
    [
      'shards',
      {
        serialization: { method: 'shards', shard_size: 1000 },
        resources: (all) => all.map((one) => ({ ...one, name: `${one.name}:0:10` })),
      },
      'by shards',
    ],
    [
      'a model that is one file',
      { resources: ([first]) => [{ ...first, name: '.' }] },
      'a model that is one file',
    ],
    ['a method of tomorrow', { serialization: { method: 'tensors' } }, 'by tensors'],
  ]
  it.each(unread)('%s', async (_, plan, found) => {
    const unknown = { kind: 'signature', result: 'unknown', code: 'statement.not-read', found }
    expect(await judged(signModel(files, plan))).toMatchObject(unknown)
  })

  it.each([
    ['no list', { resources: () => [] }],
    ['a digest that is none', { resources: () => [{ name: 'a', algorithm: 'sha256', digest: 'A1' }] }],
    ['a subject without SHA-256', { root: 'x' }],
    ['a file without a name', { resources: () => [{ algorithm: 'sha256', digest: 'a'.repeat(64) }] }],
  ] as const)('%s', async (_, plan) => {
    expect(await judged(signModel(files, plan))).toMatchObject({ result: 'unknown', code: 'statement.form' })
  })

  it('something that is no bundle, and a bundle about something else', async () => {
    const oneFile = JSON.stringify(makeBundle().json)
    expect(await judged(oneFile)).toMatchObject({ result: 'unknown', code: 'bundle.form' })
    expect(await judged('not JSON')).toMatchObject({ kind: 'signature', result: 'unknown' })
    const slsa = signModel(files, { predicateType: 'https://slsa.dev/provenance/v1' })
    const found = await judged(slsa)
    expect(found).toMatchObject({ kind: 'attestation', result: 'unknown', code: 'statement.other-subject' })
  })

  it('more files than are read of a list, and a list that was not held', () => {
    const resources = Array.from({ length: limits.modelResources + 1 }, (_, n) => ({
      ...{ name: `f${n}`, algorithm: 'sha256', digest: 'a'.repeat(64) },
    }))
    const said = JSON.parse(modelStatement({}, { resources: () => resources }).toString()) as {
      predicate: { resources: object[] }
      subject: { name: string; digest: Record<string, string> }[]
    }
    const whole = { type: '', subjects: said.subject, predicateType: modelType, whole: true }
    const codeOf = (run: () => unknown): string => {
      try {
        run()
        return 'read'
      } catch (error) {
        return error instanceof Refusal ? error.reason.code : String(error)
      }
    }
    const read = (count: number, more: object = {}) => {
      const listed = { ...said.predicate, resources: resources.slice(0, count) }
      const subjects = [{ name: 'x', digest: { sha256: rootOf(resources.slice(0, count)) } }]
      return readModelStatement({ ...whole, subjects, predicate: listed, ...more })
    }
    expect(codeOf(() => read(limits.modelResources + 1))).toBe('statement.too-large')
    expect(codeOf(() => read(10, { whole: false, predicate: null }))).toBe('statement.too-large')
    expect(read(limits.modelResources).resources).toHaveLength(limits.modelResources)
  })
})

describe('whose signature it is', () => {
  it('nobody that is known: unknown, with another key and with a hint of model_signing too', async () => {
    const other = readVerifierKey(sharedKey('p256', 'somebody else').spki)
    const trusting = { roots: [], keys: [other] }
    expect(await judged(signModel(files), files, trusting)).toMatchObject({
      ...{ kind: 'signature', result: 'unknown', code: 'key.unknown' },
    })
    const changed = { ...files, 'config.json': 'x' }
    expect(await judged(signModel(files), changed, trusting)).toMatchObject({ result: 'unknown' })
    expect(await judged(signModel(files), files, { roots: [], keys: [] })).toMatchObject({
      result: 'unknown',
    })
  })

  it('the key that model_signing names by its PEM, which did not sign this: false', async () => {
    const json = JSON.parse(signModel(files)) as {
      dsseEnvelope: { payload: string }
      verificationMaterial: { publicKey: { hint: string } }
    }
    const hint = createHash('sha256').update(pem('PUBLIC KEY', key.spki)).digest('hex')
    json.verificationMaterial.publicKey.hint = hint
    expect(await judged(JSON.stringify(json))).toMatchObject({ result: 'proven' })
    json.dsseEnvelope.payload = modelStatement({ 'evil.py': 'x' }).toString('base64')
    expect(await judged(JSON.stringify(json))).toMatchObject({ result: 'bad', code: 'signature.bad' })
    json.verificationMaterial.publicKey.hint = 'f'.repeat(64)
    expect(await judged(JSON.stringify(json))).toMatchObject({ result: 'unknown', code: 'key.unknown' })
  })

  it.each(['p256', 'p384', 'p521'] as const)(
    'a key on %s, with the digest that goes with it',
    async (kind) => {
      const signed = signModel(files, {}, { ...withKey, kind })
      const keys = [readVerifierKey(sharedKey(kind).spki)]
      expect(await judged(signed, files, { roots: [], keys })).toMatchObject({
        ...{ kind: 'signature', result: 'proven', proven: { signer: { kind: 'key' } } },
      })
    },
  )

  it('a person by an issuer, in a log; with a changed file it is false', async () => {
    const keyless = signModel(files, {}, {})
    const found = await judged(keyless, files, { roots: [trust], keys: [] })
    expect(found.proven).toMatchObject({ signer: { kind: 'certificate', name: alice.san }, logs: [{}] })
    expect(await judged(keyless, { ...files, x: '' }, { roots: [trust], keys: [] })).toMatchObject(
      bad('statement.file-unlisted', 'x'),
    )
    expect(await judged(keyless, { ...files, x: '' }, { roots: [], keys: [] })).toMatchObject({
      result: 'unknown',
    })
  })

  it('a certificate with its chain beside it, as model_signing writes it in a bundle 0.3', async () => {
    const chained = withChain(signModel(files, {}, {}), [world.codeSigner.certificate])
    expect(await judged(chained)).toMatchObject({ result: 'proven' })
    const [elsewhere] = await assessedLayers(
      [{ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', bytes: Buffer.from(chained) }],
      knowing,
    )
    expect(elsewhere?.view.reason?.code).toBe('bundle.version-form')
  })
})

describe('what a signature of a model proves', () => {
  it('nothing of what is no folder of a model: there it is an attestation like any other', async () => {
    const sha256 = subject.slice('sha256:'.length)
    const payload = statement({
      ...{ subject: [{ name: 'x', digest: { sha256 } }], predicateType: modelType, predicate: {} },
    })
    const bytes = Buffer.from(signModelOf({ ...withKey, payload }))
    const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
    const [one] = await assessedLayers([{ mediaType, bytes }], knowing)
    expect(one?.view).toMatchObject({ kind: 'attestation', result: 'proven' })
  })

  it('every file, and says what it leaves out and what it calls the model', async () => {
    const folder = { ...files, '.gitattributes': '*.bin filter=lfs', '.github/x.yml': 'on: push' }
    const found = await judged(signModel(files, { name: 'toy' }), folder)
    expect(found).toMatchObject({ kind: 'signature', result: 'proven', code: undefined })
    expect(found.proven?.statement?.predicateType).toBe(modelType)
    expect(found.proven?.notChecked.slice(0, 2)).toEqual([
      'It does not speak for what it leaves out: .gitattributes, .github/x.yml.',
      'It was signed as a model of another name: toy.',
    ])
  })

  it('signed on Windows, with its separators in what is left out', async () => {
    const signed = signModel(files, { serialization: { ignore_paths: ['model.sig', 'weights\\logs'] } })
    expect(await judged(signed, { ...files, 'weights/logs/a.txt': 'x' })).toMatchObject({ result: 'proven' })
    expect(await judged(signed, { ...files, 'logs/a.txt': 'x' })).toMatchObject({ result: 'bad' })
  })

  it('also detached, and from before version 1.1, which does not say what it leaves out', async () => {
    const old = signModel(files, { serialization: { ignore_paths: undefined } })
    const folder = { ...files, '.gitignore': '*.tmp' }
    expect(await judged(old, folder)).toMatchObject({ result: 'proven' })
    expect(await judged(old, folder, knowing, null)).toMatchObject({ result: 'proven' })
    expect((await judged(signModel(files), files, knowing, null)).proven?.notChecked[0]).toContain('log')
  })

  it('the form of before version 1: files as subjects', async () => {
    const subjects = resourcesOf(files).map(({ name, digest }) => ({ name, digest: { sha256: digest } }))
    const before = (list: readonly object[]): string => {
      const said = { subject: list, predicateType: 'https://model_signing/Digests/v0.1', predicate: {} }
      return signModelOf({ ...withKey, payload: statement(said) })
    }
    expect(await judged(before(subjects))).toMatchObject({ kind: 'signature', result: 'proven' })
    expect(await judged(before(subjects.slice(1)))).toMatchObject(
      bad('statement.file-unlisted', 'config.json'),
    )
    expect(
      await judged(before([...subjects, { name: 'x', digest: { sha256: 'a'.repeat(64) } }])),
    ).toMatchObject(bad('statement.file-missing', 'none of that name'))
    const pieces = subjects.map((one) => ({ ...one, name: `${one.name}:0:10` }))
    expect(await judged(before(pieces))).toMatchObject({ result: 'unknown', code: 'statement.not-read' })
  })

  it('a list that is too long to be looked into before it is known who signed it', async () => {
    const many = Object.fromEntries(Array.from({ length: 9000 }, (_, n) => [`weights/part-${n}.bin`, `${n}`]))
    const signed = signModel(many)
    expect(signed.length).toBeGreaterThan(limits.introductionBytes)
    expect(await judged(signed, many)).toMatchObject({ kind: 'signature', result: 'proven' })
    expect(await judged(signed, many, { roots: [], keys: [] })).toMatchObject({
      ...{ kind: 'signature', result: 'unknown' },
    })
    expect(await judged(signed, { ...many, 'weights/part-7.bin': 'x' })).toMatchObject({ result: 'bad' })
  })
})

function signModelOf(plan: BundlePlan): string {
  return signModel({}, {}, plan)
}
