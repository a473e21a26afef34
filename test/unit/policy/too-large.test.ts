import { describe, expect, it } from 'vitest'
import { itemRules } from '../../../main/policy/items.ts'
import { parsePolicy } from '../../../main/policy/parse.ts'
import type { Sizes } from '../../../main/sigstore/large/set-aside.ts'
import { assessedLayers, subject } from '../../support/attacks/evidence.ts'
import { build, predicate1, provenance } from '../../support/attacks/provenance.ts'
import { makeBundle, statement, type BundlePlan } from '../../support/authority/bundle.ts'
import { alice, trust } from '../../support/authority/world.ts'
import { policyTime } from '../../support/policy-time.ts'

/* A statement that is too large to be read: who signed it and what it is about counts, nothing that it says. */

const sizes: Sizes = { whole: 0, text: 12_000, rest: 200_000, held: 0 }
const filler = 'x'.repeat(20_000)
const root = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: subject,
  size: 1,
  artifactType: null,
}
const item = { kind: 'image', name: 'registry.test/app', root } as const

async function rows(plans: readonly BundlePlan[], asks: string): Promise<Record<string, string>> {
  const layers = plans.map((plan) => ({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    bytes: Buffer.from(JSON.stringify(makeBundle({ content: 'envelope', ...plan }).json)),
  }))
  const policy = parsePolicy(
    Buffer.from(
      `sallyport: policy/v1\nversion: 1\nidentities:\n  - {name: alice, issuer: '${alice.issuer}', identity: '${alice.san}'}\n  - {name: bob, issuer: '${alice.issuer}', identity: bob}\n  - {name: builder, issuer: '${build.issuer}', identity: '${build.workflow}'}\nitems:\n  - {kind: image, name: '**', ${asks}}\n`,
    ),
  )
  const assessed = await assessedLayers(layers, { roots: [trust], keys: [] }, { sizes })
  return Object.fromEntries(
    itemRules(policy, item, assessed, policyTime).map(({ id, result, reason }) => [
      id,
      `${result} ${reason}`,
    ]),
  )
}

const spdx = (more: object = {}): BundlePlan => ({
  payload: statement({
    predicateType: 'https://spdx.dev/Document',
    predicate: { spdxVersion: 'SPDX-2.3', ...more },
  }),
})

describe('a bill of materials that is too large to be read', () => {
  it('is one, of its kind, by whom it is signed; whether it names the item nobody knows', async () => {
    const sbom = async (asks: string): Promise<string | undefined> =>
      (await rows([spdx({ filler })], `sbom: {${asks}}`))['policy.sbom']
    expect(await sbom('signedBy: [alice]')).toBe('pass as-expected')
    expect(await sbom('signedBy: [alice], format: spdx')).toBe('pass as-expected')
    expect(await sbom('signedBy: [alice], format: cyclonedx')).toBe('fail none')
    expect(await sbom('signedBy: [bob]')).toBe('fail differs')
    expect(await sbom('signedBy: [alice], describes: true')).toBe('not-checked too-large')
    expect(await sbom('signedBy: [alice], maxAge: 3650')).toBe('not-checked too-large')
  })

  it('says itself that it was not read', async () => {
    expect((await rows([spdx({ filler })], 'nothing: true'))['policy.evidence']).toBe('warn unknown')
  })

  it('takes nothing from one beside it that can be read, and gives nothing to one that cannot', async () => {
    const named = spdx({ documentDescribes: ['a'], packages: [{ SPDXID: 'a', versionInfo: subject }] })
    const asks = 'sbom: {signedBy: [alice], describes: true}'
    expect((await rows([spdx({ filler }), named], asks))['policy.sbom']).toBe('pass as-expected')
    const broken = { ...spdx({ spdxVersion: 7 }) }
    expect((await rows([broken], 'sbom: {signedBy: [alice]}'))['policy.sbom']).toBe('fail differs')
  })
})

describe('a statement of a build that is too large to be read', () => {
  const large = provenance({ predicate: { ...predicate1({}), filler } })
  const asks = `provenance: [{builder: '${build.workflow}', signedBy: builder}]`

  it('passes nothing: what it says is what is asked for', async () => {
    expect((await rows([large], asks))['policy.provenance']).toBe('not-checked too-large')
    expect((await rows([large, provenance()], asks))['policy.provenance']).toBe('pass as-expected')
  })

  it('by somebody else is no statement of that build', async () => {
    const byAlice = `provenance: [{builder: '${build.workflow}', signedBy: alice}]`
    expect((await rows([large], byAlice))['policy.provenance']).toBe('fail differs')
  })
})
