import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../main/platform/hash.ts'
import { leastVersions, provePackage, type Known, type TrustPackage } from '../../../main/trust/package.ts'
import { makeTufRepository, signed, tufKey, type StatePlan, type TufKey } from '../../support/tuf.ts'

/* Each clause of TUF that a trust package must hold, refused for its own sentence. */

const now = '2026-11-22T12:00:00Z'
const year = '2027-11-01T00:00:00Z'
const repository = makeTufRepository()
const { rootKeys, online } = repository
const stranger = makeTufRepository()
const content = Buffer.from('one')
const first = repository.root(1, year)
const second = repository.root(2, year)
const [one, two, three] = rootKeys as [TufKey, TufKey, TufKey]
type Metadata = Record<string, unknown>

function partsOf(
  version: number,
  of: Buffer = content,
  expires?: string,
  plan: StatePlan = {},
): TrustPackage {
  const files = repository.state(version, of, expires, plan)
  const file = (name: string): Buffer => files[name] ?? Buffer.alloc(0)
  return {
    collected: now,
    roots: [first, second],
    timestamp: file('timestamp.json'),
    snapshot: file(`${version}.snapshot.json`),
    targets: file(`${plan.targets ?? version}.targets.json`),
    content: of,
  }
}

const good = partsOf(5)
const anchor = sha256Hex(first)
const proven = (change: Partial<TrustPackage>, known: Known | null = null, at = now) => {
  try {
    return provePackage({ ...good, ...change }, { at, known, anchor }).versions
  } catch (error) {
    return error instanceof Error ? error.message : 'something else'
  }
}
const contentOf = (file: Buffer): Metadata => (JSON.parse(file.toString()) as { signed: Metadata }).signed
const again = (file: Buffer, keys: readonly TufKey[], change: Metadata = {}): Buffer =>
  signed({ ...contentOf(file), ...change }, keys)

const fresh = [tufKey(), tufKey(), tufKey()]
const newRoot = (keys: readonly TufKey[], by: readonly TufKey[]): Buffer =>
  again(repository.root(2, year, keys), by)

// The same key under two ids, in the role of a root that otherwise holds.
function rootWithTwin(by: readonly TufKey[]): Buffer {
  const twin: TufKey = { ...three, id: 'ab'.repeat(32) }
  return newRoot([three, twin], [...by, three, twin])
}

describe('a chain of roots', () => {
  it('goes on where it holds', () => {
    expect(proven({})).toEqual({ root: 2, timestamp: 5, snapshot: 5, targets: 5 })
    const rotated = repository.root(2, year, [one, two, ...fresh])
    expect(proven({ roots: [first, rotated] })).toMatchObject({ root: 2 })
  })

  for (const [name, roots, found] of [
    ['begins with what was typed', [second], 'a first root that was not typed from paper'],
    [
      '5.3.4: is signed by the keys before',
      [first, newRoot(fresh, fresh)],
      'root version 2: 0 of 2 signatures',
    ],
    [
      '5.3.4: is signed by its own keys',
      [first, newRoot(fresh, rootKeys)],
      'root version 2: 0 of 2 signatures',
    ],
    ['5.3.4: is signed by enough', [first, newRoot(rootKeys, [one])], 'root version 2: 1 of 2 signatures'],
    [
      '5.3.4: is signed by two keys, not by one in the name of two',
      [first, newRoot(rootKeys, [one, { ...two, secret: one.secret }])],
      'root version 2: 1 of 2 signatures',
    ],
    [
      '5.3.4: counts a key under two ids once',
      [first, rootWithTwin([one, two])],
      'root version 2: 1 of 2 signatures',
    ],
    ['5.3.5: leaves no version out', [first, repository.root(3, year)], 'root version 3 after version 1'],
    [
      '5.3.5: has one root of a version',
      [first, second, repository.root(2, '2027-12-01T00:00:00Z')],
      'another root with version 2',
    ],
    [
      '5.3.10: has not expired at its end',
      [first, repository.root(2, '2026-10-01T00:00:00Z')],
      'root version 2 expired on 2026-10-01T00:00:00Z',
    ],
  ] as const) {
    it(name, () => expect(proven({ roots })).toBe(found))
  }

  it('is not empty, and its first is signed as it asks for, whoever typed its digest', () => {
    expect(proven({ roots: [] })).toBe('no root')
    const half = again(first, [one])
    const taken = (root: Buffer, of: string): unknown => {
      try {
        return provePackage({ ...good, roots: [root] }, { at: now, known: null, anchor: of }).versions
      } catch (error) {
        return error instanceof Error ? error.message : 'something else'
      }
    }
    expect(taken(first, anchor)).toMatchObject({ root: 1 })
    expect(taken(half, sha256Hex(half))).toBe('root version 1: 1 of 2 signatures')
  })

  it('may have expired before its end', () => {
    const past = repository.root(2, '2026-10-01T00:00:00Z')
    expect(proven({ roots: [first, past, repository.root(3, year)] })).toMatchObject({ root: 3 })
  })
})

const bare = partsOf(5, content, undefined, { bare: true })
const strange = stranger.state(5, content)
// A snapshot that says more of the targets than their version.
const naming = (more: object): Buffer =>
  again(bare.snapshot, [online], { meta: { 'targets.json': { version: 5, ...more } } })
const other = partsOf(4, Buffer.from('two'))

describe('timestamp, snapshot, targets and content', () => {
  it('hold where the timestamp says no digest', () => {
    expect(proven(bare)).toMatchObject({ snapshot: 5 })
  })

  for (const [name, change, found] of [
    ['5.4.2', { timestamp: strange['timestamp.json'] ?? content }, 'timestamp version 5: 0 of 1 signatures'],
    ['5.4.4', partsOf(5, content, '2026-01-01T00:00:00Z'), 'timestamp expired on 2026-01-01T00:00:00Z'],
    [
      '5.5.2, length',
      { snapshot: Buffer.concat([good.snapshot, Buffer.from(' ')]) },
      'snapshot of another length',
    ],
    [
      '5.5.2, digest',
      { snapshot: Buffer.from(good.snapshot.toString().replace(/ /, '\t')) },
      'snapshot with another digest',
    ],
    [
      '5.5.3',
      { ...bare, snapshot: strange['5.snapshot.json'] ?? content },
      'snapshot version 5: 0 of 1 signatures',
    ],
    ['5.5.4', { ...bare, snapshot: partsOf(4).snapshot }, 'another snapshot than the timestamp names'],
    [
      '5.5.6',
      { ...bare, snapshot: again(bare.snapshot, [online], { expires: now }) },
      `snapshot expired on ${now}`,
    ],
    ['5.6.2, length', { ...bare, snapshot: naming({ length: 1 }) }, 'targets of another length'],
    [
      '5.6.2, digest',
      { ...bare, snapshot: naming({ length: bare.targets.length, hashes: { sha256: '0'.repeat(64) } }) },
      'targets with another digest',
    ],
    ['5.6.3', { targets: strange['5.targets.json'] ?? content }, 'targets version 5: 0 of 2 signatures'],
    ['5.6.4', { targets: other.targets, content: other.content }, 'other targets than the snapshot names'],
    ['5.6.5', { targets: again(good.targets, rootKeys, { expires: now }) }, `targets expired on ${now}`],
    ['5.7.1', { targets: again(good.targets, rootKeys, { targets: {} }) }, 'no target trusted_root.json'],
    ['5.7.2, length', { content: Buffer.from('three') }, 'trusted_root.json of another length'],
    ['5.7.2, digest', { content: other.content }, 'trusted_root.json with another digest'],
  ] as const) {
    it(`${name}: ${found}`, () => expect(proven(change)).toBe(found))
  }

  it('say what they are, once', () => {
    expect(proven({ timestamp: good.snapshot })).toMatch(/^timestamp: /)
    const twice = good.timestamp.toString().replace('"signed"', '"signed": {}, "signed"')
    expect(proven({ timestamp: Buffer.from(twice) })).toMatch(/^timestamp: .*signed/)
  })
})

describe('what was taken before', () => {
  const known: Known = { root: second, versions: { root: 2, timestamp: 5, snapshot: 5, targets: 5 } }

  it('is gone on from, without its digest being typed', () => {
    expect(proven(partsOf(6), known)).toMatchObject({ timestamp: 6 })
    expect(proven(partsOf(5), known)).toMatchObject({ timestamp: 5 })
  })

  it('5.4.3, 5.5.5: is never gone back behind', () => {
    expect(proven(partsOf(4), known)).toBe('timestamp version 4; version 5 was seen here')
    const seen = (part: object): Known => ({ ...known, versions: { ...known.versions, ...part } })
    expect(proven({}, seen({ snapshot: 6 }))).toBe('snapshot version 5; version 6 was seen here')
    expect(proven({}, seen({ targets: 6 }))).toBe('targets version 5; version 6 was seen here')
  })

  // Whoever had the key of the timestamp signed the highest version there is; the repository has another key now.
  const signer = tufKey()
  const far: Known = {
    root: second,
    versions: { root: 2, timestamp: 2 ** 40, snapshot: 2 ** 40, targets: 5 },
  }
  const recovered = {
    ...partsOf(1, content, undefined, { online: signer, targets: 5 }),
    roots: [second, repository.root(3, year, rootKeys, [], signer)],
  }

  it('5.3.11: begins anew for timestamp and snapshot once their keys changed', () => {
    expect(proven(recovered, far)).toEqual({ root: 3, timestamp: 1, snapshot: 1, targets: 5 })
    expect(proven({ ...recovered, roots: [second] }, far)).toBe('timestamp version 1: 0 of 1 signatures')
    const same = {
      ...partsOf(1, content, undefined, { targets: 5 }),
      roots: [second, repository.root(3, year)],
    }
    expect(proven(same, far)).toBe(`timestamp version 1; version ${2 ** 40} was seen here`)
  })

  it('5.3.11: does not begin anew for roots and targets', () => {
    const older = partsOf(1, content, undefined, { online: signer, targets: 4 })
    expect(proven({ ...recovered, ...older, roots: recovered.roots }, far)).toBe(
      'targets version 4; version 5 was seen here',
    )
    expect(leastVersions(far, recovered.roots[1] ?? second)).toEqual({
      root: 2,
      timestamp: 1,
      snapshot: 1,
      targets: 5,
    })
    expect(leastVersions(far, repository.root(3, year, fresh))).toBe(far.versions)
  })

  it('5.3.11: begins anew when the key of one of the two changed', () => {
    const root = contentOf(second) as { roles: Record<string, object>; keys: object }
    for (const role of ['timestamp', 'snapshot']) {
      const roles = { ...root.roles, [role]: { keyids: [signer.id], threshold: 1 } }
      const next = signed({ ...root, roles, keys: { ...root.keys, [signer.id]: signer.entry } }, rootKeys)
      expect(leastVersions(far, next)).toMatchObject({ timestamp: 1, snapshot: 1 })
    }
  })
})
