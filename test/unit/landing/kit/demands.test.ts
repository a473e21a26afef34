import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyOfEach, demandsOf, type KitSigner } from '../../../../main/landing/kit/demands.ts'
import type { KitFacts } from '../../../../main/landing/kit/kit-facts.ts'
import { digest, image, kitFacts, policyOf, somePem } from '../../../support/landing/facts.ts'

const key = (name: string): KitSigner => ({ kind: 'key', name, pem: somePem })

describe('n of m', () => {
  it('is met exactly when somebody of every set has signed', () => {
    const group = fc
      .integer({ min: 1, max: 6 })
      .chain((count) => fc.record({ count: fc.constant(count), least: fc.integer({ min: 1, max: count }) }))
    fc.assert(
      fc.property(
        group,
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        ({ count, least }, signed) => {
          const of = Array.from({ length: count }, (_, i) => key(`${i}`))
          const sets = anyOfEach({ least, of })
          if (sets === null) return
          const has = ({ name }: KitSigner): boolean => signed[Number(name)] === true
          expect(sets.every((set) => set.some(has))).toBe(of.filter(has).length >= least)
        },
      ),
    )
  })

  it('is said to be too much, never made less', () => {
    const of = Array.from({ length: 8 }, (_, i) => key(`${i}`))
    expect(anyOfEach({ least: 4, of })).toBeNull()
    expect(anyOfEach({ least: 9, of })).toBeNull()
    expect(anyOfEach({ least: 8, of })).toHaveLength(8)
    expect(anyOfEach({ least: 1, of })).toHaveLength(1)
  })
})

describe('what the original signers are asked for', () => {
  const identities = ['one', 'two'].map((name) => ({ name, key: somePem, fingerprint: 'a'.repeat(64) }))
  const facts = (items: object[], landed = [image('team/app'), image('library/nginx')]): KitFacts => {
    const document = policyOf({ identities, items })
    return kitFacts({
      landed,
      policy: { digest: digest('c'), document },
      trust: { kind: 'signers', identities: document.identities, roots: [] },
    })
  }
  const signed = (name: string, by: string[], least = 1): object => ({
    kind: 'any',
    name,
    signedBy: { identities: by, least },
  })

  it('is what every rule asks that is about an item', () => {
    const { asked, unasked } = demandsOf(facts([signed('**', ['one']), signed('docker.io/team/*', ['two'])]))
    expect(unasked).toEqual([])
    expect(
      asked.map(({ repositories, groups }) => [repositories, groups.map(({ of }) => of[0]?.name)]),
    ).toEqual([
      [['registry.site.example/mirror/library/nginx'], ['one']],
      [['registry.site.example/mirror/team/app'], ['one', 'two']],
    ])
  })

  it('is nothing where no rule asks for a signature, and that is said', () => {
    const { asked, unasked } = demandsOf(facts([signed('docker.io/team/*', ['one'])]))
    expect(asked).toHaveLength(1)
    expect(unasked).toEqual(['registry.site.example/mirror/library/nginx'])
  })

  it('is all that is asked of anything in one repository', () => {
    const shared = { repository: 'registry.site.example/mirror/shared' }
    const landed = [image('team/a', shared), image('library/b', { ...shared, digest: digest('2') })]
    const rules = [signed('docker.io/team/*', ['one']), signed('docker.io/library/*', ['two'])]
    const { asked } = demandsOf(facts(rules, landed))
    expect(asked).toHaveLength(1)
    expect(asked[0]?.groups).toHaveLength(2)
  })

  it('is never less because a name is not known here', () => {
    const all = facts([signed('**', ['one', 'two'], 2)])
    const trust = { kind: 'signers' as const, identities: identities.slice(0, 1), roots: [] }
    const [demand] = demandsOf({ ...all, trust }).asked
    expect(demand?.groups[0]?.of).toHaveLength(2)
    expect(demand?.groups[0]?.least).toBe(2)
  })
})
