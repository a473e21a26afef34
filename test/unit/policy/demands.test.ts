import { describe, expect, it } from 'vitest'
import type { RootDemand } from '../../../main/evidence/judge.ts'
import { signatureType } from '../../../main/evidence/judge.ts'
import { Failure } from '../../../main/platform/failure.ts'
import { itemRules } from '../../../main/policy/items.ts'
import { parseNewPolicy, parsePolicy } from '../../../main/policy/parse.ts'
import { assessed, subject } from '../../support/attacks/evidence.ts'
import { statement, type BundlePlan } from '../../support/authority/bundle.ts'
import { alice, trust, world } from '../../support/authority/world.ts'
import { policyTime } from '../../support/policy-time.ts'

/* What an identity of a policy asks for itself: a root of its own, and numbers of logs, times and certificate logs. */

const { digest } = trust
const item = {
  kind: 'image' as const,
  name: 'app',
  root: {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: subject,
    size: 1,
    artifactType: null,
  },
}
const signed: BundlePlan = { content: 'envelope', payload: statement({ predicateType: signatureType }) }
const one = `name: alice, issuer: '${alice.issuer}', identity: '${alice.san}'`
const textOf = (identity: string): Buffer =>
  Buffer.from(
    `sallyport: policy/v1\nversion: 1\nidentities:\n  - {${identity}}\nitems:\n  - {kind: any, name: '**', signedBy: {identities: [alice]}}\n`,
  )

async function outcome(identity: string, plan: BundlePlan, demand?: Partial<RootDemand>) {
  const least = { root: digest, issuers: 'named', logs: 1, times: 1, scts: 1 } as const
  const knows = { roots: [trust], keys: [], demands: demand === undefined ? [] : [{ ...least, ...demand }] }
  const found = itemRules(parsePolicy(textOf(identity)), item, await assessed([plan], knows), policyTime).at(
    -1,
  )
  return [found?.result, found?.expected]
}
const who = `signed by 1 of: alice (${alice.san}, vouched for by ${alice.issuer}`

describe('an identity of a policy', () => {
  const rsa = { certificate: world.rsaStamper.certificate, key: world.rsaStamper.key }
  const two: BundlePlan = { ...signed, logs: [world.two, world.three], stamps: [{}, rsa] }

  it('asks for so many operators, and says so where that is not the usual', async () => {
    expect(await outcome(one, signed)).toEqual(['pass', `${who})`])
    expect(await outcome(`${one}, logs: 2`, signed)).toEqual(['fail', `${who}, 2 logs)`])
    expect(await outcome(`${one}, logs: 2`, { ...two, stamps: [{}] })).toEqual(['pass', `${who}, 2 logs)`])
    expect(await outcome(`${one}, times: 2`, signed)).toEqual(['fail', `${who}, 2 sources of time)`])
    expect(await outcome(`${one}, times: 2`, { ...signed, stamps: [{}, rsa] })).toEqual([
      'pass',
      `${who}, 2 sources of time)`,
    ])
    expect(await outcome(`${one}, scts: 2`, two)).toEqual(['fail', `${who}, 2 logs of certificates)`])
    expect(await outcome(`${one}, logs: 2, times: 2`, two)).toEqual([
      'pass',
      `${who}, 2 logs, 2 sources of time)`,
    ])
  })

  it('counts under its root alone, by what was counted there', async () => {
    const under = `${one}, root: '${digest}'`
    const asked = `${who}, under the root ${digest})`
    expect(await outcome(under, signed, {})).toEqual(['pass', asked])
    expect(await outcome(under, signed)).toEqual(['fail', asked])
    const other = `sha256:${'a'.repeat(64)}`
    expect(await outcome(`${one}, root: '${other}'`, signed, {})).toEqual([
      'fail',
      `${who}, under the root ${other})`,
    ])
    const bare: BundlePlan = { ...signed, logs: [], leaf: { sct: null } }
    const less = { logs: 0, scts: 0 }
    expect(await outcome(`${under}, logs: 0, scts: 0`, bare, less)).toEqual([
      'pass',
      `${who}, under the root ${digest}, 0 logs, 0 logs of certificates)`,
    ])
    expect((await outcome(`${under}, logs: 0`, bare, less))[0]).toBe('fail')
    expect((await outcome(`${under}, scts: 0`, bare, less))[0]).toBe('fail')
    expect((await outcome(one, bare, less))[0]).toBe('fail')
  })

  it('without an issuer is somebody whose certificate names none', async () => {
    const none = `name: alice, identity: '${alice.san}', root: '${digest}'`
    const plan: BundlePlan = { ...signed, leaf: { issuer: [] } }
    const asked = `signed by 1 of: alice (${alice.san}, without an issuer, under the root ${digest})`
    expect(await outcome(none, plan, { issuers: 'none-too' })).toEqual(['pass', asked])
    expect(await outcome(none, signed, { issuers: 'none-too' })).toEqual(['fail', asked])
    expect((await outcome(`${one}, root: '${digest}'`, plan, { issuers: 'none-too' }))[0]).toBe('fail')
  })
})

describe('a policy that is about to be set', () => {
  const set = (second: string, least: number): unknown => {
    const text = `sallyport: policy/v1\nversion: 1\nidentities:\n  - {${one}}\n  - {name: again, ${second}}\nitems:\n  - {kind: any, name: '**', signedBy: {identities: [alice, again], least: ${least}}}\n`
    try {
      return parseNewPolicy(Buffer.from(text)).items.length
    } catch (error) {
      return error instanceof Failure ? error.facts : error
    }
  }
  const same = `issuer: '${alice.issuer}', identity: '${alice.san}'`

  it('asks for no more signers than it names, however they are called', () => {
    expect(set(same, 1)).toBe(1)
    expect(set(same, 2)).toMatchObject({
      line: 7,
      expected: 'items.0.signedBy.least: at least 2 different signers',
      found: '1 under several names',
    })
    expect(set(`issuer: 'https://other.test', identity: '${alice.san}'`, 2)).toBe(1)
    expect(set(`issuer: '${alice.issuer}', identity: other`, 2)).toBe(1)
    expect(set(`identity: '${alice.san}', root: '${digest}'`, 2)).toBe(1)
  })

  it('that was in force before is read as it was', () => {
    const text = `sallyport: policy/v1\nversion: 1\nidentities:\n  - {${one}}\n  - {name: again, ${same}}\nitems:\n  - {kind: any, name: x, signedBy: {identities: [alice, again], least: 2}}\n`
    expect(parsePolicy(Buffer.from(text)).items).toHaveLength(1)
  })
})
