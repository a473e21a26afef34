import { generateKeyPairSync, sign, constants } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkThreshold, keysOf, readMetadata, TufError } from '../../../main/trust/tuf.ts'
import { readPackage, packageBytes, provePackage } from '../../../main/trust/package.ts'
import { collectPackage, type Repository } from '../../../main/trust/collect-package.ts'
import { sha256Hex } from '../../../main/platform/hash.ts'
import { makeTufRepository, signed, tufKey, type TufKey } from '../../support/tuf.ts'

/* Metadata of The Update Framework: its form, its keys, and what is collected of a repository. */

const year = '2027-11-01T00:00:00Z'
const now = '2026-11-22T12:00:00Z'
const repository = makeTufRepository()
const first = repository.root(1, year)
type Content = Record<string, unknown> & { keys: Record<string, unknown>; roles: Record<string, object> }
const contentOf = (file: Buffer): Content => (JSON.parse(file.toString()) as { signed: Content }).signed

const refusal = (act: () => unknown): string => {
  try {
    act()
    return 'taken'
  } catch (error) {
    if (error instanceof TufError) return error.message
    throw error
  }
}

describe('the form of metadata', () => {
  const read = (text: string | object): string =>
    refusal(() => readMetadata('root', Buffer.from(typeof text === 'string' ? text : JSON.stringify(text))))
  const { signatures } = JSON.parse(first.toString()) as { signatures: object[] }
  const root = contentOf(first)

  it.each([
    ['{', /^root: /],
    ['[]', /^root: not signed metadata$/],
    ['{"signed":5,"signatures":[]}', /^root: not signed metadata$/],
    ['{"signed":{}}', /^root: not signed metadata$/],
  ])('%s is none', (text, found) => expect(read(text)).toMatch(found))

  it('has no more signatures than can be looked at', () => {
    const many = (n: number) => ({ signed: root, signatures: Array.from({ length: n }, () => signatures[0]) })
    expect(read(many(64))).toBe('taken')
    expect(read(many(65))).toBe('root: not signed metadata')
  })

  it.each([
    ['another type', { _type: 'targets' }, /^root: _type /],
    ['another version of the standard', { spec_version: '2.0' }, /^root: spec_version /],
    ['version 0', { version: 0 }, /^root: version /],
    ['half a version', { version: 1.5 }, /^root: version /],
    ['a date without seconds', { expires: '2027-11-01T00:00Z' }, /^root: expires /],
    ['a role that is missing', { roles: { ...root.roles, targets: undefined } }, /^root: roles\.targets /],
    [
      'a threshold of none',
      { roles: { ...root.roles, root: { keyids: ['a'], threshold: 0 } } },
      /threshold /,
    ],
    ['a role without keys', { roles: { ...root.roles, root: { keyids: [], threshold: 1 } } }, /keyids /],
    ['a number that is not whole', { more: 0.5 }, /^a number that is not whole$/],
    ['a number beyond 2^53', { more: 2 ** 53 }, /./],
  ] as const)('with %s it is refused', (_, change, found) => {
    expect(read({ signed: { ...root, ...change }, signatures })).toMatch(found)
  })
})

describe('what is signed', () => {
  it('is the content with everything in it that nobody here knows', () => {
    const more = {
      x: [1, -2, [], {}, null, true, false, 'a"b\\c\nd', 'é'],
      y: { b: 1, a: 2, B: 3 },
      '"': null,
    }
    const root = { ...contentOf(first), ...more }
    const file = readMetadata('root', signed(root, repository.rootKeys))
    expect(refusal(() => checkThreshold(file.signed, file))).toBe('taken')
    for (const change of [{ x: [] }, { y: { b: 1, a: 2 } }, { '"': false }, { more: 1 }]) {
      const { signatures } = JSON.parse(signed(root, repository.rootKeys).toString()) as {
        signatures: object[]
      }
      const bent = { signed: { ...root, ...change }, signatures }
      const other = readMetadata('root', Buffer.from(JSON.stringify(bent)))
      expect(refusal(() => checkThreshold(other.signed, other))).toBe('root version 1: 0 of 2 signatures')
    }
  })
})

describe('keys', () => {
  interface Kind {
    readonly scheme: string
    readonly key: TufKey
    readonly sign: (message: Buffer) => Buffer
  }
  const made = (
    scheme: string,
    pair: ReturnType<typeof generateKeyPairSync>,
    by: (message: Buffer) => Buffer,
    shown?: string,
  ): Kind => {
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const entry = { keytype: 'x', scheme, keyval: { public: shown ?? pem } }
    return {
      scheme,
      key: { id: sha256Hex(Buffer.from(pem + scheme)), secret: pair.privateKey, entry },
      sign: by,
    }
  }
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const ed = generateKeyPairSync('ed25519')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const raw = ed.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex')
  const pss = (message: Buffer): Buffer =>
    sign('sha256', message, {
      key: rsa.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32,
    })
  const byEd = (message: Buffer): Buffer => sign(null, message, ed.privateKey)
  const by256 = (message: Buffer): Buffer => sign('sha256', message, p256.privateKey)

  /** A root whose only key for itself is this one, with a signature by it. */
  function rootOf(kind: Kind, change: (sig: string) => string = (same) => same) {
    const content = contentOf(first)
    const { id, entry } = kind.key
    const own = {
      ...content,
      keys: { ...content.keys, [id]: entry },
      roles: { ...content.roles, root: { keyids: [id], threshold: 1 } },
    }
    const { message } = readMetadata('root', signed(own, []))
    const signatures = [{ keyid: id, sig: change(kind.sign(message).toString('hex')) }]
    return readMetadata('root', Buffer.from(JSON.stringify({ signed: own, signatures })))
  }
  const counted = (kind: Kind, change?: (sig: string) => string): string => {
    const file = rootOf(kind, change)
    return refusal(() => checkThreshold(file.signed, file))
  }
  const none = 'root version 1: 0 of 1 signatures'

  it.each([
    made('ecdsa-sha2-nistp256', p256, by256),
    made('ecdsa-sha2-nistp384', p384, (message) => sign('sha384', message, p384.privateKey)),
    made('ed25519', ed, byEd),
    made('ed25519', ed, byEd, raw),
    made('rsassa-pss-sha256', rsa, pss),
  ])('of the scheme $scheme count', (kind) => expect(counted(kind)).toBe('taken'))

  it.each([
    [
      'a scheme that nobody knows',
      made('rsa-pkcs1v15-sha256', rsa, (m) => sign('sha256', m, rsa.privateKey)),
    ],
    ['the name of something else', made('constructor', p256, by256)],
    ['the scheme of another kind of key', made('ed25519', p256, by256)],
    ['the digest of another scheme', made('ecdsa-sha2-nistp384', p256, by256)],
    ['a raw key in capitals', made('ed25519', ed, byEd, raw.toUpperCase())],
    ['a key that is cut', made('ed25519', ed, byEd, raw.slice(2))],
    ['a text that is no key', made('ecdsa-sha2-nistp256', p256, by256, 'x')],
    [
      'a PEM of no key',
      made(
        'ecdsa-sha2-nistp256',
        p256,
        by256,
        '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n',
      ),
    ],
  ])('with %s do not count, and stop nothing', (_, kind) => expect(counted(kind)).toBe(none))

  it('count by a signature in hex of lower case alone', () => {
    const kind = made('ed25519', ed, byEd)
    for (const change of [
      (sig: string) => sig.toUpperCase().replace(/^/, 'A'),
      (sig: string) => `${sig} `,
      (sig: string) => sig.slice(1),
      (sig: string) => `${sig}zz`,
      () => '',
    ]) {
      expect(counted(kind, change)).toBe(none)
    }
  })

  it('that a role names and the root does not have are none, whatever they are called', () => {
    const [one] = repository.rootKeys as [TufKey]
    const content = contentOf(first)
    const root = (keyids: string[]) =>
      readMetadata(
        'root',
        signed({ ...content, roles: { ...content.roles, root: { keyids, threshold: 1 } } }, [one]),
      )
    for (const strange of ['constructor', 'toString', '__proto__', 'missing']) {
      const file = root([strange])
      expect([strange, refusal(() => checkThreshold(file.signed, file))]).toEqual([strange, none])
      const beside = root([strange, one.id])
      expect(refusal(() => checkThreshold(beside.signed, beside))).toBe('taken')
      expect(keysOf(file.signed, 'root')).toBe(keysOf(root(['nobody']).signed, 'root'))
      expect(keysOf(beside.signed, 'root')).not.toBe(keysOf(file.signed, 'root'))
    }
  })

  it('are the same in any order and number, and others with another scheme', () => {
    const [one, two] = repository.rootKeys as [TufKey, TufKey]
    const content = contentOf(first)
    const keys = (keyids: string[], all: object = content.keys): string =>
      keysOf(
        readMetadata(
          'root',
          signed({ ...content, keys: all, roles: { ...content.roles, root: { keyids, threshold: 1 } } }, []),
        ).signed,
        'root',
      )
    expect(keys([one.id, two.id])).toBe(keys([two.id, one.id, two.id]))
    expect(keys([one.id])).not.toBe(keys([two.id]))
    const other = { ...content.keys, [one.id]: { ...one.entry, scheme: 'ed25519' } }
    expect(keys([one.id], other)).not.toBe(keys([one.id]))
  })
})

describe('what is collected of a repository', () => {
  const content = Buffer.from('the roots')
  const second = repository.root(2, year)
  const state = repository.state(5, content)
  const files: Readonly<Record<string, Buffer>> = { ...state, '2.root.json': second }
  const from =
    (all: Readonly<Record<string, Buffer | undefined>>): Repository =>
    (name) =>
      Promise.resolve(all[name] ?? null)
  const target = Object.keys(state).find((name) => name.startsWith('targets/')) ?? ''
  const collected = (all: Readonly<Record<string, Buffer | undefined>>) =>
    collectPackage(from(all), first, now)

  it('is every root, and the files by their versions', async () => {
    const found = await collected(files)
    expect(found.roots).toEqual([first, second])
    expect(found).toMatchObject({ collected: now, content, targets: state['5.targets.json'] })
    expect(readPackage(packageBytes(found))).toEqual(found)
  })

  it('is the same of a repository without versions in its names', async () => {
    const { [target]: own, ['5.snapshot.json']: snapshot, ['5.targets.json']: targets, ...rest } = files
    const plain = {
      ...rest,
      'snapshot.json': snapshot,
      'targets.json': targets,
      'targets/trusted_root.json': own,
    }
    expect(await collected(plain)).toEqual(await collected(files))
    // The file of the right version counts, whatever else lies there.
    const junk = Buffer.from('x')
    const both = { ...files, 'snapshot.json': junk, 'targets.json': junk, 'targets/trusted_root.json': junk }
    expect(await collected(both)).toEqual(await collected(files))
  })

  it.each([
    ['timestamp.json', 'the repository has no timestamp.json'],
    ['5.snapshot.json', 'the repository has no 5.snapshot.json'],
    ['5.targets.json', 'the repository has no 5.targets.json'],
    [target, `the repository has no ${target}`],
  ])('is nothing without %s', async (name, found) => {
    await expect(collected({ ...files, [name]: undefined })).rejects.toThrow(found)
  })

  it('is nothing where the targets do not name it', async () => {
    const targets = contentOf(state['5.targets.json'] ?? content)
    const bare = signed({ ...targets, targets: {} }, repository.rootKeys)
    const all = { ...files, '5.targets.json': bare, 'targets/trusted_root.json': content }
    await expect(collected(all)).rejects.toThrow('no target trusted_root.json')
  })

  it('is no more than 200 roots', async () => {
    const [one, two] = [199, 200].map((n) => (name: string) => {
      const version = Number(/^(\d+)\.root/.exec(name)?.[1] ?? 0)
      return version > 0 ? (version <= n ? repository.root(version, year) : null) : (files[name] ?? null)
    }) as [(name: string) => Buffer | null, (name: string) => Buffer | null]
    const asked: string[] = []
    const of =
      (give: (name: string) => Buffer | null): Repository =>
      (name) => {
        asked.push(name)
        return Promise.resolve(give(name))
      }
    expect((await collectPackage(of(one), first, now)).roots).toHaveLength(199)
    expect(asked).toContain('200.root.json')
    asked.length = 0
    expect((await collectPackage(of(two), first, now)).roots).toHaveLength(200)
    expect(asked).not.toContain('201.root.json')
  })
})

describe('the file of a package', () => {
  const parts = {
    collected: now,
    roots: [first],
    timestamp: Buffer.from('a'),
    snapshot: Buffer.from('b'),
    targets: Buffer.from('c'),
    content: Buffer.from('d'),
  }
  const read = (change: object): string => {
    const value = JSON.parse(packageBytes(parts).toString()) as object
    const sorted = Object.fromEntries(
      Object.entries({ ...value, ...change }).sort(([a], [b]) => (a < b ? -1 : 1)),
    )
    return refusal(() => readPackage(Buffer.from(JSON.stringify(sorted))))
  }
  it('is of this version, with each part and nothing more', () => {
    expect(read({})).toBe('taken')
    for (const change of [
      { format: 'sallyport.trust-package/v2' },
      { more: '' },
      { roots: [] },
      { content: undefined },
    ])
      expect(read(change)).toBe('not a trust package of this version')
    expect(refusal(() => readPackage(Buffer.from('{')))).not.toBe('taken')
  })

  it('is fresh until the second in which a root expires', () => {
    const state = repository.state(5, Buffer.from('x'))
    const at = (expires: string): string => {
      const root = repository.root(1, expires)
      const whole = {
        ...parts,
        roots: [root],
        timestamp: state['timestamp.json'] ?? root,
        snapshot: state['5.snapshot.json'] ?? root,
        targets: state['5.targets.json'] ?? root,
        content: Buffer.from('x'),
      }
      return refusal(() => provePackage(whole, { at: now, known: null, anchor: sha256Hex(root) }))
    }
    expect(at('2026-11-22T12:00:01Z')).toBe('taken')
    expect(at(now)).toBe(`root version 1 expired on ${now}`)
  })
})

describe('a signature', () => {
  it('counts for the key whose id it states, and for no other', () => {
    const [one, two] = repository.rootKeys as [TufKey, TufKey]
    const text = JSON.parse(signed(contentOf(first), [one, two]).toString()) as {
      signatures: { keyid: string; sig: string }[]
    }
    const [a, b] = text.signatures.map(({ sig }) => sig)
    for (const [ids, found] of [
      [[one.id, two.id], 'taken'],
      [[two.id, one.id], 'root version 1: 0 of 2 signatures'],
      [[one.id, 'another'], 'root version 1: 1 of 2 signatures'],
    ] as const) {
      const signatures = [
        { keyid: ids[0], sig: a },
        { keyid: ids[1], sig: b },
      ]
      const file = readMetadata('root', Buffer.from(JSON.stringify({ ...text, signatures })))
      expect(refusal(() => checkThreshold(file.signed, file))).toBe(found)
    }
  })
})

describe('one key more', () => {
  it('beside those that a role names counts for nothing', () => {
    const [one] = repository.rootKeys as [TufKey]
    const file = readMetadata('root', signed(contentOf(first), [one, tufKey(), tufKey()]))
    expect(refusal(() => checkThreshold(file.signed, file))).toBe('root version 1: 1 of 2 signatures')
  })
})
