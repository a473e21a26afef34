import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { KitFacts, KitItem } from '../../main/landing/kit/kit-facts.ts'
import { hasDockerRegistry } from '../support/docker-registry.ts'
import {
  buildPrograms,
  missingPrograms,
  notBuilt,
  programPath,
  type GoProgram,
} from '../support/go-programs.ts'
import { alone, missingAlone } from '../support/landing/alone.ts'
import { policyOf } from '../support/landing/facts.ts'
import { startFarSide, type FarSide } from '../support/landing/site.ts'

const needs = ['cosign', 'policy-tester', 'kyverno-1.19'] as const
const missing =
  missingPrograms(needs) ?? missingAlone ?? (hasDockerRegistry ? null : 'there is no docker-registry')
if (missing === null && notBuilt !== null) console.log(`Not run: Kyverno 1.17.1, because ${notBuilt}.`)
if (missing !== null) console.log(`Not run: the kits for Kubernetes with their engines, because ${missing}.`)

/** Whether an engine admits an image, and what it said. */
interface Answer {
  readonly admits: boolean
  readonly said: string
}

const rows: string[] = []

describe.skipIf(missing !== null)('the kits for Kubernetes, as their engines read them, offline', () => {
  let far: FarSide
  let sealed: KitItem
  let both: KitItem
  let foreign: KitItem
  let unsigned: KitItem
  let retagged: KitItem
  let copied: KitItem
  let failed: KitItem
  let unsummed: KitItem
  beforeAll(async () => {
    buildPrograms(needs)
    far = await startFarSide(['landing', 'second', 'foreign'])
    sealed = await far.land('team/sealed', { seals: ['landing'], summary: 'PASSED' })
    both = await far.land('team/both', { seals: ['landing', 'second'], summary: 'PASSED' })
    foreign = await far.land('team/foreign', { seals: ['foreign'], summary: 'PASSED' })
    unsigned = await far.land('team/unsigned')
    retagged = await far.copy(sealed, 'team/retagged')
    copied = await far.copy(sealed, 'team/copied', { along: true })
    failed = await far.land('team/failed', { summary: 'FAILED', summaryBy: ['landing'] })
    unsummed = await far.land('team/unsummed', {
      seals: ['landing'],
      summary: 'PASSED',
      summaryBy: ['foreign'],
    })
  }, 1_800_000)
  afterAll(async () => {
    console.log(['Engine, image: admitted', ...rows].join('\n'))
    await far.close()
  })

  const landing = (...names: string[]): KitFacts =>
    far.facts([sealed, both], { kind: 'landing', keys: names.map((name) => far.key(name)) })
  const pinned = ({ repository, digest }: KitItem): string => `${repository}@${digest}`
  const files = (folder: string, kind: string): string[] =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`${kind}.`) || name.startsWith(`${kind}-`))
      // In the order of the kit: the first one has no number.
      .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
      .map((name) => join(folder, name))

  /** All policies must let it by, as they must in a cluster. */
  async function bySigstore(facts: KitFacts, reference: string): Promise<Answer> {
    const policies = files(far.install('policy-controller', facts), 'ClusterImagePolicy')
    expect(policies).not.toEqual([])
    let said = ''
    for (const policy of policies) {
      const words = ['--policy', policy, '--image', reference, '--log-level', 'error']
      const ended = await alone(far.registry, [programPath('policy-tester'), ...words], { HOME: far.folder })
      said += ended.said
      if (ended.code !== 0) return { admits: false, said }
    }
    return { admits: true, said }
  }

  let pods = 0
  async function byKyverno(
    program: GoProgram,
    kind: string,
    facts: KitFacts,
    containers: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const policies = files(far.install('kyverno', facts), kind)
    expect(policies).not.toEqual([])
    const pod = join(far.folder, `pod-${(pods += 1)}.yaml`)
    const spec = Object.fromEntries(
      Object.entries(containers).map(([list, image]) => [list, [{ name: 'one', image }]]),
    )
    writeFileSync(pod, stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, spec }))
    const words = ['apply', ...policies, '--resource', pod, '--registry']
    const { code, said } = await alone(far.registry, [programPath(program), ...words], { HOME: far.folder })
    return { admits: code === 0, said }
  }

  const kyverno = (program: GoProgram, kind: string) => (facts: KitFacts, image: string) =>
    byKyverno(program, kind, facts, { containers: image })
  const engines = [
    {
      engine: 'policy-controller 0.13.0',
      judge: bySigstore,
      comparesNames: false,
      readsSummary: true,
      says: { none: /no signatures found/, other: /invalid signature when validating ASN.1/ },
    },
    {
      engine: 'Kyverno 1.17.1, ClusterPolicy',
      lacks: notBuilt,
      judge: kyverno('kyverno-1.17', 'ClusterPolicy'),
      comparesNames: true,
      readsSummary: true,
      says: { none: /no signatures found/, other: /invalid signature when validating ASN.1/ },
    },
    {
      engine: 'Kyverno 1.19.1, ClusterPolicy',
      judge: kyverno('kyverno-1.19', 'ClusterPolicy'),
      comparesNames: true,
      readsSummary: true,
      says: { none: /no signatures found/, other: /invalid signature when validating ASN.1/ },
    },
    {
      engine: 'Kyverno 1.19.1, ImageValidatingPolicy',
      judge: kyverno('kyverno-1.19', 'ImageValidatingPolicy'),
      comparesNames: true,
      readsSummary: true,
      // The message of the policy itself: it says which of its questions was answered with no.
      says: { none: /not sealed by the landing/, other: /not sealed by the landing/ },
    },
  ]

  describe.each(engines.filter(({ lacks = null }) => lacks === null))(
    '$engine',
    ({ engine, judge, comparesNames, readsSummary, says }) => {
      const judged = async (what: string, facts: KitFacts, item: KitItem): Promise<Answer> => {
        const answer = await judge(facts, pinned(item))
        rows.push(`${engine}, ${what}: ${answer.admits ? 'yes' : 'no'}`)
        return answer
      }

      const refuses = async (what: string, facts: KitFacts, item: KitItem, why: RegExp): Promise<void> => {
        const { admits, said } = await judged(what, facts, item)
        expect(said).toMatch(why)
        expect(admits).toBe(false)
      }

      it('admits what landed', async () => {
        expect(await judged('sealed', landing('landing'), sealed)).toMatchObject({ admits: true })
      })

      it('refuses what is unsigned, sealed by another key, or the same digest under another name', async () => {
        const facts = landing('landing')
        await refuses('unsigned', facts, unsigned, says.none)
        await refuses('another key', facts, foreign, says.other)
        await refuses('another name', facts, retagged, says.none)
      })

      it('refuses what has a summary that says FAILED and no seal', async () => {
        await refuses('failed', landing('landing'), failed, says.none)
      })

      it('does with a copied seal, and without a summary of ours, what its page says', async () => {
        const facts = landing('landing')
        const renamed = await judged('another name, seal copied along', facts, copied)
        expect(renamed.admits).toBe(!comparesNames)
        if (comparesNames)
          expect(renamed.said).toMatch(/summary is about another name|attestation checks failed/)
        const without = await judged('sealed, summary by another', facts, unsummed)
        expect(without.admits).toBe(!readsSummary)
        if (readsSummary) expect(without.said).toMatch(/no verification summary|no matching attestations/)
      })

      it('asks for both keys where two decided', async () => {
        expect(await judged('both keys', landing('landing', 'second'), both)).toMatchObject({ admits: true })
        expect(await judged('one of both', landing('landing', 'second'), sealed)).toMatchObject({
          admits: false,
        })
        expect(await judged('one of both and another', landing('landing', 'foreign'), both)).toMatchObject({
          admits: false,
        })
      })

      it('believes original signers, n of m', async () => {
        const names = ['landing', 'second', 'foreign']
        const identities = names.map((name) => ({
          name,
          key: far.key(name).pem,
          fingerprint: far.key(name).fingerprint,
        }))
        const facts = (least: number): KitFacts => {
          const items = [{ kind: 'image', name: '**', signedBy: { identities: names, least } }]
          const document = policyOf({ identities, items })
          const all = [sealed, both, foreign, unsigned]
          return {
            ...far.facts(all, { kind: 'signers', identities, roots: [] }),
            policy: { digest: sealed.digest, document },
          }
        }
        expect(await judged('1 of 3', facts(1), foreign)).toMatchObject({ admits: true })
        const unmet = /no signatures found|invalid signature|not signed by those/
        await refuses('1 of 3, unsigned', facts(1), unsigned, unmet)
        expect(await judged('2 of 3', facts(2), both)).toMatchObject({ admits: true })
        await refuses('2 of 3, one', facts(2), sealed, unmet)
      })
    },
  )

  it.each(['initContainers', 'ephemeralContainers'])(
    'Kyverno refuses an unsigned image among %s',
    async (list) => {
      const containers = { containers: pinned(sealed), [list]: pinned(unsigned) }
      for (const [program, kind] of [
        ['kyverno-1.19', 'ClusterPolicy'],
        ['kyverno-1.19', 'ImageValidatingPolicy'],
      ] as const) {
        expect(await byKyverno(program, kind, landing('landing'), containers)).toMatchObject({
          admits: false,
        })
      }
    },
  )
})
