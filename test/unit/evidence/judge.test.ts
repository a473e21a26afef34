import { describe, expect, it } from 'vitest'
import { signatureType } from '../../../main/evidence/judge.ts'
import { summaryOf } from '../../../main/evidence/summary.ts'
import { limits } from '../../../main/platform/limits.ts'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import { assessed, assessedLayers } from '../../support/attacks/evidence.ts'
import { build, provenance } from '../../support/attacks/provenance.ts'
import { makeBundle, statement, type BundlePlan } from '../../support/authority/bundle.ts'
import { sharedKey } from '../../support/authority/scheme.ts'
import { alice, trust, world, worldRoot, rootFrom } from '../../support/authority/world.ts'
import { makeTimestampLeaf } from '../../support/pki/certificate.ts'
import { makeKey } from '../../support/pki/key.ts'

/* Who signed, by what a desk knows; and what is said of it to people and in records. */

const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const mine = readVerifierKey(sharedKey('p256').spki)
const others = (['p256', 'p384'] as const).map((kind) => readVerifierKey(makeKey(kind).spki))
const knowing = (...keys: (typeof mine)[]) => ({ roots: [trust], keys })
const byKey: BundlePlan = { signer: 'key', content: 'envelope', logs: [], stamps: [] }

async function view(plan: BundlePlan, knows?: ReturnType<typeof knowing>) {
  const [one] = await assessed([plan], knows)
  if (one === undefined) throw new Error('not looked at')
  return one.view
}
/** With another hint than that of the key. */
async function hinted(hint: string, plan: BundlePlan, knows: ReturnType<typeof knowing>) {
  const { json } = makeBundle(plan)
  json.verificationMaterial.publicKey = { hint }
  const [one] = await assessedLayers(
    [{ mediaType: bundleType, bytes: Buffer.from(JSON.stringify(json)) }],
    knows,
  )
  return one?.view
}
const hintOf = (key: typeof mine): string => Buffer.from(key.fingerprint, 'hex').toString('base64')

describe('a signature with a key', () => {
  it('is proven by the one of all known keys that made it', async () => {
    for (const keys of [[mine], [...others, mine], [mine, ...others]]) {
      const [one] = await assessed([byKey], knowing(...keys))
      expect(one?.view.proven?.signer).toMatchObject({ kind: 'key', fingerprint: mine.fingerprint })
      expect([one?.key, one?.identity]).toEqual([mine.fingerprint, null])
    }
  })

  it('is unknown where none of them did, whatever it calls itself', async () => {
    const found = (hint: string) => ({
      result: 'unknown',
      reason: { code: 'key.unknown', expected: 'a key that this desk knows', found: hint },
    })
    const calls = `a key that calls itself ${hintOf(mine)}`
    expect(await view(byKey, knowing())).toMatchObject(found(calls))
    expect(await view(byKey, knowing(...others))).toMatchObject(found(calls))
    expect(await hinted('', byKey, knowing(...others))).toMatchObject(found('another key'))
    expect(await hinted('x', byKey, knowing(...others))).toMatchObject(found('a key that calls itself x'))
  })

  it('is false where the key that it names did not make it, beside others that did not either', async () => {
    const bad = { ...byKey, changeSignature: () => Buffer.from('x') }
    const [first, second] = others as [typeof mine, typeof mine]
    expect(await view(bad, knowing(first, mine, second))).toMatchObject({ result: 'bad' })
    const hint = hintOf(second)
    expect(await hinted(hint, byKey, knowing(first, second))).toMatchObject({ result: 'bad' })
  })

  it.each([
    [
      'another subject',
      { subject: [{ name: 'x', digest: { sha256: '0'.repeat(64) } }] },
      'statement.other-subject',
    ],
    ['another type of statement', { _type: 'x' }, 'statement.type'],
  ] as const)(
    'over %s is read by any key that made it, and is about nothing here',
    async (_, change, code) => {
      const plan = { ...byKey, payload: statement(change) }
      const found = await hinted('', plan, knowing(...others, mine))
      expect(found).toMatchObject({ result: 'unknown', reason: { code } })
    },
  )
})

describe('how evidence that nobody known signed introduces itself', () => {
  const introduced = async (payload: Buffer) => {
    const { kind, predicateType, result } = await view({ ...byKey, payload }, knowing())
    expect(result).toBe('unknown')
    return [kind, predicateType]
  }
  it('as a signature or an attestation, by the type that it claims', async () => {
    expect(await introduced(statement({ predicateType: signatureType }))).toEqual([
      'signature',
      signatureType,
    ])
    expect(await introduced(statement({}))).toEqual(['attestation', 'https://example.test/checked/v1'])
    expect(await view({ ...byKey, content: 'message' }, knowing())).toMatchObject({
      kind: 'signature',
      predicateType: null,
    })
  })

  it('as nothing where its text is of another form, or too large to be looked at', async () => {
    for (const text of [
      'null',
      '{',
      '5',
      '[]',
      '{"predicateType":5}',
      '{"predicateType":"a","predicateType":"b"}',
    ]) {
      expect([text, ...(await introduced(Buffer.from(text)))]).toEqual([text, 'attestation', null])
    }
    const padded = (size: number): Buffer => Buffer.from(statement().toString().padEnd(size))
    expect(await introduced(padded(limits.introductionBytes))).toEqual([
      'attestation',
      'https://example.test/checked/v1',
    ])
    expect(await introduced(padded(limits.introductionBytes + 1))).toEqual(['attestation', null])
    expect(await introduced(statement({ predicateType: 'x'.repeat(400) }))).toEqual([
      'attestation',
      'x'.repeat(300),
    ])
  })
})

describe('what a proof did not prove is said', () => {
  const [head, stamps] = ['unknown logs counted for nothing.', 'unknown authorities counted for nothing.']
  const elsewhere = { ...world.three, key: makeKey('p256') }
  const stamper = makeTimestampLeaf(world.root)
  const stranger = { certificate: stamper.certificate, key: stamper.key }

  it('nothing of a whole proof', async () => {
    const found = await view({ content: 'envelope' })
    expect(found.proven).toMatchObject({
      statement: { predicateType: 'https://example.test/checked/v1', subjects: 1 },
      certificateLogs: [{ log: 'https://ct.test', at: '2026-01-10T11:59:00.000Z' }],
      times: [{ at: '2026-01-10T12:00:00.000Z', by: 'https://stamp.test', source: 'timestamp' }],
      logs: [{ log: 'https://log-two.test', index: 5, kind: 'hashedrekord 0.0.2' }],
      notChecked: [],
    })
    expect(found.proven?.signer).toMatchObject({
      kind: 'certificate',
      name: alice.san,
      issuer: alice.issuer,
      notBefore: '2026-01-10T11:59:00.000Z',
      notAfter: '2026-01-10T12:09:00.000Z',
      authority: 'https://ca.test',
    })
  })

  it('how many there were whom nobody knows', async () => {
    const one = await view({ content: 'envelope', logs: [world.two, elsewhere], stamps: [{}, stranger] })
    expect(one.proven?.notChecked).toEqual([`1 log entry of ${head}`, `1 timestamp of ${stamps}`])
    const more = await view({
      content: 'envelope',
      logs: [world.two, elsewhere, { ...elsewhere, key: makeKey('p256') }],
      stamps: [{}, stranger, { ...stranger, imprintHash: 'sha512' }],
    })
    expect(more.proven?.notChecked).toEqual([`2 log entries of ${head}`, `2 timestamps of ${stamps}`])
  })

  it('that a key alone has neither log nor time; and not, where it has them', async () => {
    const bare = await view(byKey, knowing(mine))
    expect(bare.proven?.notChecked.map((one) => one.split(':')[0])).toEqual([
      'No transparency log holds it',
      'Nobody known says when the signature was made',
    ])
    const logged = await view({ signer: 'key', content: 'envelope' }, knowing(mine))
    expect(logged.proven?.notChecked).toEqual([])
  })

  it('every extension by its name, in the order of their numbers', async () => {
    const honest = provenance()
    const more = [...(honest.leaf?.more ?? [])].reverse()
    const { proven } = await view({ ...honest, leaf: { ...honest.leaf, more } })
    const shown = proven?.signer.kind === 'certificate' ? proven.signer.extensions : []
    expect(shown.map(({ number, name, value }) => `${number} ${name}: ${value}`)).toEqual([
      expect.stringMatching(/^1 issuer \(old form\): /),
      `8 issuer: ${build.issuer}`,
      `11 runner environment: ${build.runner}`,
      `12 source repository: ${build.repository}`,
      `13 source commit: ${build.commit}`,
      `14 source ref: ${build.ref}`,
      `20 build trigger: ${build.trigger}`,
    ])
  })
})

describe('a piece in a record', () => {
  const summary = async (plan: BundlePlan, knows?: ReturnType<typeof knowing>) =>
    summaryOf(await view(plan, knows))

  it('names the build, the signer and the times', async () => {
    expect(await summary(provenance())).toMatchObject({
      kind: 'attestation',
      type: 'https://slsa.dev/provenance/v1',
      result: 'proven',
      reason: null,
      signer: `${build.workflow}, vouched for by ${build.issuer}`,
      times: ['2026-01-10T12:00:00.000Z by https://stamp.test'],
      build: `by ${build.workflow} from ${build.repository} at ${build.ref}, commit ${build.commit}`,
      sbom: null,
      notChecked: [],
    })
    const said = await summary(provenance({ said: { ref: 'refs/heads/x' } }))
    expect(said.notChecked).toEqual([expect.stringMatching(/^The source ref is /)])
  })

  it('says where a build is from only as far as that is said', async () => {
    const from = async (source: unknown): Promise<string | null> => {
      const predicate = {
        buildDefinition: { buildType: 't', externalParameters: { source } },
        runDetails: { builder: { id: 'b' } },
      }
      const payload = statement({ predicateType: 'https://slsa.dev/provenance/v1', predicate })
      return (await summary({ content: 'envelope', payload })).build
    }
    expect(await from(null)).toBe('by b from a source that is not said')
    expect(await from('https://a.test/r')).toBe('by b from https://a.test/r')
    expect(await from('https://a.test/r@v1')).toBe('by b from https://a.test/r at v1')
    expect(await from({ uri: 'r', digest: { gitCommit: 'c' } })).toBe('by b from r at c')
  })

  it('names a bill of materials, what cannot be read, a key, and why nothing is proven', async () => {
    const sbom = (predicate: object): BundlePlan => ({
      content: 'envelope',
      payload: statement({ predicateType: 'https://cyclonedx.org/bom', predicate }),
    })
    const document = { bomFormat: 'CycloneDX', specVersion: '1.6', components: [{}, {}] }
    expect(await summary(sbom(document))).toMatchObject({
      sbom: 'CycloneDX 1.6, 2 components',
      build: null,
      reason: null,
    })
    expect(await summary(sbom({}))).toMatchObject({ sbom: null, reason: 'statement.form', result: 'proven' })
    expect(await summary(byKey, knowing(mine))).toMatchObject({
      signer: `key ${mine.fingerprint}`,
      times: [],
    })
    const unknown = { signer: null, result: 'unknown', reason: 'key.unknown', times: [], notChecked: [] }
    expect(await summary(byKey, knowing())).toMatchObject(unknown)
  })
})

describe('an authority that nobody installed', () => {
  it('leaves a certificate unknown', async () => {
    const roots = [rootFrom(worldRoot((plan) => ({ ...plan, authorities: [] })))]
    expect(await view({}, { roots, keys: [] })).toMatchObject({
      result: 'unknown',
      reason: { code: 'certificate.unknown-authority' },
    })
  })
})
