import { createServer, type Server } from 'node:http'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { timeOf } from '../../main/platform/clock.ts'
import { sha256Hex } from '../../main/platform/hash.ts'
import { canonical } from '../../main/platform/json.ts'
import { checkThreshold, readMetadata } from '../../main/trust/tuf.ts'
import { done, sallyport, type Said } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'
import { makeOpensslTsa } from '../support/openssl-tsa.ts'
import { makeTrustedRoot } from '../support/trusted-root.ts'
import { layDown, makeTufRepository, signed, tufKey } from '../support/tuf.ts'

const year = '2027-11-01T00:00:00Z'
const now = '2026-11-22T12:00:00Z'
const repository = makeTufRepository()
const one = makeTrustedRoot('one.test')
const two = makeTrustedRoot('two.test')
const three = makeTrustedRoot('three.test')
const four = makeTrustedRoot('four.test')
const firstRoot = repository.root(1, year)
const anchor = sha256Hex(firstRoot)
const day = 24 * 60 * 60 * 1000
let crossing: Crossing
let officers: Officers
let mirror = ''
let good = ''
let count = 0
beforeAll(async () => {
  crossing = await makeCrossing()
  officers = await makeOfficers(crossing, crossing.high)
  await officers.seal()
  mirror = join(crossing.folder, 'mirror')
  await layDown(mirror, {
    '1.root.json': firstRoot,
    '2.root.json': repository.root(2, year),
    ...repository.state(5, one.bytes),
  })
  await writeFile(join(crossing.folder, 'root.json'), firstRoot)
  good = await collected(mirror)
})
afterAll(() => crossing.dispose())

const make = (from: string, out: string, root = join(crossing.folder, 'root.json')) =>
  sallyport(
    ['trust', 'package', 'make', out, '--from', from, '--root', root, '--desk', crossing.low],
    crossing.clock,
  )
async function collected(from: string): Promise<string> {
  const out = join(crossing.folder, `package-${++count}.json`)
  const ended = await make(from, out)
  expect({ code: ended.code, failure: ended.json.failure }).toEqual({ code: 0, failure: undefined })
  return out
}
const asking = (path: string, at = now): string[] => [
  ...['trust', 'package', 'add', path, '--name', 'priv.test', '--fingerprint', anchor, '--at', at],
]
const add = async (path: string, at = now): Promise<string> => {
  const ended = await officers.at(...asking(path, at), ...officers.signs(0))
  if (ended.code === 0) return 'done'
  const { code, facts } = ended.json.failure
  // What a package lacks is said as a fact of one failure: the sentence is what a test must hold.
  return code === 'package-refused' ? String(facts['found']) : code
}
const rootsHere = async (): Promise<{ digest: string; origin: string }[]> =>
  (await done(['trust', 'list', '--desk', crossing.high], crossing.clock)).roots as never
/** The package with some of its files exchanged. */
async function changed(path: string, files: Readonly<Record<string, Buffer | Buffer[]>>): Promise<string> {
  const parts = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  for (const [name, bytes] of Object.entries(files)) {
    parts[name] = Array.isArray(bytes)
      ? bytes.map((part) => part.toString('base64'))
      : bytes.toString('base64')
  }
  const out = join(crossing.folder, `changed-${++count}.json`)
  await writeFile(out, canonical(parts))
  return out
}

describe('a trust package', () => {
  it('is collected from a mirror on the network as from a folder, and not over what is there', async () => {
    const server: Server = createServer((request, response) => {
      const path = join(mirror, (request.url ?? '/').slice('/tuf/'.length))
      if (!existsSync(path)) {
        response.writeHead(404).end()
        return
      }
      void readFile(path).then((bytes) => response.end(bytes))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const out = join(crossing.folder, 'from-web.json')
    const made = await make(`http://127.0.0.1:${port}/tuf`, out)
    server.close()
    expect(made.json).toMatchObject({
      anchor,
      root: `sha256:${one.fingerprint}`,
      versions: { root: 2, timestamp: 5 },
    })
    expect((await make(mirror, out)).json.failure.code).toBe('file-exists')
    expect(await readFile(out)).toEqual(await readFile(good).then((bytes) => withTimeOf(bytes, out)))
  })

  it('is not made of a repository that proves nothing', async () => {
    const bad = join(crossing.folder, 'bad-mirror')
    await layDown(bad, {
      '1.root.json': firstRoot,
      ...repository.state(5, one.bytes, '2026-01-01T00:00:00Z'),
    })
    expect((await make(bad, join(crossing.folder, 'bad.json'))).json.failure.code).toBe('package-refused')
    expect(existsSync(join(crossing.folder, 'bad.json'))).toBe(false)
  })

  it('is judged on the high side by the typed root, at an attested time, and changes nothing by itself', async () => {
    const check = ['trust', 'package', 'check', good, '--name', 'priv.test', '--at', now]
    expect((await officers.at(...check)).json.failure.code).toBe('fingerprint-form')
    expect((await officers.at(...check, '--fingerprint', '0'.repeat(64))).json.failure.code).toBe(
      'fingerprint-differs',
    )
    expect((await officers.at(...check, '--fingerprint', anchor)).json).toMatchObject({
      root: `sha256:${one.fingerprint}`,
      at: now,
    })
    expect(await rootsHere()).toEqual([])
    expect(await add(good, '2027-06-01T00:00:00Z')).toBe('reference-time')
    crossing.clock.forward(300)
    expect(await add(good, '2027-06-01T00:00:00Z')).toBe('timestamp expired on 2027-01-01T00:00:00Z')
    crossing.clock.forward(-300)
  })

  it('is refused with anything in it exchanged, cut or repeated', async () => {
    const [root1, root2] = [firstRoot, repository.root(2, year)]
    const stranger = makeTufRepository()
    const other = repository.state(4, two.bytes)
    const strange = stranger.state(5, one.bytes)
    const rootSigned = (keys: typeof repository.rootKeys): Buffer => repository.root(2, year, keys)
    const twin = { ...tufKey(), secret: repository.rootKeys[0]?.secret } as (typeof repository.rootKeys)[0]
    const cases: Record<string, readonly [files: Parameters<typeof changed>[1], found: string | RegExp]> = {
      'another content': [
        { content: two.bytes },
        /^trusted_root.json (?:of another length|with another digest)$/,
      ],
      'a content and targets of an earlier state': [
        { content: two.bytes, targets: other['4.targets.json'] as Buffer },
        'other targets than the snapshot names',
      ],
      'a timestamp of a stranger': [
        { timestamp: strange['timestamp.json'] as Buffer },
        'timestamp version 5: 0 of 1 signatures',
      ],
      'a snapshot of a stranger': [
        { snapshot: strange['5.snapshot.json'] as Buffer },
        /^snapshot (?:of another length|with another digest)$/,
      ],
      'targets of a stranger': [
        { targets: strange['5.targets.json'] as Buffer },
        'targets version 5: 0 of 2 signatures',
      ],
      'a root of strangers alone': [
        { roots: [root1, rootSigned([tufKey(), tufKey(), tufKey()])] },
        'root version 2: 0 of 2 signatures',
      ],
      'a root signed by one of three': [
        {
          roots: [
            root1,
            signed(
              (JSON.parse(root2.toString()) as { signed: object }).signed,
              repository.rootKeys.slice(0, 1),
            ),
          ],
        },
        'root version 2: 1 of 2 signatures',
      ],
      'a root that one key signed in the name of two': [
        {
          roots: [
            root1,
            signed((JSON.parse(root2.toString()) as { signed: object }).signed, [
              repository.rootKeys[0] as typeof twin,
              { ...(repository.rootKeys[1] as typeof twin), secret: twin.secret },
            ]),
          ],
        },
        'root version 2: 1 of 2 signatures',
      ],
      'a root left out': [{ roots: [root1, repository.root(3, year)] }, 'root version 3 after version 1'],
      'a root that has expired': [
        { roots: [root1, repository.root(2, '2026-10-01T00:00:00Z')] },
        'root version 2 expired on 2026-10-01T00:00:00Z',
      ],
      'an older snapshot than the timestamp names': [
        { snapshot: repository.state(4, one.bytes)['4.snapshot.json'] as Buffer },
        /^snapshot (?:of another length|with another digest)$/,
      ],
      'metadata of another type': [
        { timestamp: repository.state(5, one.bytes)['5.snapshot.json'] as Buffer },
        /^timestamp: _type /,
      ],
      'metadata with a name twice': [
        {
          timestamp: Buffer.from(
            repository
              .state(5, one.bytes)
              ['timestamp.json']?.toString()
              .replace('"signed"', '"signed": {}, "signed"') ?? '',
          ),
        },
        /^timestamp: .*signed/,
      ],
    }
    for (const [name, [files, found]] of Object.entries(cases)) {
      const expected: unknown = typeof found === 'string' ? found : expect.stringMatching(found)
      expect({ name, found: await add(await changed(good, files)) }).toEqual({ name, found: expected })
    }
    const text = await readFile(good, 'utf8')
    const spaced = join(crossing.folder, 'spaced.json')
    await writeFile(spaced, `${text}\n`)
    expect(await add(spaced)).toMatch(/canonical/)
  })

  it('installs its root by two officers; a later one takes its place, an earlier one never', async () => {
    await officers.change(asking(good))
    expect((await rootsHere())[0]).toMatchObject({ digest: `sha256:${one.fingerprint}` })
    // Keys are rotated: version 3 is signed by the old ones and by the new one.
    const fresh = [...repository.rootKeys.slice(0, 2), tufKey()]
    const newer = join(crossing.folder, 'newer')
    await layDown(newer, {
      '1.root.json': firstRoot,
      '2.root.json': repository.root(2, year),
      '3.root.json': repository.root(3, year, fresh),
      ...repository.state(6, two.bytes),
    })
    const later = await collected(newer)
    // The chain goes on from what is believed here: nothing is typed.
    const words = ['trust', 'package', 'add', later, '--name', 'priv.test', '--at', now]
    await officers.change(words)
    const roots = await rootsHere()
    expect(roots.map((root) => root.digest)).toEqual([`sha256:${two.fingerprint}`])
    expect(roots[0]?.origin).toMatch(/^trust package [0-9a-f]{64}$/)
    expect(await add(good)).toBe('timestamp version 5; version 6 was seen here')
    const revoked: Said = await officers.change(['trust', 'revoke', two.fingerprint, '--reason', 'x'])
    expect(revoked.state).toBe('in-force')
    expect(await add(later)).toBe('key-revoked')
    expect(await add(good)).toBe('timestamp version 5; version 6 was seen here')
  })

  it('is judged at no time before that of the last one, whoever states it', async () => {
    const old = makeTufRepository()
    const begin = old.root(1, '2049-01-01T00:00:00Z')
    const root = join(crossing.folder, 'old-root.json')
    await writeFile(root, begin)
    const at = async (version: number): Promise<string> => {
      const folder = join(crossing.folder, `old-${version}`)
      const state = old.state(version, version === 1 ? three.bytes : four.bytes, '2049-01-01T00:00:00Z')
      await layDown(folder, { '1.root.json': begin, ...state })
      const out = join(crossing.folder, `old-${version}.json`)
      expect((await make(folder, out, root)).code).toBe(0)
      return out
    }
    const words = ['trust', 'package', 'add', await at(1), '--name', 'old', '--fingerprint', sha256Hex(begin)]
    await officers.change([...words, '--at', '2026-11-22T11:00:00Z'])
    const next = ['trust', 'package', 'check', await at(2), '--name', 'old', '--at']
    expect((await officers.at(...next, '2026-11-22T11:00:00Z')).code).toBe(0)
    const { failure } = (await officers.at(...next, '2026-11-22T10:59:59Z')).json
    expect(failure).toMatchObject({
      code: 'reference-time',
      facts: {
        found: '2026-11-22T10:59:59Z',
        expected: expect.stringMatching(
          /^not before 2026-11-22T11:00:00Z, .*, and not after 2026-11-23T/,
        ) as unknown,
      },
    })
  })

  it('is judged at the time of a timestamp over it, by an authority that is trusted here', async () => {
    const tsa = makeOpensslTsa(crossing.folder)
    const far = makeTufRepository()
    const first = far.root(1, '2049-01-01T00:00:00Z')
    const lasting = join(crossing.folder, 'lasting')
    await layDown(lasting, { '1.root.json': first, ...far.state(1, one.bytes, '2049-01-01T00:00:00Z') })
    const root = join(crossing.folder, 'lasting-root.json')
    await writeFile(root, first)
    const path = join(crossing.folder, 'lasting-package.json')
    expect((await make(lasting, path, root)).code).toBe(0)
    const reply = tsa.stamp(path)
    const words = ['trust', 'package', 'add', path, '--name', 'lasting', '--fingerprint', sha256Hex(first)]
    const stamped = [...words, '--timestamp', reply]
    expect((await officers.at(...stamped, ...officers.signs(0))).json.failure.code).toBe('reference-time')
    const installing = join(crossing.folder, 'tsa-root.json')
    await writeFile(installing, tsa.root)
    const add = ['trust', 'root', 'add', installing, '--name', 'tsa', '--fingerprint', sha256Hex(tsa.root)]
    await officers.change(add)
    const other = [...words, '--timestamp', tsa.stamp(installing)]
    expect((await officers.at(...other, ...officers.signs(0))).json.failure.code).toBe('package-refused')
    expect((await officers.at(...stamped, '--at', now, ...officers.signs(0))).code).toBe(2)
    const done = await officers.change(stamped)
    expect(done.text).toContain('"by":"timestamp"')
    // Officers have attested a later time since: a timestamp of before would make old metadata fresh again.
    const ahead = Math.ceil((Date.now() - crossing.clock.now().getTime()) / day) + 2
    crossing.clock.forward(ahead)
    const later = timeOf(crossing.clock.now())
    await officers.change([...words, '--at', later])
    const { failure } = (await officers.at(...stamped, ...officers.signs(0))).json
    expect(failure).toMatchObject({
      code: 'reference-time',
      facts: { expected: `not before ${later}, which is proven or attested here` },
    })
    crossing.clock.forward(-ahead)
  })

  const seeds = join(import.meta.dirname, '../../node_modules/@sigstore/tuf/seeds.json')
  it.skipIf(!existsSync(seeds))('takes the real root of the public instance', async () => {
    const all = JSON.parse(await readFile(seeds, 'utf8')) as Record<string, { 'root.json': string }>
    const bytes = Buffer.from(Object.values(all)[0]?.['root.json'] ?? '', 'base64')
    const root = readMetadata('root', bytes)
    expect(() => checkThreshold(root.signed, root)).not.toThrow()
    const bent = readMetadata(
      'root',
      Buffer.from(bytes.toString().replace('"threshold": 3', '"threshold": 2')),
    )
    expect(() => checkThreshold(bent.signed, bent)).toThrow('signatures')
  })
})

/** A package as if it had been collected when the one in `path` was. */
async function withTimeOf(bytes: Buffer, path: string): Promise<Buffer> {
  const { collected: at } = JSON.parse(await readFile(path, 'utf8')) as { collected: string }
  return canonical({ ...(JSON.parse(bytes.toString('utf8')) as object), collected: at })
}
