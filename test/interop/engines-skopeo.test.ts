import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KitFacts, KitItem } from '../../main/landing/kit/kit-facts.ts'
import { hasDockerRegistry } from '../support/docker-registry.ts'
import { buildPrograms, missingPrograms, programPath } from '../support/go-programs.ts'
import { alone, missingAlone, type Ended } from '../support/landing/alone.ts'
import { policyOf } from '../support/landing/facts.ts'
import { renderForNodes } from '../support/landing/rendered.ts'
import { startFarSide, type FarSide } from '../support/landing/site.ts'

const needs = ['cosign', 'skopeo'] as const
const missing =
  missingPrograms(needs) ?? missingAlone ?? (hasDockerRegistry ? null : 'there is no docker-registry')
if (missing !== null) console.log(`Not run: the kit for CRI-O and podman with skopeo, because ${missing}.`)

const noSignature = 'A signature was required, but no signature exists'

describe.skipIf(missing !== null)('the kit for CRI-O, podman and bootc, as skopeo reads it, offline', () => {
  let far: FarSide
  let sealed: KitItem
  let both: KitItem
  let older: KitItem
  let bundled: KitItem
  let foreign: KitItem
  let unsigned: KitItem
  let copied: KitItem
  beforeAll(async () => {
    buildPrograms(needs)
    far = await startFarSide(['landing', 'second', 'foreign'])
    sealed = await far.land('team/sealed', { seals: ['landing'], summary: 'PASSED' })
    both = await far.land('team/both', { seals: ['landing', 'second'] })
    older = await far.land('team/older', { seals: ['landing'], forms: ['older'] })
    bundled = await far.land('team/bundled', { seals: ['landing'], forms: ['bundle'] })
    foreign = await far.land('team/foreign', { seals: ['foreign'] })
    unsigned = await far.land('team/unsigned')
    copied = await far.copy(sealed, 'team/copied', { along: true })
  }, 900_000)
  afterAll(() => far.close())

  const all = (): KitItem[] => [sealed, both, older, bundled, foreign, unsigned, copied]
  const landing = (...names: string[]): KitFacts =>
    far.facts(all(), { kind: 'landing', keys: names.map((name) => far.key(name)) })

  /** Copies an image out of the registry under the rules of an installed kit. */
  async function copy(
    policy: string,
    attachments: string,
    registries: string,
    reference: string,
  ): Promise<Ended> {
    const to = await mkdtemp(join(far.folder, 'out-'))
    return alone(far.registry, [
      programPath('skopeo'),
      ...['--policy', policy, '--registries.d', attachments, '--registries-conf', registries],
      ...['--override-os', 'linux', '--override-arch', 'amd64', 'copy', '--remove-signatures'],
      ...['--src-tls-verify=false', `docker://${reference}`, `oci:${to}`],
    ])
  }

  async function pull(facts: KitFacts, reference: string): Promise<Ended> {
    const kit = far.install('crio', facts)
    const policy = join(kit, 'policy.json')
    writeFileSync(policy, readFileSync(policy, 'utf8').replaceAll('/etc/sallyport', kit))
    const registries = join(kit, 'registries.conf.d/sallyport.conf')
    return copy(policy, join(kit, 'registries.d'), registries, reference)
  }

  async function pullOnOpenShift(facts: KitFacts, reference: string): Promise<Ended> {
    const kit = far.install('openshift', facts)
    renderForNodes(kit, far.registry.host)
    // The node looks for signatures beside images everywhere, which the kit for CRI-O says of these places.
    const attachments = join(far.install('crio', facts), 'registries.d')
    return copy(join(kit, 'policy.json'), attachments, join(kit, 'registries.conf'), reference)
  }
  const pinned = ({ repository, digest }: KitItem): string => `${repository}@${digest}`
  const refused = async (facts: KitFacts, reference: string, why: string, by = pull): Promise<void> => {
    const ended = await by(facts, reference)
    expect(ended.said).toContain(why)
    expect(ended.code).not.toBe(0)
  }
  const admitted = async (facts: KitFacts, reference: string, by = pull): Promise<void> => {
    expect(await by(facts, reference)).toMatchObject({ code: 0 })
  }

  it('takes what is sealed, by digest and by tag', async () => {
    await admitted(landing('landing'), pinned(sealed))
    await admitted(landing('landing'), `${sealed.repository}:v1`)
    await admitted(landing('landing'), pinned(older))
  })

  it('refuses what is not sealed, is sealed by another key or as a bundle alone', async () => {
    await refused(landing('landing'), pinned(unsigned), noSignature)
    await refused(landing('landing'), pinned(foreign), 'cryptographic signature verification failed')
    await refused(landing('landing'), pinned(bundled), noSignature)
  })

  it('refuses the same digest under another name, with its seal copied along', async () => {
    await refused(landing('landing'), pinned(copied), 'is not accepted')
  })

  it('asks for both keys where two decided', async () => {
    await admitted(landing('landing', 'second'), pinned(both))
    await refused(landing('landing', 'second'), pinned(sealed), 'cryptographic signature verification failed')
    await refused(landing('foreign', 'second'), pinned(both), 'cryptographic signature verification failed')
  })

  it('finds at the target what is asked for by its old name and digest, and takes it by its seal', async () => {
    const old = (item: KitItem): string => `${item.name}@${item.digest}`
    await admitted(landing('landing'), old(sealed))
    await refused(landing('landing'), old(unsigned), noSignature)
    await refused(landing('landing'), old(copied), 'is not accepted')
    await refused(landing('landing'), sealed.from, 'registry.example is blocked')
  })

  it('refuses every registry that it does not name', async () => {
    const elsewhere = await far.copy(sealed, 'sealed', { along: true, below: 'elsewhere' })
    await refused(landing('landing'), pinned(elsewhere), 'is rejected by policy')
  })

  it('holds on OpenShift, as its documentation says that it renders policies for nodes', async () => {
    const on = pullOnOpenShift
    const old = (item: KitItem): string => `${item.name}@${item.digest}`
    await admitted(landing('landing'), pinned(sealed), on)
    await admitted(landing('landing'), old(sealed), on)
    await refused(landing('landing'), pinned(unsigned), noSignature, on)
    await refused(landing('landing'), old(unsigned), noSignature, on)
    await refused(landing('landing'), pinned(copied), 'is not accepted', on)
    await refused(
      landing('landing', 'second'),
      pinned(sealed),
      'cryptographic signature verification failed',
      on,
    )
    await admitted(landing('landing', 'second'), pinned(both), on)
    // Put there by somebody, and landed in no consignment: no policy names it, and it is refused nevertheless.
    const stray = await far.land('team/stray')
    await refused(landing('landing'), old(stray), noSignature, on)
  })

  it('believes the original signers, by the names that they signed', async () => {
    // As a builder signs at home, before anything is carried.
    const identities = [
      { name: 'builder', key: far.key('foreign').pem, fingerprint: far.key('foreign').fingerprint },
    ]
    const items = [{ kind: 'any', name: '**', signedBy: { identities: ['builder'] } }]
    const home = { ...foreign, from: pinned(foreign), name: foreign.repository }
    const facts: KitFacts = {
      ...far.facts([home, { ...sealed, name: sealed.repository }], {
        kind: 'signers',
        identities,
        roots: [],
      }),
      policy: { digest: sealed.digest, document: policyOf({ identities, items }) },
    }
    await admitted(facts, pinned(foreign))
    await refused(facts, pinned(sealed), 'cryptographic signature verification failed')
    await refused(facts, pinned(unsigned), 'Source image rejected')
  })

  it('accepts nothing without asking', () => {
    const kit = far.install('crio', landing('landing'))
    const text = readFileSync(join(kit, 'policy.json'), 'utf8')
    expect(text).not.toContain('insecureAcceptAnything')
    expect(JSON.parse(text)).toMatchObject({ default: [{ type: 'reject' }] })
  })
})
