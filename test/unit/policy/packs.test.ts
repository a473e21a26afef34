import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseNewPolicy, parsePolicy } from '../../../main/policy/parse.ts'
import { policySchema, schemaMembers } from '../../../main/policy/schema.ts'
import { unmatchedIn } from '../../../main/policy/unmatched.ts'
import { builtInPolicy } from '../../../shared/policy.ts'
import { packs } from '../../../shared/text/packs/packs.ts'
import { policyMembers } from '../../../shared/text/policy-members.ts'
import { differenceWords, policyDifferences, policyRows } from '../../../shared/text/policy-rows.ts'
import { identities } from '../../support/item-policy.ts'
import type { Waybill } from '../../../shared/waybill.ts'

/* A policy in words: what it says, what another one would change, the ones to begin with, and its form for editors. */

const parse = (text: string) => parsePolicy(Buffer.from(text))
const current = parse(builtInPolicy)

describe('policies to begin with', () => {
  it.each(packs.map((one) => [one.name, one] as const))(
    '%s is one as it stands, with a page of words',
    (_, { source, page, about }) => {
      const policy = parseNewPolicy(Buffer.from(source))
      expect(policy.version).toBe(2)
      expect(page.split(/\s+/).length).toBeGreaterThan(60)
      expect(page).toContain('Change first:')
      expect(page).toContain('What it does not do:')
      expect(page + about).not.toMatch(/[–—]|compliant/)
      expect(policyDifferences(current, policy).length).toBeGreaterThan(0)
    },
  )
  it('are four, each for somebody else', () => {
    expect(packs.map(({ name }) => name)).toEqual(['strict', 'vendor', 'public-sector', 'lab'])
  })
})

describe('the form of a policy for editors', () => {
  it('says of every member what it is for, and of nothing else', () => {
    expect([...schemaMembers()].sort()).toEqual(Object.keys(policyMembers).sort())
    const schema = JSON.parse(policySchema()) as {
      properties: Record<string, { description?: string }>
      additionalProperties: unknown
      required: string[]
    }
    expect(schema.additionalProperties).toBe(false)
    expect(schema.required).toEqual(['sallyport', 'version'])
    for (const [name, member] of Object.entries(schema.properties))
      expect([name, member.description]).toEqual([name, policyMembers[name]])
  })
})

describe('the form that lies beside the app', () => {
  it('is this one; `sallyport policy schema` writes it anew', () => {
    const path = join(import.meta.dirname, '..', '..', '..', 'build', 'schema', 'policy.schema.json')
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(policySchema()))
  })
})

describe('the difference of two policies', () => {
  const words = (before: string, after: string): string[] =>
    policyDifferences(parse(before), parse(after)).map(differenceWords)
  const head = 'sallyport: policy/v1\nversion: 1\n'

  it('is nothing where nothing differs but the version', () => {
    expect(words(head, 'sallyport: policy/v1\nversion: 2\n')).toEqual([])
  })

  it('is told rule by rule: new, changed, gone', () => {
    const one = `${head}lifetime: 30\nforbidden: [{licence: MIT, reason: x, since: 2026-01-01}]\n`
    const other = `${head}algorithms: fips-approved\ntombstones: [{digest: 'sha256:${'a'.repeat(64)}', reason: y, since: 2026-01-01}]\n`
    expect(words(one, other)).toEqual([
      'Lifetime of a waybill: at most 90 days (now: at most 30 days)',
      'New: Algorithms: approved ones alone: ECDSA P-256, P-384, P-521, or RSA; no Ed25519',
      `New: Withdrawn sha256:${'a'.repeat(64)}: y, since 2026-01-01`,
      'Gone: Forbidden the licence MIT: x, since 2026-01-01',
    ])
  })

  it('knows a rule by what it is about, wherever it stands, and two of one kind apart', () => {
    const rule = (name: string, asks: string): string => `  - {kind: image, name: ${name}, ${asks}}\n`
    const of = (...rules: readonly string[]): string =>
      `${head}identities:${identities}items:\n${rules.join('')}`
    const [a, b] = [rule('a', 'nothing: true'), rule('b', 'pinned: resolved')]
    expect(words(of(a, b), of(b, a))).toEqual([])
    expect(words(of(a, a), of(a))).toEqual(['Gone: Rule for every image named a (2): nothing is asked'])
    expect(words(of(a), of(rule('a', 'signedBy: {identities: [alice, bob], least: 2, maxAge: 9}')))).toEqual([
      'Rule for every image named a: signed by 2 of alice or bob, at most 9 days old (now: nothing is asked)',
    ])
  })

  // Whatever a policy can say must be seen when it changes.
  it.each([
    ['signers: {prepare: 1, release: 2, witness: 1}'],
    ['clockTolerance: 1'],
    ['exportRegistries: [{host: r.example}]'],
    ['algorithms: fips-approved'],
    ['programs: {helm: ["sha256:' + 'a'.repeat(64) + '"]}'],
    ['channels: [{name: a, media: {kinds: [disc], atMost: 1, registered: true, sealed: true}}]'],
    ['channels: [{name: a, lifetime: 3, signers: {release: 2}, floors: [{name: x, version: 1.0.0}]}]'],
    [
      'exceptions: [{check: policy.sbom, reason: x, approvers: [a, b], since: 2026-01-01, until: 2026-01-02}]',
    ],
    ["forbidden: [{purl: 'pkg:npm/a', versions: '<1.0.0', reason: x, since: 2026-01-01}]"],
  ])('shows %s', (more) => {
    expect(words(head, `${head}${more}\n`)).toHaveLength(1)
  })

  it.each([
    'signedBy: {identities: [alice], least: 1, log: true, time: true, maxAge: 3}',
    "provenance: [{builder: b, signedBy: builder, source: s, ref: r, buildType: t, maxAge: 3, parameters: {a: b}, otherParameters: refused, materials: [{uri: u, digest: 'sha256:" +
      'a'.repeat(64) +
      "'}], pinnedMaterials: true}]",
    'sbom: {format: spdx, signedBy: [alice], describes: true, maxAge: 3, fields: [purl], unversioned: 2}',
    'scan: {signedBy: [alice], highest: low, maxAge: 3, databaseMaxAge: 4, vex: [bob]}',
    'summary: [{verifier: v, signedBy: bob, resource: r, levels: [A], maxAge: 3}]',
    'pinned: requested',
  ])('of a rule shows every member of %s', (asks) => {
    const of = (text: string): string =>
      policyRows(parse(`${head}identities:${identities}items: [{kind: image, name: x, ${text}}]`)).find(
        ([name]) => name.startsWith('Rule'),
      )?.[1] ?? ''
    const whole = of(asks)
    for (const value of asks.match(/(?<=[:[ ])[A-Za-z0-9]+(?=[,}\]])/g) ?? []) {
      if (['true', 'refused', '1', 'requested'].includes(value)) continue
      expect([value, whole.includes(value)]).toEqual([value, true])
    }
    expect(whole.length).toBeGreaterThan(15)
  })
})

describe('rules that are about nothing', () => {
  const policy = parse(
    `sallyport: policy/v1\nversion: 1\nitems:\n  - {kind: image, name: 'registry.test/**', nothing: true}\n  - {kind: file, name: '*.iso', nothing: true}\nchannels: [{name: releases, floors: [{name: 'registry.test/app', version: 1.0.0}, {name: other, version: 1.0.0}]}, {name: typo}]\n`,
  )
  const waybill = {
    channel: 'releases',
    items: [{ kind: 'image', name: 'registry.test/app' }],
  } as unknown as Waybill

  it('are named, by the last bundles; none where there was no bundle', () => {
    expect(unmatchedIn(policy, [waybill])).toEqual([
      'the rule for every file named *.iso',
      'the channel typo',
      'the lowest version of other in the channel releases',
    ])
    expect(unmatchedIn(policy, [])).toEqual([])
  })
})
