import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { sha256Hex } from '../../main/platform/hash.ts'
import { publicGoodRoot } from '../../main/trust/public-good.ts'
import type { RootView } from '../../shared/changes.ts'
import { done, sallyport, testClock } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'
import { makeTrustedRoot } from '../support/trusted-root.ts'

let crossing: Crossing
let officers: Officers
beforeAll(async () => {
  crossing = await makeCrossing()
  officers = await makeOfficers(crossing, crossing.high)
  await officers.seal()
})
afterAll(() => crossing.dispose())

const roots = async (): Promise<RootView[]> =>
  (await done(['trust', 'list', '--desk', crossing.high], crossing.clock)).roots as RootView[]
async function file(name: string, bytes: Buffer | string): Promise<string> {
  const path = join(crossing.folder, name)
  await writeFile(path, bytes)
  return path
}
const codeOf = async (...words: string[]): Promise<string> => {
  const ended = await officers.at(...words, ...officers.signs(0))
  return ended.code === 0 ? 'done' : ended.json.failure.code
}

describe('a trusted root', () => {
  const root = makeTrustedRoot()

  it('is installed by two officers, by the whole fingerprint of its file', async () => {
    const path = await file('trusted_root.json', root.bytes)
    const add = ['trust', 'root', 'add', path, '--name', 'priv.test', '--fingerprint']
    expect(await codeOf(...add, root.fingerprint.slice(0, 60))).toBe('fingerprint-form')
    expect(await codeOf(...add, '0'.repeat(64))).toBe('fingerprint-differs')
    await officers.change([...add, root.fingerprint.toUpperCase()])
    const [installed] = await roots()
    expect(installed).toMatchObject({
      name: 'priv.test',
      digest: `sha256:${root.fingerprint}`,
      origin: 'file trusted_root.json',
      by: officers.people.map((person) => person.name),
      authorities: [{ kind: 'log', name: 'https://log.priv.test', from: '2025-01-01T00:00:00Z', to: null }],
    })
    expect(await codeOf(...add, root.fingerprint)).toBe('root-exists')
    const cached = join(crossing.high, 'trust', 'roots', `${root.fingerprint}.json`)
    expect(await readFile(cached)).toEqual(root.bytes)
  })

  it('is what the ledger says: another file in its place is found and made anew', async () => {
    const cached = join(crossing.high, 'trust', 'roots', `${root.fingerprint}.json`)
    await writeFile(cached, makeTrustedRoot().bytes)
    const checked = await sallyport(['ledger', 'verify', '--desk', crossing.high], crossing.clock)
    expect({ code: checked.code, differing: checked.json.differing }).toEqual({
      code: 3,
      differing: [`trust/roots/${root.fingerprint}.json`],
    })
    const session = openSession({ clock: testClock(), network: openGate })
    const place = session.place('desk', crossing.high)
    const { recovered } = await session.call('desk.open', { place, mode: 'write' })
    await session.close()
    expect(recovered.join(' ')).toContain('trust/roots')
    expect(await readFile(cached)).toEqual(root.bytes)
    await rm(cached)
    expect((await sallyport(['ledger', 'verify', '--desk', crossing.high], crossing.clock)).code).toBe(3)
  })

  it('is refused when it is none: another file, a field unknown, a name twice, no start, a broken certificate', async () => {
    const text = root.bytes.toString('utf8')
    const bad = {
      empty: '{}',
      garbage: 'not json',
      unknown: text.replace('"tlogs"', '"x": 1, "tlogs"'),
      twice: text.replace('"tlogs"', '"tlogs": [], "tlogs"'),
      start: text.replace('"start"', '"end"'),
      media: text.replace('version=0.1', 'version=9'),
      nothing: JSON.stringify({ mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' }),
      certificate: JSON.stringify({
        mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
        certificateAuthorities: [
          {
            certChain: { certificates: [{ rawBytes: 'AAAA' }] },
            validFor: { start: '2025-01-01T00:00:00Z' },
          },
        ],
      }),
    }
    for (const [name, content] of Object.entries(bad)) {
      const path = await file(`${name}.json`, content)
      const words = ['trust', 'root', 'add', path, '--name', name, '--fingerprint', sha256Hex(content)]
      expect({ name, code: await codeOf(...words) }).toEqual({ name, code: 'root-form' })
    }
    const large = await file('large.json', Buffer.alloc(1024 * 1024 + 1, 32))
    const words = ['trust', 'root', 'add', large, '--name', 'large', '--fingerprint', root.fingerprint]
    expect(await codeOf(...words)).toBe('file-too-large')
  })

  it('of several in one file is the one whose fingerprint is typed, and each is shown with its own', async () => {
    const [one, two] = ['one.test', 'two.test'].map((name) =>
      JSON.stringify(JSON.parse(makeTrustedRoot(name).bytes.toString())),
    )
    const path = await file('several.jsonl', `${one ?? ''}\n${two ?? ''}\n`)
    const shown = (await done(['trust', 'root', 'show', path])).roots as {
      readonly fingerprint: { readonly hex: string }
      readonly authorities: readonly { readonly name: string }[]
    }[]
    expect(shown.map(({ fingerprint, authorities }) => [fingerprint.hex, authorities[0]?.name])).toEqual([
      [sha256Hex(one ?? ''), 'https://one.test'],
      [sha256Hex(two ?? ''), 'https://two.test'],
    ])
    const whole = ['trust', 'root', 'add', path, '--name', 'all', '--fingerprint']
    expect(await codeOf(...whole, sha256Hex(await readFile(path)))).toBe('root-form')
    expect(await codeOf(...whole, '0'.repeat(64))).toBe('fingerprint-differs')
    // As the line stands, and as “split” cuts it, with its end.
    await officers.change([...whole.slice(0, 5), 'second', '--fingerprint', sha256Hex(two ?? '')])
    await officers.change([...whole.slice(0, 5), 'first', '--fingerprint', sha256Hex(`${one ?? ''}\n`)])
    const names = (await roots()).flatMap(({ name, authorities }) =>
      name === 'first' || name === 'second' ? [[name, authorities[0]?.name]] : [],
    )
    expect(names).toEqual([
      ['second', 'https://two.test'],
      ['first', 'https://one.test'],
    ])
    expect(
      (await sallyport(['trust', 'root', 'show', await file('none.json', '{}')])).json.failure.code,
    ).toBe('root-form')
  })

  it('is revoked by its fingerprint, and never comes back', async () => {
    await officers.change(['trust', 'revoke', root.fingerprint, '--reason', 'Its operator is gone'])
    expect((await roots()).map(({ name }) => name)).not.toContain('priv.test')
    const path = join(crossing.folder, 'trusted_root.json')
    const add = ['trust', 'root', 'add', path, '--name', 'again', '--fingerprint', root.fingerprint]
    expect(await codeOf(...add)).toBe('key-revoked')
  })

  it('of the public instance is offered by name, and still typed from paper', async () => {
    const add = ['trust', 'root', 'add', '--public-good', '--name', 'built-in', '--fingerprint']
    expect(await codeOf(...add, '0'.repeat(64))).toBe('fingerprint-differs')
    await officers.change([...add, sha256Hex(publicGoodRoot)])
    const installed = (await roots()).find((one) => one.name === 'built-in')
    expect(installed?.origin).toBe('the copy that is built in')
    const kinds = new Set(installed?.authorities.map((one) => one.kind))
    const all = ['certificate authority', 'certificate log', 'log', 'timestamp authority']
    expect([...kinds].sort()).toEqual(all)
    expect(installed?.authorities.some((one) => one.to !== null)).toBe(true)
    const both = await officers.at(...add.slice(0, 3), 'x.json', ...add.slice(3), '0', ...officers.signs(0))
    expect(both.code).toBe(2)
  })
})
