import { describe, expect, it } from 'vitest'
import { reasonWords } from '../../../shared/text/reasons.ts'
import type { Item, Waybill } from '../../../shared/waybill.ts'
import { signatureType } from '../../../main/evidence/judge.ts'
import { itemRules } from '../../../main/policy/items.ts'
import { parsePolicy } from '../../../main/policy/parse.ts'
import { builtInRules } from '../../../main/policy/rules.ts'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import { assessed, subject } from '../../support/attacks/evidence.ts'
import { build, provenance } from '../../support/attacks/provenance.ts'
import { statement, type BundlePlan } from '../../support/authority/bundle.ts'
import { sharedKey } from '../../support/authority/scheme.ts'
import { alice, trust } from '../../support/authority/world.ts'
import { fulcioIssuer, generalName, subjectAltName } from '../../support/pki/extensions.ts'
import { makeKey, pem } from '../../support/pki/key.ts'
import { policyTime } from '../../support/policy-time.ts'

/* What a rule asks for and what it found, as people read it on both faces. */

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
const { spki } = sharedKey('p256')
const mine = readVerifierKey(spki)
const identities = `
  - {name: alice, issuer: '${alice.issuer}', identity: '${alice.san}'}
  - {name: bob, issuer: '${alice.issuer}', identity: 'bob@priv.test'}
  - {name: builder, issuer: '${build.issuer}', identity: '${build.workflow}'}
  - name: key
    fingerprint: ${mine.fingerprint}
    key: |
${pem('PUBLIC KEY', spki).trim().replaceAll(/^/gm, '      ')}
`
const policyOf = (items: string) =>
  parsePolicy(Buffer.from(`sallyport: policy/v1\nversion: 1\nidentities:${identities}items:\n${items}\n`))
const rule = (asks: string): string => `  - {kind: image, name: '**', ${asks}}`

async function outcome(plans: readonly BundlePlan[], asks: string, keys = [mine]) {
  const results = itemRules(
    policyOf(rule(asks)),
    item,
    await assessed(plans, { roots: [trust], keys }),
    policyTime,
  )
  const { result, reason, expected, found } = results.at(-1) ?? {}
  return [`${result} ${reason}`, expected, found]
}
const signed = (more: BundlePlan = {}): BundlePlan => ({
  content: 'envelope',
  payload: statement({ predicateType: signatureType }),
  ...more,
})
const by = (san: string): Pick<BundlePlan, 'leaf'> => ({
  leaf: { names: [subjectAltName([generalName.email(san)])] },
})
const said = {
  alice: `alice (${alice.san}, vouched for by ${alice.issuer})`,
  key: `key (key ${mine.fingerprint})`,
}
const vouched = `${alice.san}, vouched for by ${alice.issuer}`
const key: BundlePlan = { signer: 'key', logs: [], stamps: [] }

describe('signatures', () => {
  it('say who is asked for and who signed', async () => {
    expect(await outcome([signed()], 'signedBy: {identities: [alice]}')).toEqual([
      'pass as-expected',
      `signed by 1 of: ${said.alice}`,
      vouched,
    ])
    const two = 'signedBy: {identities: [alice, key], least: 2}'
    const asked = `signed by 2 of: ${said.alice} or ${said.key}`
    expect(await outcome([signed(), signed(key)], two)).toEqual([
      'pass as-expected',
      asked,
      `${vouched}; the key ${mine.fingerprint}`,
    ])
    expect(await outcome([signed(key)], two)).toEqual([
      'fail differs',
      asked,
      `signed by the key ${mine.fingerprint}`,
    ])
    expect(await outcome([], two)).toEqual(['fail none', asked, 'none'])
  })

  it('say what else is asked for, and which of it is not there', async () => {
    const bare = signed(key)
    const ask = (more: string) => outcome([bare], `signedBy: {identities: [key]${more}}`)
    const asked = `signed by 1 of: ${said.key}`
    const shown = `the key ${mine.fingerprint}`
    expect(await ask('')).toEqual(['pass as-expected', asked, shown])
    expect(await ask(', log: true')).toEqual([
      'not-checked no-time',
      `${asked}, in a known log`,
      `${shown}; without log`,
    ])
    expect(await ask(', time: true')).toEqual([
      'not-checked no-time',
      `${asked}, at a known time`,
      `${shown}; without time`,
    ])
    expect((await ask(', log: true, time: true'))[1]).toBe(`${asked}, in a known log, at a known time`)
  })

  it('need what is asked for of each that counts', async () => {
    const both = 'signedBy: {identities: [key], log: true, time: true}'
    const [logged, timed] = [signed({ signer: 'key', stamps: [] }), signed({ signer: 'key', logs: [] })]
    expect((await outcome([signed({ signer: 'key' })], both))[0]).toBe('pass as-expected')
    expect((await outcome([logged, timed], both))[0]).toBe('not-checked no-time')
    expect((await outcome([logged], 'signedBy: {identities: [key], log: true}'))[0]).toBe('pass as-expected')
    expect((await outcome([timed], 'signedBy: {identities: [key], time: true}'))[0]).toBe('pass as-expected')
  })

  it('tell apart what somebody else signed and what nobody known did', async () => {
    const ask = (plans: readonly BundlePlan[], keys = [mine]) =>
      outcome(plans, 'signedBy: {identities: [bob]}', keys)
    expect(await ask([signed()])).toEqual([
      'fail differs',
      `signed by 1 of: bob (bob@priv.test, vouched for by ${alice.issuer})`,
      `signed by ${vouched}`,
    ])
    const [code, , found] = await ask([signed(), signed(key)], [])
    expect([code, found]).toEqual([
      'not-checked nobody-known',
      `signed by ${vouched}; ${reasonWords['key.unknown'].means} (key.unknown)`,
    ])
    expect((await ask([signed(by('bob@priv.test'))]))[0]).toBe('pass as-expected')
    const elsewhere = { ...by('bob@priv.test').leaf, issuer: fulcioIssuer('https://other.test') }
    expect((await ask([signed({ leaf: elsewhere })]))[0]).toBe('fail differs')
  })
})

describe('builds', () => {
  const one = `builder: '${build.workflow}', signedBy: builder`
  const asked = `built by ${build.workflow}, signed by builder (${build.workflow}, vouched for by ${build.issuer})`
  const whole = `${one}, source: '${build.repository}', ref: '${build.ref}', buildType: '${build.buildType}'`

  it('say what is asked for and what was built', async () => {
    expect(await outcome([provenance()], `provenance: [{${whole}}]`)).toEqual([
      'pass as-expected',
      `${asked}, from ${build.repository}, ref ${build.ref}, build type ${build.buildType}`,
      `built by ${build.workflow} from ${build.repository}, signed by ${build.workflow}, vouched for by ${build.issuer}`,
    ])
    expect(await outcome([], `provenance: [{${one}}, {${one}, ref: x}]`)).toEqual([
      'fail none',
      `${asked}; or ${asked}, ref x`,
      'none',
    ])
  })

  // Nothing is certified of the source, and the statement says what it is given.
  const own = (predicate: object): BundlePlan => ({
    content: 'envelope',
    payload: statement({ predicateType: 'https://slsa.dev/provenance/v1', predicate }),
  })
  const predicate = (source?: string): object => ({
    buildDefinition: { buildType: 'type', externalParameters: source === undefined ? {} : { source } },
    runDetails: { builder: { id: 'b' } },
  })
  const ofAlice = `builder: b, signedBy: alice`

  it('say where they are from, and that it is not said', async () => {
    expect((await outcome([own(predicate('https://a.test/r'))], `provenance: [{${ofAlice}}]`))[2]).toBe(
      `built by b from https://a.test/r, signed by ${vouched}`,
    )
    expect((await outcome([own(predicate())], `provenance: [{${ofAlice}}]`))[2]).toBe(
      `built by b from a source that is not said, signed by ${vouched}`,
    )
  })

  it.each([
    ['', `source: 'https://a.test/*'`, 'from a source that is not said'],
    ['https://b.test/r', `source: 'https://a.test/*'`, 'from https://b.test/r'],
    ['', 'ref: x', 'ref not said'],
    ['https://b.test/r@v1', 'ref: v2', 'ref v1'],
    ['', 'buildType: other', 'build type type'],
  ])('from %j, with %s: %s', async (source, more, found) => {
    const plan = own(predicate(source))
    expect((await outcome([plan], `provenance: [{${ofAlice}, ${more}}]`)).filter((_, i) => i !== 1)).toEqual([
      'fail differs',
      found,
    ])
  })

  it('say how far the nearest of those that are asked for is away', async () => {
    const far = 'builder: x, signedBy: bob, ref: x, buildType: x'
    const near = 'builder: x, signedBy: alice'
    for (const builds of [`{${far}}, {${near}}`, `{${near}}, {${far}}`]) {
      expect((await outcome([own(predicate())], `provenance: [${builds}]`))[2]).toBe('built by b')
    }
    expect((await outcome([own(predicate())], `provenance: [{builder: b, signedBy: bob}]`))[2]).toBe(
      `signed by ${vouched}`,
    )
    expect((await outcome([own({})], `provenance: [{${near}}]`))[2]).toBe('no statement of a build')
    const other = provenance({ said: { ref: 'refs/heads/x' } })
    expect((await outcome([other], `provenance: [{${one}}]`)).filter((_, i) => i !== 1)).toEqual([
      'fail differs',
      `The source ref is ${build.ref} by the certificate, refs/heads/x by the statement.`,
    ])
  })

  it('that nobody known signed are not a failure', async () => {
    const { payload } = own(predicate())
    const unknown = { ...key, content: 'envelope', ...(payload && { payload }) } as const
    expect((await outcome([unknown], `provenance: [{${ofAlice}}]`, []))[0]).toBe('not-checked nobody-known')
  })
})

describe('bills of materials', () => {
  const [spdx, cyclonedx] = ['https://spdx.dev/Document', 'https://cyclonedx.org/bom']
  const hex = subject.slice('sha256:'.length)
  const bill = (predicateType: string, predicate: object): BundlePlan => ({
    content: 'envelope',
    payload: statement({ predicateType, predicate }),
  })
  const cdx = (version = ''): BundlePlan =>
    bill(cyclonedx, {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { version } },
      components: [{}, {}],
    })
  const two = bill(spdx, { spdxVersion: 'SPDX-2.3' })
  const ask = async (plans: readonly BundlePlan[], more = '', who = 'alice') => {
    const all = await outcome(plans, `sbom: {signedBy: [${who}]${more}}`)
    return all.map((text) => text?.replace(said.alice, 'Alice').replace(vouched, 'alice'))
  }

  it('say which is asked for and which is there', async () => {
    expect(await ask([cdx()])).toEqual([
      'pass as-expected',
      'a bill of materials (SPDX or CycloneDX) signed by Alice',
      'CycloneDX 1.6, 2 components, 2 of them without version, signed by alice',
    ])
    expect(await ask([two], ', format: spdx')).toEqual([
      'pass as-expected',
      'a bill of materials (SPDX) signed by Alice',
      'SPDX 2.3, 0 components, signed by alice',
    ])
    expect(await ask([two], ', format: cyclonedx')).toEqual([
      'fail none',
      'a bill of materials (CycloneDX) signed by Alice',
      'none',
    ])
    expect((await ask([two, cdx()], ', format: cyclonedx'))[2]).toBe(
      'CycloneDX 1.6, 2 components, 2 of them without version, signed by alice',
    )
  })

  it('are about this item where that is asked', async () => {
    const named = ', describes: true'
    expect(await ask([cdx(), cdx(hex)], named)).toEqual([
      'pass as-expected',
      'a bill of materials (SPDX or CycloneDX) signed by Alice, naming this item',
      'CycloneDX 1.6, 2 components, 2 of them without version, signed by alice',
    ])
    expect((await ask([cdx('b'.repeat(64))], named)).filter((_, i) => i !== 1)).toEqual([
      'fail differs',
      'it names another item',
    ])
    expect((await ask([cdx()], named))[2]).toBe('it does not say of what it is')
  })

  it('that cannot be read, or are of somebody else, are none', async () => {
    expect((await ask([bill(cyclonedx, {})])).filter((_, i) => i !== 1)).toEqual([
      'fail differs',
      'a document that cannot be read',
    ])
    expect((await ask([cdx(hex)], '', 'bob')).filter((_, i) => i !== 1)).toEqual([
      'fail differs',
      'signed by alice',
    ])
  })
})

describe('every rule of an item', () => {
  it('applies, and none at all is a refusal', async () => {
    const evidence = await assessed([signed()])
    const rules = [
      "  - {kind: any, name: '**', signedBy: {identities: [alice]}}",
      rule('signedBy: {identities: [bob]}'),
      "  - {kind: file, name: '**', signedBy: {identities: [bob]}}",
    ]
    const all = itemRules(policyOf(rules.join('\n')), item, evidence, policyTime)
    expect(all.map(({ id, result, found }) => [id, result, found])).toEqual([
      ['policy.item-rule', 'pass', 'any **; image **'],
      ['policy.evidence', 'pass', '1 pieces of evidence, none false'],
      ['policy.signature', 'pass', vouched],
      ['policy.signature', 'fail', `signed by ${vouched}`],
    ])
    expect(itemRules(policyOf(rules[2] ?? ''), item, evidence, policyTime)).toEqual([
      {
        id: 'policy.item-rule',
        result: 'fail',
        expected: 'a rule for the image registry.test/app',
        found: 'none',
        reason: 'none',
        evidence: [],
      },
    ])
  })

  it('asks that nothing is false: how much is, and what first', async () => {
    const bad = signed({ changeSignature: () => Buffer.from('x') })
    const unreadable: BundlePlan = {
      content: 'envelope',
      payload: statement({ predicateType: 'https://cyclonedx.org/bom', predicate: {} }),
    }
    const said = async (plans: readonly BundlePlan[]): Promise<unknown[]> => {
      const found = itemRules(policyOf(rule('nothing: true')), item, await assessed(plans), policyTime)[1]
      return [found?.result, found?.reason, found?.found]
    }
    const piece = 'sha256:[0-9a-f]{64}: .+ \\([a-z.-]+: .*\\)'
    const like = (text: string): unknown => expect.stringMatching(new RegExp(`^${text}$`))
    expect(await said([signed(), bad, bad, unreadable])).toEqual(['fail', 'false', like(`2 false; ${piece}`)])
    const odd = 'unknown or not read, which count for nothing'
    expect(await said([unreadable])).toEqual([
      'warn',
      'unknown',
      like(`1 pieces of evidence, none false; 1 ${odd}; .*\\(statement\\.form: .*\\)`),
    ])
    expect(await said([signed(), signed({ ...key, kind: 'p384' }), unreadable])).toEqual([
      'warn',
      'unknown',
      like(`3 pieces of evidence, none false; 2 ${odd}; .*\\(key\\.unknown: .*\\)`),
    ])
    expect(await said([signed()])).toEqual(['pass', 'as-expected', '1 pieces of evidence, none false'])
  })

  it('counts for the item itself, not for a part of it', async () => {
    const digest: typeof subject = `sha256:${'1'.repeat(64)}`
    const part = { ...item, root: { ...item.root, digest } }
    const results = itemRules(
      policyOf(rule('signedBy: {identities: [alice]}')),
      part,
      await assessed([signed()]),
      policyTime,
    )
    expect(results.at(-1)).toMatchObject({ result: 'fail', reason: 'none', found: 'none' })
  })
})

describe('what a policy asks at all', () => {
  const asked = (items: string): readonly string[] => builtInRules(policyOf(items), policyTime).asked
  const always = ['policy.lifetime', 'policy.item-rule', 'policy.evidence']
  it('is what one of its rules asks', () => {
    expect(
      builtInRules(parsePolicy(Buffer.from('sallyport: policy/v1\nversion: 1\n')), policyTime).asked,
    ).toEqual(['policy.lifetime'])
    expect(asked(rule('nothing: true'))).toEqual(always)
    expect(asked(rule('signedBy: {identities: [alice]}'))).toEqual([...always, 'policy.signature'])
    expect(asked(rule('provenance: [{builder: b, signedBy: alice}]'))).toEqual([
      ...always,
      'policy.provenance',
    ])
    expect(asked(`${rule('nothing: true')}\n${rule('sbom: {signedBy: [alice]}')}`)).toEqual([
      ...always,
      'policy.sbom',
    ])
    expect(itemRules({ ...policyOf(rule('nothing: true')), items: [] }, item, [], policyTime)).toEqual([])
  })

  it('is a lifetime to the second', async () => {
    const rules = builtInRules(policyOf(rule('nothing: true')), policyTime)
    const lasting = (expires: string) =>
      rules
        .waybill({ created: '2026-01-01T00:00:00Z', expires } as Waybill, [])
        .map(({ result, reason, found }) => [result, reason, found])
    expect(lasting('2026-04-01T00:00:00Z')).toEqual([['pass', 'as-expected', '90 days']])
    expect(lasting('2026-04-01T00:00:01Z')).toEqual([['fail', 'too-long', '90.01 days']])
    expect(await rules.bundle({ channel: 'x' } as Waybill, [], null)).toEqual([])
  })
})

describe('another key of the same name', () => {
  it('is nobody: a fingerprint says who', async () => {
    const other = readVerifierKey(makeKey('p256').spki)
    expect((await outcome([signed(key)], 'signedBy: {identities: [key]}', [other]))[0]).toBe(
      'not-checked nobody-known',
    )
  })
})
