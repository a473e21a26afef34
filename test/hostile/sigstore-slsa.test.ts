import { describe, expect, it } from 'vitest'
import { itemRules } from '../../main/policy/items.ts'
import { policyTime } from '../support/policy-time.ts'
import { parsePolicy } from '../../main/policy/parse.ts'
import type { Item } from '../../shared/waybill.ts'
import { statement, type BundlePlan } from '../support/authority/bundle.ts'
import { sharedKey } from '../support/authority/scheme.ts'
import { assessed, subject } from '../support/attacks/evidence.ts'
import {
  build,
  predicate02,
  predicate1,
  provenance,
  type ProvenancePlan,
} from '../support/attacks/provenance.ts'
import { readVerifierKey } from '../../main/sigstore/verifier-key.ts'
import { trust } from '../support/authority/world.ts'

const item: Pick<Item, 'kind' | 'name' | 'root'> = {
  kind: 'image',
  name: 'registry.test/app',
  root: {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: subject,
    size: 1,
    artifactType: null,
  },
}
const rule = (more = ''): string =>
  `provenance: [{builder: '${build.workflow}', signedBy: builder, source: '${build.repository}', ref: 'refs/tags/*', buildType: '${build.buildType}'${more}}]`
const policy = (rules: string, pins = ''): Buffer =>
  Buffer.from(
    `sallyport: policy/v1\nversion: 1\nidentities:\n  - {name: builder, issuer: '${build.issuer}', identity: '${build.workflow}'${pins}}\nitems:\n  - {kind: image, name: '**', ${rules}}\n`,
  )

async function results(plans: readonly BundlePlan[], text = policy(rule())): Promise<string[]> {
  const found = itemRules(parsePolicy(text), item, await assessed(plans), policyTime)
  return found.map(({ id, result, reason }) => `${id} ${result} ${reason}`)
}
const asExpected = [
  'policy.item-rule pass as-expected',
  'policy.evidence pass as-expected',
  'policy.provenance pass as-expected',
]
const refused = (why: string): string[] => [...asExpected.slice(0, 2), `policy.provenance fail ${why}`]
// Signed by somebody known, in a form that is not read: it fails the rule that asks for it, and nothing else.
const unreadable = [
  'policy.item-rule pass as-expected',
  'policy.evidence warn unknown',
  'policy.provenance fail differs',
]

const pinned = (pins: string): Buffer => policy(rule(), `, pins: {${pins}}`)
const v02 = 'https://slsa.dev/provenance/v0.2'

describe('provenance that is honest is accepted', () => {
  it('version 1', async () => expect(await results([provenance()])).toEqual(asExpected))
  it('version 0.2', async () =>
    expect(await results([provenance({ predicateType: v02 })])).toEqual(asExpected))
  it('with every pin', async () => {
    const pins = `source-repository: '${build.repository}', source-ref: ${build.ref}, runner-environment: github-hosted, build-trigger: push`
    expect(await results([provenance()], pinned(pins))).toEqual(asExpected)
  })
})

describe('provenance by the wrong people, of the wrong source', () => {
  const attacks: readonly (readonly [name: string, plan: ProvenancePlan])[] = [
    [
      'the right builder named, another workflow signed',
      {
        certified: {
          workflow: 'https://github.com/evil/builder/.github/workflows/build.yml@refs/tags/v1.0.0',
        },
      },
    ],
    [
      'a fork of the builder whose name begins like it',
      {
        certified: {
          workflow: 'https://github.com/org/builder-evil/.github/workflows/build.yml@refs/tags/v1.0.0',
        },
      },
    ],
    [
      'the right workflow at another ref',
      { certified: { workflow: build.workflow.replace('v1.0.0', 'v1.0.0-evil') } },
    ],
    [
      'the right workflow at a branch of the tag’s name',
      { certified: { workflow: build.workflow.replace('refs/tags', 'refs/heads') } },
    ],
    [
      'the right workflow, another issuer',
      { certified: { issuer: 'https://token.actions.githubusercontent.com.evil.test' } },
    ],
    ['the right signer, another builder named', { said: { builder: 'https://github.com/evil/builder' } }],
    ['the right signer, a builder that begins like it', { said: { builder: `${build.workflow}.evil` } }],
    [
      'a fork whose name begins like the source (org/repo-evil)',
      {
        certified: { repository: `${build.repository}-evil` },
        said: { repository: `${build.repository}-evil` },
      },
    ],
    [
      'a source above it (org)',
      { certified: { repository: 'https://github.com/org' }, said: { repository: 'https://github.com/org' } },
    ],
    [
      'a source with a way up in it',
      {
        certified: { repository: `${build.repository}/../evil` },
        said: { repository: `${build.repository}/../evil` },
      },
    ],
    [
      'a branch where a tag was asked for',
      { certified: { ref: 'refs/heads/main' }, said: { ref: 'refs/heads/main' } },
    ],
    [
      'a branch called like a tag',
      { certified: { ref: 'refs/heads/refs/tags/v2.0.0' }, said: { ref: 'refs/heads/refs/tags/v2.0.0' } },
    ],
    [
      'a tag of more parts than the pattern has',
      { certified: { ref: 'refs/tags/v2/evil' }, said: { ref: 'refs/tags/v2/evil' } },
    ],
    [
      'a part more, behind all that is shown of a ref',
      {
        certified: { ref: `refs/tags/v${'2'.repeat(300)}/evil` },
        said: { ref: `refs/tags/v${'2'.repeat(300)}/evil` },
      },
    ],
    [
      'certificate and statement disagree on the repository',
      { certified: { repository: `${build.repository}-evil` } },
    ],
    [
      'certificate and statement disagree on the repository, the statement is the stranger',
      { said: { repository: `${build.repository}-evil` } },
    ],
    ['certificate and statement disagree on the ref', { certified: { ref: 'refs/heads/main' } }],
    ['certificate and statement disagree on the commit', { said: { commit: '2'.repeat(40) } }],
    ['another build type', { said: { buildType: `${build.buildType}.1` } }],
  ]
  for (const predicateType of [v02, 'https://slsa.dev/provenance/v1']) {
    for (const [name, plan] of attacks) {
      it(`${name} (${predicateType.slice(-4)})`, async () =>
        expect(await results([provenance({ predicateType, ...plan })])).toEqual(refused('differs')))
    }
  }

  it('a self-hosted runner where hosted ones are pinned', async () => {
    const plan = provenance({ certified: { runner: 'self-hosted' } })
    expect(await results([plan], pinned('runner-environment: github-hosted'))).toEqual(refused('differs'))
  })
  it('a pull request where a push is pinned', async () => {
    const plan = provenance({ certified: { trigger: 'pull_request' } })
    expect(await results([plan], pinned('build-trigger: push'))).toEqual(refused('differs'))
  })
  it('half of what is asked in each of two statements', async () => {
    const wrongSigner = provenance({
      certified: { workflow: 'https://github.com/evil/b/.github/workflows/b.yml@refs/tags/v1' },
    })
    const wrongBuilder = provenance({ said: { builder: 'https://github.com/evil/builder' } })
    expect(await results([wrongSigner, wrongBuilder])).toEqual(refused('differs'))
  })
  it('a key that nobody knows: not checked, never a pass', async () => {
    expect(await results([{ ...provenance(), signer: 'key' }])).toEqual([
      'policy.item-rule pass as-expected',
      'policy.evidence warn unknown',
      'policy.provenance not-checked nobody-known',
    ])
  })
  it('a known key where a workflow was asked for', async () => {
    const keys = [readVerifierKey(sharedKey('p256').spki)]
    const found = itemRules(
      parsePolicy(policy(rule())),
      item,
      await assessed([{ ...provenance(), signer: 'key' }], { roots: [trust], keys }),
      policyTime,
    )
    expect(found.at(-1)).toMatchObject({ id: 'policy.provenance', result: 'fail', reason: 'differs' })
  })
})

describe('provenance that is none', () => {
  it('no evidence at all', async () => expect(await results([])).toEqual(refused('none')))
  it('CVE-2022-35930: the image is signed, not attested', async () => {
    const payload = statement({ predicateType: 'https://sigstore.dev/cosign/sign/v1', predicate: {} })
    expect(await results([{ ...provenance(), payload }])).toEqual(refused('none'))
  })
  it('CVE-2022-35929: the same predicate under another type', async () => {
    const payload = statement({
      predicateType: 'https://example.test/provenance/v1',
      predicate: predicate1({}),
    })
    expect(await results([{ ...provenance(), payload }])).toEqual(refused('none'))
  })
  it('an attestation as a signature', async () => {
    const text = policy('signedBy: {identities: [builder]}')
    expect((await results([provenance()], text)).at(-1)).toBe('policy.signature fail none')
  })
  it('a provenance of another image beside', async () => {
    const digest = { sha256: 'a'.repeat(64) }
    const payload = statement({
      subject: [{ name: 'other', digest }],
      predicateType: v02,
      predicate: predicate02({}),
    })
    expect(await results([{ ...provenance(), payload }])).toEqual([
      ...unreadable.slice(0, 2),
      'policy.provenance fail none',
    ])
  })
  const broken: readonly (readonly [name: string, predicate: object, type?: string])[] = [
    ['an empty predicate', {}],
    ['version 0.2 under the name of version 1', predicate02({})],
    ['version 1 under the name of version 0.2', predicate1({}), v02],
    ['no builder', { ...predicate1({}), runDetails: {} }],
    ['a builder that is not text', { ...predicate1({}), runDetails: { builder: { id: [build.workflow] } } }],
    ['an empty builder', { ...predicate1({}), runDetails: { builder: { id: '' } } }],
    ['a name in other case', { ...predicate1({}), runDetails: { Builder: { id: build.workflow } } }],
  ]
  for (const [name, predicate, predicateType] of broken) {
    it(`in-toto/specification#74: ${name}`, async () => {
      const plan = provenance({ predicate, ...(predicateType === undefined ? {} : { predicateType }) })
      expect(await results([plan])).toEqual(unreadable)
    })
  }
  it('a list as predicate', async () => {
    const payload = statement({ predicateType: v02, predicate: [predicate02({})] })
    expect(await results([{ ...provenance(), payload }])).toEqual(unreadable)
  })
  it('one false statement beside a good one', async () => {
    const bad: BundlePlan = { ...provenance(), logs: [], stamps: [] }
    const found = await results([
      provenance(),
      { ...provenance(), changeSignature: () => Buffer.from('x') },
      bad,
    ])
    expect(found).toContain('policy.evidence fail false')
  })
})
