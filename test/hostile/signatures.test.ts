import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey } from '../../main/sign/key-file.ts'
import { done } from '../support/command-line.ts'
import { makeBundle, makeCrossing, makePerson, type Crossing } from '../support/desks.ts'
import { honestWaybill, lineOf, signerOfPerson, type Claim } from '../support/forge.ts'
import { expectStopped } from '../support/refusal.ts'

describe('signatures on a waybill', () => {
  let crossing: Crossing
  let folder: string
  let copies = 0
  beforeAll(async () => {
    crossing = await makeCrossing()
    folder = (await makeBundle(crossing, 'medium')).folder
  })
  afterAll(() => crossing.dispose())

  /** A copy of the medium whose signature file is another one. */
  async function withSignatures(change: (lines: string[]) => string | Buffer): Promise<string> {
    const copy = join(crossing.folder, `copy-${++copies}`, folder.split('/').at(-1)!)
    await cp(folder, copy, { recursive: true })
    const path = join(copy, 'waybill.sigstore.jsonl')
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1)
    await writeFile(path, change(lines))
    return copy
  }
  async function withClaims(...claims: Claim[]): Promise<string> {
    const waybill = await honestWaybill(folder)
    const bytes = await readFile(join(folder, 'waybill.json'))
    const lines = await Promise.all(claims.map((claim) => lineOf(crossing, waybill, bytes, claim)))
    return withSignatures(() => lines.map((line) => `${line.toString()}\n`).join(''))
  }
  const file = (lines: string[]): string => lines.map((line) => `${line}\n`).join('')

  it('missing: one line, no line', async () => {
    await expectStopped(crossing, await withSignatures(([first]) => file([first!])), 'signatures.required')
    await expectStopped(
      crossing,
      await withSignatures(([, second]) => file([second!])),
      'signatures.required',
    )
    await expectStopped(crossing, await withSignatures(() => ''), 'signatures.form')
  })

  it('repeated and in another order', async () => {
    await expectStopped(crossing, await withSignatures(([a, b]) => file([a!, a!, b!])), 'signatures.line')
    await expectStopped(crossing, await withSignatures(([a, b]) => file([b!, a!])), 'signatures.form')
  })

  it('wrong: a key that nobody here trusts, alone or beside the right ones', async () => {
    const stranger = (await createKey('p256', 'a stranger')).signer
    const [bob, carol] = [await signerOfPerson(crossing, 'bob'), await signerOfPerson(crossing, 'carol')]
    const right: Claim[] = [
      { role: 'prepare', person: 'bob', signer: bob },
      { role: 'release', person: 'carol', signer: carol },
    ]
    await expectStopped(
      crossing,
      await withClaims(right[0]!, { role: 'release', person: 'carol', signer: stranger }),
      'signatures.line',
    )
    await expectStopped(
      crossing,
      await withClaims(...right, { role: 'witness', person: 'mallory', signer: stranger }),
      'signatures.line',
    )
  })

  it('a role that the signer is not trusted for, and one person in both roles', async () => {
    const [bob, carol] = [await signerOfPerson(crossing, 'bob'), await signerOfPerson(crossing, 'carol')]
    await expectStopped(
      crossing,
      await withClaims(
        { role: 'prepare', person: 'carol', signer: carol },
        { role: 'release', person: 'bob', signer: bob },
      ),
      'signatures.line',
    )
    await expectStopped(
      crossing,
      await withClaims(
        { role: 'prepare', person: 'bob', signer: bob },
        { role: 'release', person: 'bob', signer: carol },
      ),
      'signatures.line',
    )
  })

  it('two keys of one person', async () => {
    const { high, clock, lowId } = crossing
    const second = await makePerson(crossing.folder, 'bob-two', 'Bob Lind', 'p256')
    await done(
      [
        'trust',
        'add',
        '--desk',
        high,
        '--key',
        `${second.key}.pub`,
        '--name',
        'Bob Lind',
        '--role',
        'release',
        '--sender',
        lowId,
        '--channel',
        'payments',
        '--fingerprint',
        second.fingerprint,
      ],
      clock,
    )
    const bob = await signerOfPerson(crossing, 'bob')
    const other = await signerOfPerson(
      { ...crossing, people: { ...crossing.people, carol: second } },
      'carol',
    )
    await expectStopped(
      crossing,
      await withClaims(
        { role: 'prepare', person: 'bob', signer: bob },
        { role: 'release', person: 'bob-two', signer: other },
      ),
      'signatures.line',
    )
  })

  const games: readonly (readonly [string, (line: string) => string])[] = [
    ['a blank before the line', (line) => ` ${line}`],
    ['a blank inside', (line) => line.replace('{"dsse', '{ "dsse')],
    ['a carriage return', (line) => `${line}\r`],
    [
      'keys in another order',
      (line) => {
        const v = JSON.parse(line) as Record<string, unknown>
        return JSON.stringify({ mediaType: v['mediaType'], ...v })
      },
    ],
    ['a duplicate key', (line) => line.replace('"mediaType":', '"mediaType":"x","mediaType":')],
    ['a field more', (line) => line.replace('{"dsse', '{"aaa":1,"dsse')],
    ['a keyid', (line) => line.replace('"sig":', '"keyid":"","sig":')],
    [
      'two signatures in one envelope',
      (line) => line.replace(/"signatures":\[(.*?)\]/, '"signatures":[$1,$1]'),
    ],
    ['no signature', (line) => line.replace(/"signatures":\[.*?\]/, '"signatures":[]')],
    ['base64 without its padding', (line) => line.replace(/=+"/, '"')],
    [
      'base64url',
      (line) =>
        line.replace(
          /"sig":"(.*?)"/,
          (_, sig: string) => `"sig":"${sig.replace(/[+/]/g, '-').replace(/^./, '_')}"`,
        ),
    ],
    [
      'spare bits in base64',
      (line) =>
        line.replace(/([A-Za-z0-9+/])="/, (_, c: string) => `${String.fromCharCode(c.charCodeAt(0) + 1)}="`),
    ],
    ['an older bundle version', (line) => line.replace('bundle.v0.3+json', 'bundle+json;version=0.2')],
    ['another payload type', (line) => line.replace('application/vnd.in-toto+json', 'application/json')],
    ['an escaped letter', (line) => line.replace('"payload"', '"\\u0070ayload"')],
    ['a byte order mark', (line) => `\ufeff${line}`],
  ]
  for (const [what, play] of games) {
    it(`games in a line: ${what}`, async () => {
      const copy = await withSignatures(([a, b]) => {
        const changed = play(a!)
        expect(changed).not.toBe(a)
        return file([changed, b!])
      })
      await expectStopped(crossing, copy, 'signatures.form')
    })
  }

  it('more than 8 lines, more than 256 KiB, no last line end, an empty line', async () => {
    await expectStopped(
      crossing,
      await withSignatures(([a]) => file(Array.from({ length: 9 }, () => a!))),
      'signatures.form',
    )
    await expectStopped(
      crossing,
      await withSignatures(() => Buffer.alloc(256 * 1024 + 1, 'a')),
      'signatures.form',
    )
    await expectStopped(crossing, await withSignatures((lines) => lines.join('\n')), 'signatures.form')
    await expectStopped(crossing, await withSignatures((lines) => `${file(lines)}\n`), 'signatures.form')
  })

  it('an altered waybill, an altered signature, a waybill that is not there', async () => {
    const copy = await withSignatures(file)
    const bytes = await readFile(join(copy, 'waybill.json'))
    bytes[bytes.length - 10]! ^= 1
    await writeFile(join(copy, 'waybill.json'), bytes)
    const altered = await expectStopped(crossing, copy, 'signatures.line')
    const lines = altered.checks.filter(({ id }) => id === 'signatures.line')
    expect(lines.map(({ reason, person }) => [reason, person])).toEqual([
      ['altered', 'Bob Lind'],
      ['altered', 'Carol Diaz'],
    ])
    // Nobody is to be trusted because a text was changed.
    for (const { means, next } of lines) {
      expect(means).toContain('The waybill was changed after this person had signed it')
      expect(next).toMatch(/^Stop\. .*Nobody is to be added under Trust for this\.$/)
    }
    const other = await withSignatures(([a, b]) =>
      file([b!.replace('"release"', '"release"'), a!].reverse()).replace(
        /"sig":"(.)/,
        (_, c: string) => `"sig":"${c === 'M' ? 'N' : 'M'}`,
      ),
    )
    const imitated = await expectStopped(crossing, other, 'signatures.line')
    expect(imitated.checks.some(({ reason }) => reason === 'not-made')).toBe(true)
  })
})
