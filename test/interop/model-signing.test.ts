import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { modelArtifact } from '../../main/evidence/model/artifact.ts'
import { modelSignature } from '../../main/oci/file-evidence.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { readVerifierKey } from '../../main/sigstore/verifier-key.ts'
import { assessedLayers, subject } from '../support/attacks/evidence.ts'
import { sharedKey } from '../support/authority/scheme.ts'
import { alice, makeLeaf, moment, trust, world } from '../support/authority/world.ts'
import { done, sallyport } from '../support/command-line.ts'
import { decideBoth, release, writeRequest, writeTo } from '../support/desks.ts'
import { missingModelSigning, modelSigning, modelSigningCode } from '../support/model-signing.ts'
import { pem } from '../support/pki/key.ts'
import { openReleasing, type Releasing } from '../support/releasing.ts'
import { rowsOf, setItemPolicy } from '../support/signed-image.ts'

const missing = missingModelSigning()
if (missing !== null) console.log(`Not run: models with model_signing itself, because ${missing}.`)

const files = {
  'config.json': '{"layers": 2}\n',
  'sub/weights.safetensors': Buffer.alloc(100_000, 7),
  'sub.txt': 'sorts before sub/ by signs and behind it by steps\n',
  empty: '',
  '.gitattributes': '*.safetensors filter=lfs\n',
}

describe.skipIf(missing !== null)('models, with model_signing itself (needs Python)', () => {
  let at: Releasing
  let version = 1
  beforeEach(async () => {
    at = await openReleasing()
    version = 1
    await at.lay(Object.fromEntries(Object.entries(files).map(([path, text]) => [`assistant/${path}`, text])))
  })
  afterEach(() => at.crossing.dispose())

  const keyFiles = (kind: 'p256' | 'p384' | 'p521'): { secret: string; open: string; named: string } => {
    const { privateKey, spki } = sharedKey(kind)
    const [secret, open] = [at.inRequest(`${kind}.key`), at.inRequest(`${kind}.pub`)]
    writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(open, pem('PUBLIC KEY', spki))
    const indented = pem('PUBLIC KEY', spki).trim().replaceAll('\n', '\n      ')
    const { fingerprint } = readVerifierKey(spki)
    return {
      secret,
      open,
      named: `  - name: maker\n    fingerprint: ${fingerprint}\n    key: |\n      ${indented}`,
    }
  }
  const program = (...words: string[]): { code: number | null; said: string } =>
    modelSigning(at.inRequest(), words)

  async function under(medium: string, named: string): Promise<[number, string[]]> {
    version += 1
    const rule = "  - {kind: model, name: '**', signedBy: {identities: [maker]}}"
    expect((await setItemPolicy(at.crossing, version, named, rule)).code).toBe(0)
    const ended = await sallyport(['verify', medium, '--desk', at.crossing.high], at.crossing.clock)
    return [ended.code, rowsOf(ended, 'policy.signature')]
  }
  const carried = async (item: string, name: string): Promise<string> =>
    writeTo(at.crossing, await release(at.crossing, await writeRequest(at.crossing, [item])), name)

  it.each(['p256', 'p384', 'p521'] as const)(
    'what it signs with a key on %s is proven on the far side, and what lands there it verifies',
    async (kind) => {
      const { secret, open, named } = keyFiles(kind)
      const signature = 'assistant/model.sig'
      const signed = program('sign', 'key', 'assistant', '--private_key', secret, '--signature', signature)
      expect(signed.code, signed.said).toBe(0)
      const medium = await carried('model: assistant', kind)
      expect(await under(medium, named)).toEqual([0, ['pass as-expected']])
      const verified = await done(['verify', medium, '--desk', at.crossing.high], at.crossing.clock)
      await decideBoth(at.crossing, verified.id, 'accept')
      const out = join(at.crossing.folder, 'out')
      await done(['export', verified.id, '--desk', at.crossing.high, '--to', `dir:${out}`], at.crossing.clock)
      const landed = join(out, 'models', 'assistant')
      const words = ['verify', 'key', landed, '--public_key', open, '--signature', join(landed, 'model.sig')]
      expect(program(...words)).toMatchObject({ code: 0 })
    },
  )

  it('both refuse what was changed afterwards', async () => {
    const { secret, open, named } = keyFiles('p256')
    program('sign', 'key', 'assistant', '--private_key', secret, '--signature', 'm.sig')
    const changes: readonly (() => void)[] = [
      () => writeFileSync(at.inRequest('assistant', 'config.json'), '{}'),
      () => writeFileSync(at.inRequest('assistant', 'added.py'), ''),
      () => rmSync(at.inRequest('assistant', 'empty')),
    ]
    for (const [n, change] of changes.entries()) {
      await at.lay({ 'assistant/config.json': files['config.json'], 'assistant/empty': '' })
      rmSync(at.inRequest('assistant', 'added.py'), { force: true })
      change()
      const words = ['verify', 'key', 'assistant', '--public_key', open, '--signature', 'm.sig']
      expect(program(...words).code).not.toBe(0)
      const medium = await carried('{model: assistant, signature: m.sig}', `changed-${n}`)
      expect(await under(medium, named)).toEqual([4, ['fail differs']])
    }
  })

  it.each([
    ['BLAKE2', 'use_file_serialization(hashing_algorithm="blake2")'],
    ['BLAKE3', 'use_file_serialization(hashing_algorithm="blake3")'],
    ['shards', 'use_shard_serialization(shard_size=1000)'],
  ])('what it signs by %s is not called false', async (_, how) => {
    const { secret, named } = keyFiles('p256')
    const code = `import model_signing as m
config = m.signing.Config().use_elliptic_key_signer(private_key='${secret}')
config.set_hashing_config(m.hashing.Config().${how})
config.sign('assistant', 'm.sig')`
    const signed = modelSigningCode(at.inRequest(), code)
    expect(signed.code, signed.said).toBe(0)
    const medium = await carried('{model: assistant, signature: m.sig}', 'form')
    expect(await under(medium, named)).toEqual([5, ['not-checked nobody-known']])
  })

  it('what it signs with a certificate is judged with the chain that it writes beside it', async () => {
    const { secret } = keyFiles('p256')
    const chain = at.inRequest('chain.pem')
    const leaf = at.inRequest('leaf.pem')
    writeFileSync(leaf, pem('CERTIFICATE', makeLeaf({ key: sharedKey('p256') }).der))
    writeFileSync(chain, pem('CERTIFICATE', world.codeSigner.certificate))
    const certificates = ['--signing_certificate', leaf, '--certificate_chain', chain]
    const words = ['sign', 'certificate', 'assistant', '--private_key', secret, ...certificates]
    const signed = program(...words, '--signature', 'm.sig')
    expect(signed.code, signed.said).toBe(0)
    const bytes = readFileSync(at.inRequest('m.sig'))
    const entries = Object.entries(files).map(([path, content]) => {
      const own = Buffer.from(content)
      return { path, digest: digestOf(own), size: own.length }
    })
    const tree = { title: 'assistant', version: null, files: entries }
    const artifact = modelArtifact(subject, tree)(digestOf(bytes))
    const none = { logs: 0, times: 0, scts: 0 }
    const demand = { root: trust.digest, issuers: 'named', clock: moment.getTime(), ...none } as const
    const layer = { mediaType: modelSignature, bytes }
    const [one] = await assessedLayers([layer], { roots: [trust], keys: [], demands: [demand] }, { artifact })
    expect(one?.view).toMatchObject({ result: 'proven', proven: { signer: { name: alice.san } } })
    // It has no log, which a rule without a root of its own asks of a certificate.
    const [usual] = await assessedLayers([layer], { roots: [trust], keys: [] }, { artifact })
    expect(usual?.view).toMatchObject({ result: 'bad', reason: { code: 'log.none' } })
  })
})
