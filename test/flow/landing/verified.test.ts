import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { build, predicate1, provenance } from '../../support/attacks/provenance.ts'
import { alice } from '../../support/authority/world.ts'
import { makeCrossing, type Crossing } from '../../support/desks.ts'
import { highDesk } from '../../support/high-desk.ts'
import { sampleImage, sha256, type SampleImage } from '../../support/images.ts'
import {
  allowRegistry,
  bundlesAt,
  contentOf,
  envelopeBy,
  exportTo,
  landingKey,
  recordedOf,
  referrersAt,
  trySeal,
} from '../../support/landing.ts'
import { makeOfficers } from '../../support/officers.ts'
import { TestRegistry } from '../../support/registry.ts'
import { about, carryApp, putSigned, trustAuthority } from '../../support/signed-image.ts'

/* What a summary says was verified: the evidence that counted, and levels as far as they were proven. */

const vsa = 'https://slsa.dev/verification_summary/v1'
const identities = `identities:
  - {name: alice, issuer: '${alice.issuer}', identity: '${alice.san}'}
  - {name: builder, issuer: '${build.issuer}', identity: '${build.workflow}'}
`
const provenanceRule = `provenance: [{builder: '${build.workflow}', signedBy: builder}]`
const summaryRule = (levels: string, verifier = 'https://verifier.test'): string =>
  `{verifier: '${verifier}', signedBy: alice, resource: 'pkg:oci/app', levels: [${levels}]}`
const summary = (levels: readonly string[], verifier = 'https://verifier.test') => ({
  verifier: { id: verifier },
  timeVerified: '2026-11-20T09:00:00Z',
  resourceUri: 'pkg:oci/app',
  policy: { uri: 'https://verifier.test/policy' },
  verificationResult: 'PASSED',
  verifiedLevels: levels,
})
const image = (rule: string): string => `items:\n  - {kind: image, name: '**', ${rule}}\n`

let crossing: Crossing
let registry: TestRegistry
let pub: string
beforeEach(async () => {
  crossing = await makeCrossing()
  registry = await new TestRegistry().open()
  await trustAuthority(crossing)
  pub = readFileSync(await landingKey(crossing), 'utf8')
})
afterEach(async () => {
  await registry.close()
  await crossing.dispose()
})

async function accepted(
  rule: string,
  plans: Parameters<typeof putSigned>[1],
  sample: SampleImage = sampleImage(),
): Promise<string> {
  await allowRegistry(crossing, registry.host, 2, `${identities}${image(rule)}`)
  await putSigned(crossing, plans, sample)
  return highDesk(() => crossing).accepted((await carryApp(crossing)).folder)
}

/** The predicate of the summary at a manifest. */
async function summedUp(id: string, sample: SampleImage): Promise<Readonly<Record<string, unknown>>> {
  await exportTo(crossing, id, registry.host)
  const found = bundlesAt(registry, 'app', sample.root.digest).filter(
    ({ envelope, statement }) => statement.predicateType === vsa && envelopeBy(envelope, pub),
  )
  expect(found).toHaveLength(1)
  return found[0]!.statement.predicate
}

const both = 'SALLYPORT_RELEASED_AND_ACCEPTED_BY_TWO_PEOPLE_EACH'

describe('a summary', () => {
  it('names the digests of evidence that was proven, and of no other', async () => {
    const sample = sampleImage()
    const id = await accepted(
      'signedBy: {identities: [alice]}',
      ({ root }) => [
        about(root),
        { ...about(root, 'https://other.test/v1'), signer: 'key', logs: [], stamps: [] },
      ],
      sample,
    )
    const { inputAttestations, verifiedLevels, policy } = await summedUp(id, sample)
    const layers = referrersAt(registry, 'app', sample.root.digest).flatMap(({ layers }) => layers)
    const proven = (inputAttestations as { digest: { sha256: string } }[]).map(({ digest }) => digest.sha256)
    expect(proven).toHaveLength(1)
    const bytes = registry.repository('app').blobs.get(`sha256:${proven[0]}`)!
    expect(layers.map(({ digest }) => digest)).toContain(sha256(bytes))
    // It is Alice’s signature, as she made it.
    const { dsseEnvelope } = JSON.parse(bytes.toString()) as { dsseEnvelope: { payload: string } }
    expect(Buffer.from(dsseEnvelope.payload, 'base64').toString()).toContain('cosign/sign/v1')
    expect(verifiedLevels).toEqual([both])
    const text = readFileSync(join(crossing.folder, 'policy-2.yaml'))
    expect(policy).toMatchObject({ digest: { sha256: sha256(text).slice(7) } })
  })

  it('states the first level of the build track where provenance passed, no more', async () => {
    const sample = sampleImage()
    const id = await accepted(
      provenanceRule,
      ({ root }) => [{ ...provenance(), ...about(root, 'https://slsa.dev/provenance/v1', predicate1({})) }],
      sample,
    )
    expect((await summedUp(id, sample))['verifiedLevels']).toEqual(['SLSA_BUILD_LEVEL_1', both])
  })

  it('states what a summary stated that the policy asked for, the highest of each track, and no level that it did not ask', async () => {
    const sample = sampleImage()
    const id = await accepted(
      `${provenanceRule}, summary: [${summaryRule('SLSA_BUILD_LEVEL_2')}]`,
      ({ root }) => [
        { ...provenance(), ...about(root, 'https://slsa.dev/provenance/v1', predicate1({})) },
        about(root, vsa, summary(['SLSA_BUILD_LEVEL_3', 'SLSA_SOURCE_LEVEL_2'])),
      ],
      sample,
    )
    expect((await summedUp(id, sample))['verifiedLevels']).toEqual(['SLSA_BUILD_LEVEL_2', both])
  })

  it('of several that could have counted states only what each of them says', async () => {
    const sample = sampleImage()
    const id = await accepted(
      `summary: [${summaryRule('SLSA_BUILD_LEVEL_2, ORG_A')}, ${summaryRule('SLSA_BUILD_LEVEL_2, ORG_B', 'https://second.test')}]`,
      ({ root }) => [about(root, vsa, summary(['SLSA_BUILD_LEVEL_2', 'ORG_A']))],
      sample,
    )
    expect((await summedUp(id, sample))['verifiedLevels']).toEqual(['SLSA_BUILD_LEVEL_2', both])
  })

  it('under another policy than that of the verdict states no level of a summary, and names the policy of then', async () => {
    const sample = sampleImage()
    const id = await accepted(
      `summary: [${summaryRule('SLSA_BUILD_LEVEL_2')}]`,
      ({ root }) => [about(root, vsa, summary(['SLSA_BUILD_LEVEL_2']))],
      sample,
    )
    const before = sha256(readFileSync(join(crossing.folder, 'policy-2.yaml'))).slice(7)
    const rule = `summary: [${summaryRule('SLSA_BUILD_LEVEL_2')}]`
    await allowRegistry(crossing, registry.host, 3, `${identities}${image(rule)}`)
    const found = await summedUp(id, sample)
    expect(found['verifiedLevels']).toEqual([both])
    expect(found['policy']).toMatchObject({ digest: { sha256: before } })
  })
})

describe('what was accepted and does not stand any more', () => {
  it('because a signer was revoked since is not sealed: nothing is signed or sent', async () => {
    const id = await accepted('signedBy: {identities: [alice]}', ({ root }) => [about(root)])
    await exportTo(crossing, id, registry.host, ['--no-seal'])
    const officers = await makeOfficers(crossing, crossing.high)
    await officers.seal()
    await officers.change(['trust', 'revoke', crossing.people.bob.fingerprint, '--reason', 'Lost laptop'])
    const before = contentOf(registry, 'app')
    const recorded = await recordedOf(crossing.high)
    const { json } = await trySeal(crossing, id, registry.host)
    expect(json.failure.code).toBe('verdict-stale')
    expect(contentOf(registry, 'app')).toEqual(before)
    expect(await recordedOf(crossing.high)).toEqual(recorded)
  })

  it('because its evidence is not believed any more is not sealed either', async () => {
    const id = await accepted('signedBy: {identities: [alice]}', ({ root }) => [about(root)])
    await exportTo(crossing, id, registry.host, ['--no-seal'])
    const other = identities.replace(alice.san, 'mallory@priv.test')
    await allowRegistry(crossing, registry.host, 3, `${other}${image('signedBy: {identities: [alice]}')}`)
    const before = contentOf(registry, 'app')
    expect((await trySeal(crossing, id, registry.host)).json.failure.code).toBe('verdict-stale')
    expect(contentOf(registry, 'app')).toEqual(before)
  })
})
