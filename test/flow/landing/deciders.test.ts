import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { done, sallyport, type Ended } from '../../support/command-line.ts'
import { decideBoth, makeCrossing, makePerson, signing, type Crossing } from '../../support/desks.ts'
import { eventsOf, lastOf } from '../../support/forged-desk.ts'
import { highDesk } from '../../support/high-desk.ts'
import type { SampleImage } from '../../support/images.ts'
import { sampleImage } from '../../support/images.ts'
import {
  acceptedImage,
  allowRegistry,
  blobAt,
  bundlesAt,
  bytesBy,
  carriedImage,
  contentOf,
  envelopeBy,
  exportTo,
  manifestAt,
  recordedOf,
  tagOf,
  tryExport,
  trySeal,
} from '../../support/landing.ts'
import { makeOfficers } from '../../support/officers.ts'
import { TestRegistry } from '../../support/registry.ts'

/* `landing: {signers: deciders}`: everybody who accepted it seals with their own key, and what all of them signed lands. */

let crossing: Crossing
let registry: TestRegistry
let id: string
let sample: SampleImage
const deciders = 'landing: {signers: deciders}\n'
beforeEach(async () => {
  crossing = await makeCrossing()
  registry = await new TestRegistry().open()
  await allowRegistry(crossing, registry.host, 2, deciders)
})
afterEach(async () => {
  await registry.close()
  await crossing.dispose()
})
const begin = async (): Promise<void> => {
  const made = await acceptedImage(crossing)
  id = made.id
  sample = made.sample
  await exportTo(crossing, id, registry.host)
}
const content = () => contentOf(registry, 'app')
const sealBy = (person: 'dave' | 'erin' | 'bob'): Promise<Ended> =>
  trySeal(crossing, id, registry.host, signing(crossing, person))
const pubOf = (person: 'dave' | 'erin'): string => readFileSync(`${crossing.people[person].key}.pub`, 'utf8')

/** Refused for this reason: registry and ledger are as before. */
async function expectRefused(ended: Promise<Ended>, code: string, before = content()): Promise<void> {
  expect((await ended).json.failure.code).toBe(code)
  expect(content()).toEqual(before)
}

describe('those who accepted it', () => {
  it('are whom an export waits for, also where the desk has a landing key', async () => {
    await done(['landing', 'key', 'create', '--desk', crossing.high], crossing.clock)
    const made = await acceptedImage(crossing)
    const said = await exportTo(crossing, made.id, registry.host)
    expect(said).toMatchObject({ seals: 'by-deciders' })
    expect(bundlesAt(registry, 'app', made.sample.root.digest)).toEqual([])
    expect(lastOf(await eventsOf(crossing.high), 'export.done').facts).toMatchObject({ seals: 'by-deciders' })
    await expectRefused(trySeal(crossing, made.id, registry.host), 'landing-signers')
  })

  it('the first lands nothing, the second lands the seals of both, each by its own key', async () => {
    await begin()
    const before = content()
    const first = await sealBy('dave')
    expect(first.json).toMatchObject({ ok: true, by: 'deciders', count: 3, found: 0, missing: ['Erin Sand'] })
    expect(content()).toEqual(before)
    const half = (await eventsOf(crossing.high)).at(-1)
    expect(half).toMatchObject({ type: 'landing.signed', facts: { person: 'dave', count: 3 } })
    expect(half?.statements).toHaveLength(1)
    // Once more by the same person is no second one.
    expect((await sealBy('dave')).json).toMatchObject({ missing: ['Erin Sand'] })
    expect(content()).toEqual(before)
    const second = await sealBy('erin')
    expect(second.json).toMatchObject({ ok: true, by: 'deciders', count: 3, missing: [] })
    expect(second.json['found']).toBeGreaterThan(10)
    const keys = [crossing.people.dave.fingerprint, crossing.people.erin.fingerprint].sort()
    expect((await eventsOf(crossing.high)).at(-1)).toMatchObject({
      type: 'landing.sealed',
      facts: { by: 'deciders', keys, count: 3 },
    })
    for (const { digest } of [sample.root, sample.amd64, sample.arm64]) {
      const found = bundlesAt(registry, 'app', digest)
      expect(found).toHaveLength(4)
      const sig = manifestAt(registry, 'app', `${tagOf(digest)}.sig`)?.layers ?? []
      const att = manifestAt(registry, 'app', `${tagOf(digest)}.att`)?.layers ?? []
      expect([sig.length, att.length]).toEqual([2, 2])
      for (const person of ['dave', 'erin'] as const) {
        const by = found.filter(({ envelope }) => envelopeBy(envelope, pubOf(person)))
        expect(by.map(({ statement }) => statement.predicateType).sort()).toEqual([
          'https://sigstore.dev/cosign/sign/v1',
          'https://slsa.dev/verification_summary/v1',
        ])
        const { fingerprint } = crossing.people[person]
        const [summary] = by.filter(({ statement }) => statement.predicateType.includes('summary'))
        expect(summary?.statement.predicate['verifier']).toMatchObject({
          id: `urn:sallyport:desk:${crossing.highId}:key:${fingerprint}`,
        })
        const signed = sig.filter(({ digest: layer, annotations }) =>
          bytesBy(
            registry.repository('app').blobs.get(layer)!,
            annotations?.['dev.cosignproject.cosign/signature'] ?? '',
            pubOf(person),
          ),
        )
        expect(signed).toHaveLength(1)
        const attested = att.filter(({ digest: layer }) =>
          envelopeBy(blobAt(registry, 'app', layer) as Parameters<typeof envelopeBy>[0], pubOf(person)),
        )
        expect(attested).toHaveLength(1)
      }
    }
    const after = content()
    expect((await sealBy('erin')).code).toBe(0)
    expect((await sealBy('dave')).code).toBe(0)
    expect(content()).toEqual(after)
  })

  it('are nobody else: not a person of the other side, not a third one here, not somebody with another’s key', async () => {
    const frank = await makePerson(crossing.folder, 'frank', 'Frank Lee', 'p256')
    const who = ['--id', 'frank', '--name', 'Frank Lee', '--role', 'witness', '--key', `${frank.key}.pub`]
    await done(['person', 'add', '--desk', crossing.high, ...who], crossing.clock)
    await begin()
    await sealBy('dave')
    const before = content()
    const recorded = await recordedOf(crossing.high)
    const pass = ['--passphrase-file', crossing.passphrase]
    const by = (person: string, key: string): Promise<Ended> =>
      trySeal(crossing, id, registry.host, ['--person', person, '--key', key, ...pass])
    await expectRefused(by('frank', frank.key), 'landing-not-decider', before)
    await expectRefused(by('bob', crossing.people.bob.key), 'person-unknown', before)
    await expectRefused(by('erin', frank.key), 'key-not-this-person', before)
    await expectRefused(by('erin', crossing.people.dave.key), 'key-not-this-person', before)
    const usage = await trySeal(crossing, id, registry.host, ['--person', 'erin'])
    expect(usage.json.failure.code).toBe('usage')
    expect(await recordedOf(crossing.high)).toEqual(recorded)
  })

  it('are not those whose half a hold spent', async () => {
    const frank = await makePerson(crossing.folder, 'frank', 'Frank Lee', 'p256')
    const who = [
      '--id',
      'frank',
      '--name',
      'Frank Lee',
      '--role',
      'transfer-agent',
      '--key',
      `${frank.key}.pub`,
    ]
    await done(['person', 'add', '--desk', crossing.high, ...who], crossing.clock)
    sample = sampleImage(20_000, 'app')
    const { verify } = highDesk(() => crossing)
    const { said } = await verify(await carriedImage(crossing, 'app', sample))
    id = said.id
    const asFrank = ['--person', 'frank', '--key', frank.key, '--passphrase-file', crossing.passphrase]
    const accept = ['decide', id, '--desk', crossing.high, '--accept', ...asFrank]
    await done(accept, crossing.clock)
    await decideBoth(crossing, id, 'hold')
    await decideBoth(crossing, id, 'accept')
    await exportTo(crossing, id, registry.host)
    await expectRefused(trySeal(crossing, id, registry.host, asFrank), 'landing-not-decider')
    expect((await sealBy('erin')).json).toMatchObject({ missing: ['Dave Okoro'] })
    expect((await sealBy('dave')).json).toMatchObject({ missing: [] })
    expect(bundlesAt(registry, 'app', sample.root.digest)).toHaveLength(4)
  })

  it('with the key with which they accepted: one whose key was replaced in between seals no more', async () => {
    const officers = await makeOfficers(crossing, crossing.high)
    await begin()
    await sealBy('dave')
    await officers.seal()
    const { key } = await makePerson(crossing.folder, 'new-dave', 'Dave Okoro', 'p256')
    await officers.change(['person', 'key', '--id', 'dave', '--key', `${key}.pub`])
    const before = content()
    expect((await sealBy('erin')).json).toMatchObject({ ok: true, found: 0, missing: ['Dave Okoro'] })
    expect(content()).toEqual(before)
    const pass = ['--passphrase-file', crossing.passphrase]
    const words = ['--person', 'dave', '--key', key, ...pass]
    await expectRefused(trySeal(crossing, id, registry.host, words), 'landing-not-decider', before)
    await expectRefused(sealBy('dave'), 'landing-not-decider', before)
  })

  it('each sign for the registry that is named: half for one is none for another', async () => {
    await begin()
    await exportTo(crossing, id, `${registry.host}/two`)
    await sealBy('dave')
    const other = await trySeal(crossing, id, `${registry.host}/two`, signing(crossing, 'erin'))
    expect(other.json).toMatchObject({ found: 0, missing: ['Dave Okoro'] })
    expect((await sealBy('erin')).json).toMatchObject({ missing: [] })
  })

  it('whose signatures lie in the folder and are on no record seal nothing', async () => {
    await begin()
    const { cp, rm } = await import('node:fs/promises')
    const copy = join(crossing.folder, 'copy')
    await cp(crossing.high, copy, { recursive: true })
    await sealBy('dave')
    // As a run leaves it that was ended between signing and its record.
    const folder = join('consignments', id)
    await rm(join(copy, folder), { recursive: true })
    await cp(join(crossing.high, folder), join(copy, folder), { recursive: true })
    await rm(crossing.high, { recursive: true })
    await cp(copy, crossing.high, { recursive: true })
    const before = content()
    expect((await sealBy('erin')).json).toMatchObject({ ok: true, found: 0, missing: ['Dave Okoro'] })
    expect(content()).toEqual(before)
    expect((await sealBy('dave')).json).toMatchObject({ missing: [] })
  })

  it('sign nothing where the platform is gone, and an export does not fail for want of them', async () => {
    await begin()
    registry.repository('app').manifests.delete(sample.arm64.digest)
    const recorded = await recordedOf(crossing.high)
    await expectRefused(sealBy('dave'), 'landing-changed')
    expect(await recordedOf(crossing.high)).toEqual(recorded)
    expect((await tryExport(crossing, id, registry.host)).code).toBe(0)
    expect((await sealBy('dave')).json).toMatchObject({ missing: ['Erin Sand'] })
  })

  it('are asked by the policy in force: back to the station, their halves count for nothing', async () => {
    await begin()
    await sealBy('dave')
    await done(['landing', 'key', 'create', '--desk', crossing.high], crossing.clock)
    await allowRegistry(crossing, registry.host, 3)
    await expectRefused(sealBy('erin'), 'landing-signers')
    const ended = await sallyport(
      ['landing', 'seal', id, '--desk', crossing.high, '--target', registry.host],
      crossing.clock,
    )
    expect(ended.json).toMatchObject({ by: 'station', count: 3 })
    for (const { envelope } of bundlesAt(registry, 'app', sample.root.digest))
      expect(envelopeBy(envelope, pubOf('dave'))).toBe(false)
  })
})
