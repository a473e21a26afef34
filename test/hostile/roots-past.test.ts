import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { LedgerEvent } from '../../main/ledger/event.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { makeCrossing, makePerson, type Crossing, type TestPerson } from '../support/desks.ts'
import { makeTufRepository, tufKey } from '../support/tuf.ts'
import { eventsOf, expectForged, expectTaken, lastOf } from '../support/forged-desk.ts'

/* Trusted roots in the past of a founding desk, in a ledger that was written anew with the station's key. */

let crossing: Crossing
let events: LedgerEvent[]
type Facts = Record<string, unknown>
type Unplaced = Omit<LedgerEvent, 'sequence' | 'previous'>

beforeAll(async () => {
  crossing = await makeCrossing()
  events = await eventsOf(crossing.high)
})
afterAll(() => crossing.dispose())

const change = (facts: Facts): Unplaced => ({
  ...lastOf(events, 'trust.added'),
  type: 'change.made',
  subjects: [],
  facts: { change: facts },
})
const root = (name: string, source: string, tuf: Facts | null = null, digest = digestOf(source)): Unplaced =>
  change({ kind: 'root.add', root: { name, source, digest, origin: 'paper', tuf } })
const revoke = (source: string): Unplaced =>
  change({ kind: 'trust.revoke', fingerprint: digestOf(source).slice(7), reason: 'x' })
const versions = { root: 3, timestamp: 9, snapshot: 7, targets: 5 }
const tuf = (more: Partial<typeof versions> = {}): Facts => ({
  ...{ root: '{}', versions: { ...versions, ...more }, package: digestOf('package') },
  reference: { at: '2026-11-22T09:00:00Z', by: 'officers' },
})
const forged = (found: RegExp, ...more: Unplaced[]): Promise<void> =>
  expectForged(crossing, crossing.high, (all) => [...all, ...more], found)
const taken = (...more: Unplaced[]): Promise<void> =>
  expectTaken(crossing, crossing.high, (all) => [...all, ...more])

describe('a trusted root that no act would have taken', () => {
  it('whose text is not that of its digest', async () => {
    await taken(root('one', 'first'))
    await forged(/desk-damaged/, root('one', 'first', null, digestOf('second')))
  })

  it('whose name or whose text is there already', async () => {
    await taken(root('one', 'first'), root('two', 'second'))
    await forged(/root-exists/, root('one', 'first'), root('one', 'second'))
    await forged(/root-exists/, root('one', 'first'), root('two', 'first'))
    await forged(/root-exists/, root('one', 'first'), root('one', 'first'))
  })

  it('in the place of one of another kind: only a package renews, and only a package, by its name', async () => {
    await taken(root('one', 'first', tuf()), root('one', 'second', tuf({ targets: 6 })))
    await forged(/root-exists/, root('one', 'first'), root('one', 'second', tuf()))
    await forged(/root-exists/, root('one', 'first', tuf()), root('one', 'second'))
    await forged(/root-exists/, root('one', 'first', tuf()), root('two', 'first', tuf()))
  })

  it('that was revoked: it never comes back, under whatever name', async () => {
    await taken(root('one', 'first'), revoke('first'), root('one', 'second'))
    await forged(/key-revoked/, root('one', 'first'), revoke('first'), root('one', 'first'))
    await forged(/key-revoked/, root('one', 'first'), revoke('first'), root('two', 'first', tuf()))
    await forged(/revoke-unknown/, revoke('first'))
    await forged(/revoke-unknown/, root('one', 'first'), revoke('first'), revoke('first'))
  })

  it('of a package that is older in any part than what was taken, also of one that was revoked since', async () => {
    const first = root('one', 'first', tuf())
    for (const part of ['root', 'timestamp', 'snapshot', 'targets'] as const) {
      const lower = { [part]: versions[part] - 1 }
      await forged(/package-older/, first, root('one', 'second', tuf(lower)))
      await forged(/package-older/, first, revoke('first'), root('one', 'second', tuf(lower)))
    }
    await taken(first, root('one', 'second', tuf()))
    await taken(first, revoke('first'), root('one', 'second', tuf()))
    await taken(first, root('two', 'second', tuf({ root: 1 })))
  })
})

describe('a trust package that no act would have taken', () => {
  const repository = makeTufRepository()
  const far = '2049-01-01T00:00:00Z'
  const by = (version: number, online = repository.online): string =>
    repository.root(version, far, repository.rootKeys, [], online).toString('utf8')
  const at = (time: string): Facts => ({ reference: { at: time, by: 'officers' } })
  const first = (): Unplaced => root('one', 'first', { ...tuf(), root: by(1) })
  const next = (facts: Facts): Unplaced => root('one', 'second', { ...tuf(), root: by(2), ...facts })
  const older = (event: Unplaced): Unplaced => ({ ...event, rules: 3 })
  const anew = { versions: { ...versions, timestamp: 1, snapshot: 1 } }

  it('of a time before that of the last one; under older rules it stays', async () => {
    const early = next(at('2026-11-22T08:59:59Z'))
    await taken(first(), next(at('2026-11-22T09:00:00Z')))
    await forged(/reference-time/, first(), early)
    await taken(first(), older(early))
  })

  it('of versions that begin anew without new keys, or under older rules', async () => {
    const rotated = { ...anew, root: by(2, tufKey()) }
    await taken(first(), next(rotated))
    await forged(/package-older/, first(), next(anew))
    await forged(/package-older/, first(), next({ ...rotated, versions: { ...anew.versions, targets: 4 } }))
    await forged(/package-older/, first(), older(next(rotated)))
  })
})

describe('a key that only the policy names', () => {
  const policy = (version: number, names: readonly TestPerson[], pems: readonly string[]): Unplaced => {
    const lines = names.flatMap(({ name, fingerprint }, i) => [
      `  - name: ${name}`,
      `    fingerprint: ${fingerprint}`,
      `    key: ${JSON.stringify(pems[i])}`,
    ])
    const other = '  - { name: robot, issuer: https://issuer.test, identity: robot@test }'
    const source = `sallyport: policy/v1\nversion: ${version}\nidentities:\n${[...lines, other].join('\n')}\n`
    return {
      ...lastOf(events, 'trust.added'),
      ...{ type: 'policy.set', subjects: [] },
      facts: { version, digest: digestOf(source), source },
    }
  }
  const gone = (fingerprint: string): Unplaced => change({ kind: 'trust.revoke', fingerprint, reason: 'x' })

  it('can be revoked, and no other that nobody has', async () => {
    const names = [
      await makePerson(crossing.folder, 'maker', 'maker', 'p256'),
      await makePerson(crossing.folder, 'builder', 'builder', 'p256'),
    ]
    const pems = await Promise.all(names.map(({ key }) => readFile(`${key}.pub`, 'utf8')))
    const set = policy(2, names, pems)
    for (const { fingerprint } of names) await taken(set, gone(fingerprint))
    await forged(/revoke-unknown/, set, gone('ab'.repeat(32)))
    await forged(/revoke-unknown/, gone(names[0]!.fingerprint))
  })
})
