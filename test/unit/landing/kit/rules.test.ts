import { describe, expect, it } from 'vitest'
import { policyMembers } from '../../../../shared/text/policy-members.ts'
import { engines } from '../../../../main/landing/kit/engines.ts'
import { rulesNotHeld } from '../../../../main/landing/kit/not-expressed.ts'
import { manners } from '../../../../main/landing/kit/rule-words.ts'
import { rules } from '../../../../main/landing/kit/rules.ts'
import { digest, kitFacts, policyOf, somePem } from '../../../support/landing/facts.ts'

const one = { name: 'one', key: somePem, fingerprint: 'a'.repeat(64) }
const day = { reason: 'because', since: '2026-01-01' }
/** A policy in which every rule is in force. */
const full = policyOf({
  exportRegistries: [{ host: 'registry.site.example' }],
  programs: { par2: [digest('1')] },
  identities: [one, { name: 'alice', issuer: 'https://issuer.example', identity: 'alice@site.example' }],
  items: [
    {
      kind: 'image',
      name: '**',
      signedBy: { identities: ['one'], log: true },
      provenance: [{ builder: 'https://builder.example', signedBy: 'one' }],
      sbom: { signedBy: ['one'] },
      free: { signedBy: ['one'] },
      scan: { signedBy: ['one'], highest: 'low' },
      summary: [{ verifier: 'urn:x', signedBy: 'one', resource: '**', levels: ['SLSA_BUILD_LEVEL_2'] }],
      pinned: 'resolved',
    },
  ],
  algorithms: 'fips-approved',
  forbidden: [{ digest: digest('2'), ...day }],
  tombstones: [{ digest: digest('3'), ...day }],
  channels: [{ name: 'main', floors: [{ name: '**', version: '1.0.0' }] }],
  exceptions: [
    {
      check: 'policy.sbom',
      reason: 'because',
      approvers: ['a', 'b'],
      since: '2026-01-01',
      until: '2026-02-01',
    },
  ],
  rego: [{ name: 'house', digest: digest('4'), entrypoint: 'house/deny' }],
})

describe('rules that an engine cannot hold', () => {
  const said = Object.values(rules).flatMap(({ members }) => members)

  // Whoever gives policies a new member must say here what becomes of it where only an engine is asked.
  it('are said of every member of a policy', () => {
    const unsaid = Object.keys(policyMembers).filter((member) => !said.includes(member))
    expect(unsaid).toEqual([])
  })

  it('each of one rule', () => {
    expect(said.filter((member, i) => said.indexOf(member) !== i)).toEqual([])
  })

  it.each(manners)('are told of all rules in force (%s), in sentences', (manner) => {
    const told = rulesNotHeld(kitFacts({ policy: { digest: digest('c'), document: full } }), manner)
    expect(told).toHaveLength(Object.keys(rules).length)
    for (const { rule, means } of told) {
      expect(rule).toMatch(/^[A-Z0-9]/)
      expect(means).toMatch(/^[A-Z].*\.$/)
      expect(`${rule} ${means}`).not.toMatch(/undefined|null|NaN|\bcompliant\b/)
    }
  })

  it('are not told where the policy has none of them', () => {
    const told = rulesNotHeld(kitFacts(), 'seal').map(({ rule }) => rule)
    expect(told.filter((rule) => /forbidden|withdrawn|Rego|channel|exception|scan/i.test(rule))).toEqual([])
    expect(told).toContain('No replay, no downgrade, no gap')
  })

  it('are told by every engine, the withdrawn and the forbidden among them', () => {
    for (const [name, engine] of Object.entries(engines)) {
      const { notExpressed } = engine(kitFacts({ policy: { digest: digest('c'), document: full } }))
      const told = notExpressed.map(({ rule }) => rule)
      for (const rule of [
        '1 digest that are withdrawn',
        '1 thing that no item may hold',
        'No replay, no downgrade, no gap',
      ])
        expect([name, told]).toEqual([name, expect.arrayContaining([rule]) as string[]])
    }
  })
})
