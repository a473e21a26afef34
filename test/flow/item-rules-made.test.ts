import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readVerifierKey } from '../../main/sigstore/verifier-key.ts'
import { build, predicate1, provenance } from '../support/attacks/provenance.ts'
import type { BundlePlan } from '../support/authority/bundle.ts'
import { sharedKey } from '../support/authority/scheme.ts'
import { alice, world, worldRoot } from '../support/authority/world.ts'
import { sallyport, type Ended } from '../support/command-line.ts'
import { decideBoth, makeCrossing, signing, type Crossing, type PersonId } from '../support/desks.ts'
import { fulcioIssuer } from '../support/pki/extensions.ts'
import { about, carryApp, putSigned, rowsOf, setItemPolicy, trustAuthority } from '../support/signed-image.ts'

/* The policy for items through whole crossings, with evidence by the made-up authority: needs nothing beside a clone. */

const keyOf = (name: string): string => {
  const { spki } = sharedKey('p256')
  const { fingerprint } = readVerifierKey(spki)
  const body = (spki.toString('base64').match(/.{1,64}/g) ?? []).join('\n      ')
  return `  - name: ${name}\n    fingerprint: ${fingerprint}\n    key: |\n      -----BEGIN PUBLIC KEY-----\n      ${body}\n      -----END PUBLIC KEY-----`
}
const person = (name: string, identity: string, issuer: string = alice.issuer): string =>
  `  - {name: ${name}, issuer: '${issuer}', identity: '${identity}'}`
const byAlice = person('alice', alice.san)
const builder = person('builder', build.workflow, build.issuer)
const image = (rule: string): string => `  - {kind: image, name: '**', ${rule}}`
const spdx = {
  spdxVersion: 'SPDX-2.3',
  name: 'app',
  packages: [{ SPDXID: 'SPDXRef-1', name: 'x' }],
  relationships: [],
}

let crossing: Crossing
let folder: string
let id: string
let version: number
beforeEach(async () => {
  crossing = await makeCrossing()
  version = 1
})
afterEach(() => crossing.dispose())

const verify = (): Promise<Ended> => sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)

async function carry(plans: Parameters<typeof putSigned>[1]): Promise<void> {
  await putSigned(crossing, plans)
  folder = (await carryApp(crossing)).folder
}

/** What comes of the medium under a policy: the exit code, and the rows of a check. */
async function ask(identities: string, rule: string, check: string): Promise<[number, string[]]> {
  version += 1
  const set = await setItemPolicy(crossing, version, identities, image(rule))
  expect(set.code, set.stdout).toBe(0)
  const ended = await verify()
  id = ended.json.id
  return [ended.code, rowsOf(ended, check)]
}

const passes = [0, ['pass as-expected']]

describe('signatures', () => {
  it('count by exactly whom the policy names, once a root of this desk vouches for them', async () => {
    await carry(({ root }) => [about(root)])
    const rule = 'signedBy: {identities: [alice]}'
    expect(await ask(byAlice, rule, 'policy.signature')).toEqual([5, ['not-checked nobody-known']])
    await trustAuthority(crossing)
    expect(await ask(byAlice, rule, 'policy.signature')).toEqual(passes)
    for (const other of [
      person('alice', 'mallory@priv.test'),
      person('alice', 'Alice@priv.test'),
      person('alice', 'lice@priv.test'),
      person('alice', alice.san, `${alice.issuer}/`),
      person('alice', '*'),
    ]) {
      expect([other, ...(await ask(other, rule, 'policy.signature'))]).toEqual([other, 4, ['fail differs']])
    }
    const logged = 'signedBy: {identities: [alice], log: true, time: true}'
    expect(await ask(byAlice, logged, 'policy.signature')).toEqual(passes)
  })

  it('need as many signers as are asked for: one who signed twice is one, two names for one are one', async () => {
    const bob = { leaf: { issuer: fulcioIssuer('https://other.priv.test') } }
    await trustAuthority(crossing)
    await carry(({ root }) => [about(root), { ...about(root), logs: [world.three] }])
    const byBoth = `${byAlice}\n${person('again', alice.san)}\n${person('bob', alice.san, 'https://other.priv.test')}`
    const two = 'signedBy: {identities: [alice, again, bob], least: 2}'
    expect(await ask(byBoth, two, 'policy.signature')).toEqual([4, ['fail differs']])
    await crossing.dispose()
    crossing = await makeCrossing()
    version = 1
    await trustAuthority(crossing)
    await carry(({ root }) => [about(root), { ...about(root), ...bob }])
    expect(await ask(byBoth, two, 'policy.signature')).toEqual(passes)
  })

  it('that nothing could satisfy are refused when the policy is set: two names for one signer, two signers asked', async () => {
    for (const twice of [
      `${byAlice}\n${person('again', alice.san)}`,
      `${keyOf('alice')}\n${keyOf('again')}`,
    ]) {
      const set = await setItemPolicy(
        crossing,
        2,
        twice,
        image('signedBy: {identities: [alice, again], least: 2}'),
      )
      expect([set.code, set.json.failure.code]).toEqual([1, 'policy-form'])
      expect(set.json.failure.happened).toContain('1 under several names')
    }
  })

  it('of one platform say nothing of the index, nor does an attestation, nor a key without a log where one is asked', async () => {
    await trustAuthority(crossing)
    const key: BundlePlan = { signer: 'key', logs: [], stamps: [] }
    await carry(({ root, amd64 }) => [
      { ...about(root, 'https://example.test/checked/v1') },
      { ...about(root), ...key },
      { ...about(amd64), beside: amd64 },
    ])
    const named = `${byAlice}\n${keyOf('key')}`
    const by = (who: string): Promise<unknown> =>
      ask(named, `signedBy: {identities: [${who}]}`, 'policy.signature')
    expect(await by('alice')).toEqual([4, ['fail differs']])
    expect(await by('key')).toEqual(passes)
    const logged = 'signedBy: {identities: [key], log: true}'
    expect(await ask(named, logged, 'policy.signature')).toEqual([5, ['not-checked no-time']])
  })
})

describe('provenance and bills of materials', () => {
  it('count as a pair of builder and signer, from the source that is asked', async () => {
    await trustAuthority(crossing)
    await carry(({ root }) => [
      { ...provenance(), ...about(root, 'https://slsa.dev/provenance/v1', predicate1({})) },
    ])
    const rule = (more: string): string =>
      `provenance: [{builder: '${build.workflow}', signedBy: builder${more}}]`
    expect(await ask(builder, rule(`, source: '${build.repository}'`), 'policy.provenance')).toEqual(passes)
    for (const more of [
      `, source: '${build.repository}-evil'`,
      `, source: 'https://github.com/*'`,
      ', ref: refs/heads/main',
      `, buildType: '${build.buildType}/'`,
    ]) {
      expect([more, ...(await ask(builder, rule(more), 'policy.provenance'))]).toEqual([
        more,
        4,
        ['fail differs'],
      ])
    }
    expect(await ask(byAlice, rule('').replace('builder}', 'alice}'), 'policy.provenance')).toEqual([
      4,
      ['fail differs'],
    ])
    expect(await ask(builder, 'sbom: {signedBy: [builder]}', 'policy.sbom')).toEqual([4, ['fail none']])
  })

  it('are about this item, by the signer and in the format that are asked', async () => {
    await trustAuthority(crossing)
    await carry(({ root }) => [about(root, 'https://spdx.dev/Document', spdx)])
    expect(await ask(byAlice, 'sbom: {signedBy: [alice]}', 'policy.sbom')).toEqual(passes)
    for (const [more, reason] of [
      [', format: cyclonedx', 'none'],
      [', describes: true', 'differs'],
    ] as const) {
      expect(await ask(byAlice, `sbom: {signedBy: [alice]${more}}`, 'policy.sbom')).toEqual([
        4,
        [`fail ${reason}`],
      ])
    }
    const stranger = `${byAlice}\n${builder}`
    expect(await ask(stranger, 'sbom: {signedBy: [builder]}', 'policy.sbom')).toEqual([4, ['fail differs']])
  })
})

describe('an instance of its own', () => {
  // GitHub's private one has timestamps only; a company's authority names no issuer either.
  const bare: BundlePlan = { logs: [], leaf: { sct: null } }
  const company: BundlePlan = { logs: [], leaf: { sct: null, issuer: [] } }
  const own = worldRoot((plan) => ({ ...plan, logs: [], ctLogs: [] }))
  const digest = `sha256:${createHash('sha256').update(own).digest('hex')}`
  const rule = 'signedBy: {identities: [alice]}'
  const under = (demands: string, root = digest, issuer = `issuer: '${alice.issuer}', `): string =>
    `  - {name: alice, ${issuer}identity: '${alice.san}', root: '${root}'${demands}}`
  const less = ', logs: 0, scts: 0'

  it('counts only under the root that the policy names, with the numbers that it names', async () => {
    await trustAuthority(crossing, own)
    await carry(({ root }) => [{ ...about(root), ...bare }])
    expect(await ask(byAlice, rule, 'policy.signature')).toEqual([5, ['not-checked nobody-known']])
    // Nobody promised a log: that there is none is no contradiction.
    expect(await ask(byAlice, rule, 'policy.evidence')).toEqual([5, ['warn unknown']])
    expect(await ask(under(less), rule, 'policy.signature')).toEqual(passes)
    expect(await ask(under(', logs: 0'), rule, 'policy.signature')).toEqual([5, ['not-checked nobody-known']])
    expect(await ask(under(`${less}, times: 2`), rule, 'policy.signature')).toEqual([
      5,
      ['not-checked nobody-known'],
    ])
    const other = under(less, `sha256:${'a'.repeat(64)}`)
    expect(await ask(other, rule, 'policy.signature')).toEqual([5, ['not-checked nobody-known']])
    const shown = (await verify()).stdout
    expect(shown).not.toContain('"result":"proven"')
  })

  it('without an issuer takes certificates without one, and nobody else', async () => {
    await trustAuthority(crossing, own)
    await carry(({ root }) => [{ ...about(root), ...company }])
    expect(await ask(under(less), rule, 'policy.signature')).toEqual([5, ['not-checked nobody-known']])
    expect(await ask(under(less, digest, ''), rule, 'policy.signature')).toEqual(passes)
    await crossing.dispose()
    crossing = await makeCrossing()
    version = 1
    await trustAuthority(crossing, own)
    await carry(({ root }) => [{ ...about(root), ...bare }])
    expect(await ask(under(less, digest, ''), rule, 'policy.signature')).toEqual([4, ['fail differs']])
  })

  it('of which less is asked must be named by its root when the policy is set', async () => {
    for (const identity of [
      `  - {name: alice, issuer: '${alice.issuer}', identity: a, logs: 0}`,
      `  - {name: alice, issuer: '${alice.issuer}', identity: a, scts: 0}`,
      `  - {name: alice, identity: a}`,
      under(', times: 0'),
      under(', time: clock'),
      `  - {name: alice, issuer: '${alice.issuer}', identity: a, time: desk-clock}`,
      under(', logs: 0.5'),
      under('', 'sha256:abc'),
    ]) {
      const set = await setItemPolicy(crossing, 2, identity, image(rule))
      expect([identity, set.code, set.json.failure.code]).toEqual([identity, 1, 'policy-form'])
    }
  })

  it('without any source of time is judged at the clock of the desk, where the policy says so', async () => {
    const clock = ', logs: 0, scts: 0, time: desk-clock'
    const long = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') }
    await trustAuthority(crossing, own)
    await carry(({ root }) => [{ ...about(root), ...bare, leaf: { sct: null, change: long }, stamps: [] }])
    expect(await ask(under(less), rule, 'policy.signature')).toEqual([5, ['not-checked nobody-known']])
    expect(await ask(under(clock), rule, 'policy.signature')).toEqual(passes)
    // No time is proven by it: a rule that needs one stays open.
    const timed = 'signedBy: {identities: [alice], time: true}'
    expect(await ask(under(clock), timed, 'policy.signature')).toEqual([5, ['not-checked no-time']])
    // When the certificate has ended it proves nothing any more, here and at a decision.
    crossing.clock.set('2027-02-01T00:00:00Z')
    expect((await ask(under(clock), rule, 'policy.signature'))[1]).toEqual(['not-checked nobody-known'])
  })

  it('may ask for more: two logs of two operators', async () => {
    await trustAuthority(crossing)
    await carry(({ root }) => [{ ...about(root), logs: [world.two] }])
    const two = `  - {name: alice, issuer: '${alice.issuer}', identity: '${alice.san}', logs: 2}`
    expect(await ask(two, rule, 'policy.signature')).toEqual([4, ['fail differs']])
    await crossing.dispose()
    crossing = await makeCrossing()
    version = 1
    await trustAuthority(crossing)
    await carry(({ root }) => [{ ...about(root), logs: [world.two, world.three] }])
    expect(await ask(two, rule, 'policy.signature')).toEqual(passes)
  })
})

describe('the second verifier', () => {
  const check = 'evidence.second-opinion'
  const nothing = 'nothing: true'

  it('agrees, and says how often it could not judge; a key alone gives it nothing to compare', async () => {
    await trustAuthority(crossing)
    await carry(({ root }) => [about(root), { ...about(root), kind: 'p384' }])
    expect(await ask(byAlice, nothing, check)).toEqual(passes)
    const found = (await verify()).json.checks.find((one) => one.id === check)?.found
    expect(found).toBe('1 of 2 pieces of evidence: both agree; 1: the second cannot judge')
    await crossing.dispose()
    crossing = await makeCrossing()
    version = 1
    await carry(({ root }) => [{ ...about(root), signer: 'key', logs: [], stamps: [] }])
    expect(await ask(keyOf('key'), nothing, check)).toEqual([0, []])
    expect((await verify()).json.notAsked).toContainEqual({ id: check, reason: 'nothing-to-compare' })
  })

  it('contradicts: nothing is decided for until two people make an exception, and both reasons stand there', async () => {
    await trustAuthority(crossing)
    // The library reads an issuer as ASCII; ours reads the UTF-8 that it is. Two readers see two names.
    const issuer = 'https://issuer.priv.test/büro'
    await carry(({ root }) => [{ ...about(root), leaf: { issuer: fulcioIssuer(issuer) } }])
    expect(await ask(byAlice, nothing, check)).toEqual([5, ['not-checked contradicts']])
    const row = (await verify()).json.checks.find((one) => one.id === check)
    expect(row?.found).toMatch(
      /proven here, signed by alice@priv\.test; the second verifier: It reads alice@priv\.test, for whom /,
    )
    await expect(decideBoth(crossing, id, 'accept')).rejects.toThrow('verdict-not-passed')
    const half = (who: PersonId): Promise<Ended> =>
      sallyport(
        [
          ...[
            'override',
            id,
            '--desk',
            crossing.high,
            '--check',
            check,
            '--reason',
            'The library reads ASCII',
          ],
          ...['--until', '2026-12-01T00:00:00Z', ...signing(crossing, who)],
        ],
        crossing.clock,
      )
    expect((await half('dave')).json).toMatchObject({ stands: false })
    await expect(decideBoth(crossing, id, 'accept')).rejects.toThrow('verdict-not-passed')
    expect((await half('erin')).json).toMatchObject({ stands: true })
    const again = await verify()
    expect([again.code, rowsOf(again, check)]).toEqual([0, ['overridden overridden']])
    await decideBoth(crossing, id, 'accept')
  })
})
