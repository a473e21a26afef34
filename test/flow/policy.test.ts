import { generateKeyPairSync } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport } from '../support/command-line.ts'
import {
  makeBundle,
  makeCrossing,
  makePerson,
  release,
  signing,
  writeFiles,
  writeRequest,
  type Crossing,
} from '../support/desks.ts'

let crossing: Crossing
beforeAll(async () => {
  crossing = await makeCrossing()
})
afterAll(() => crossing.dispose())

const run = (...words: string[]): ReturnType<typeof sallyport> => sallyport(words, crossing.clock)
async function refused(code: string, ...words: string[]): Promise<void> {
  const ledger = await readFile(join(crossing.low, 'ledger.jsonl'))
  const ended = await run(...words)
  expect({ words, exit: ended.code, code: ended.json.failure.code }).toEqual({ words, exit: 1, code })
  for (const text of [ended.json.failure.happened, ended.json.failure.safe, ended.json.failure.next]) {
    expect(text).not.toMatch(/[{}–]|^$/)
  }
  expect(await readFile(join(crossing.low, 'ledger.jsonl'))).toEqual(ledger)
}
async function file(name: string, text: string): Promise<string> {
  const path = join(crossing.folder, name)
  await writeFile(path, text)
  return path
}
const spki = (pair: {
  publicKey: { export(options: { type: 'spki'; format: 'pem' }): string | Buffer }
}): string => pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()

describe('keys', () => {
  it('are made with a passphrase, private to their owner, never over another file', async () => {
    const key = join(crossing.folder, 'new.key')
    await refused(
      'passphrase-weak',
      'key',
      'create',
      key,
      '--algorithm',
      'p256',
      '--passphrase-file',
      await file('empty', '\n'),
    )
    for (const weak of ['short', 'fourteen chars', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'é'.repeat(14)]) {
      const words = ['key', 'create', key, '--algorithm', 'p256', '--passphrase-file']
      await refused('passphrase-weak', ...words, await file('weak', `${weak}\n`))
    }
    await done(['key', 'create', key, '--algorithm', 'p256', '--passphrase-file', crossing.passphrase])
    expect((await stat(key)).mode & 0o777).toBe(0o600)
    expect(await readFile(key, 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY')
    await refused(
      'file-exists',
      'key',
      'create',
      key,
      '--algorithm',
      'p256',
      '--passphrase-file',
      crossing.passphrase,
    )
    const without = await run('key', 'create', join(crossing.folder, 'x'), '--algorithm', 'p256')
    expect(without.code).toBe(2)
    const other = await run(
      'key',
      'create',
      join(crossing.folder, 'x'),
      '--algorithm',
      'rsa2048',
      '--passphrase-file',
      crossing.passphrase,
    )
    expect(other.code).toBe(2)
  })

  it('of other kinds are refused: weak, unusual, damaged, private, two in one file', async () => {
    const good = await readFile(`${crossing.people.bob.key}.pub`, 'utf8')
    const bad = {
      rsa2048: spki(generateKeyPairSync('rsa', { modulusLength: 2048 })),
      rsa1024: spki(generateKeyPairSync('rsa', { modulusLength: 1024 })),
      exponent: spki(generateKeyPairSync('rsa', { modulusLength: 3072, publicExponent: 3 })),
      secp256k1: spki(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
      p224: spki(generateKeyPairSync('ec', { namedCurve: 'secp224r1' })),
      explicit: spki(generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' })),
      ed448: spki(generateKeyPairSync('ed448')),
      x25519: spki(generateKeyPairSync('x25519')),
      garbage: good.replace(/\n[A-Za-z0-9+/]{8}/, '\nAAAAAAAA'),
      two: good + good,
      private: await readFile(crossing.people.bob.key, 'utf8'),
      empty: '',
      large: good + '\n'.repeat(70_000),
    }
    for (const [name, text] of Object.entries(bad)) {
      const ended = await run('key', 'show', await file(`${name}.pub`, text))
      expect({ name, exit: ended.code }).toEqual({ name, exit: 1 })
      expect(['key-unreadable', 'file-too-large']).toContain(ended.json.failure.code)
    }
  })

  it('a wrong passphrase, a key of another person, a key that is none', async () => {
    const items = await writeFiles(crossing, { 'a.txt': 'a' })
    const { id } = await done(
      ['collect', await writeRequest(crossing, items), '--desk', crossing.low],
      crossing.clock,
    )
    const approve = ['approve', id, '--desk', crossing.low, '--role', 'prepare', '--person', 'bob']
    const wrong = await file('wrong', 'not this one\n')
    await refused('key-locked', ...approve, '--key', crossing.people.bob.key, '--passphrase-file', wrong)
    await refused(
      'key-not-this-person',
      ...approve,
      '--key',
      crossing.people.carol.key,
      '--passphrase-file',
      crossing.passphrase,
    )
    await refused(
      'key-unreadable',
      ...approve,
      '--key',
      `${crossing.people.bob.key}.pub`,
      '--passphrase-file',
      crossing.passphrase,
    )
    const ended = await run(...approve, '--key', crossing.people.bob.key, '--passphrase-file', wrong)
    expect(ended.stdout + ended.stderr).not.toContain('not this one')
  })
})

describe('people and trust', () => {
  const person = (id: string, key: string, ...roles: string[]): string[] => [
    'person',
    'add',
    '--desk',
    crossing.low,
    '--id',
    id,
    '--name',
    `Person ${id}`,
    '--key',
    `${key}.pub`,
    ...roles.flatMap((role) => ['--role', role]),
  ]

  it('one key is one person; some roles exclude each other; names are visible', async () => {
    const { key } = await makePerson(crossing.folder, 'zoe', 'Zoe', 'p384')
    await refused('person-exists', ...person('zoe', crossing.people.bob.key, 'witness'))
    await refused('person-exists', ...person('bob', key, 'witness'))
    await refused('roles-exclude', ...person('zoe', key, 'requester', 'release-authority'))
    for (const other of ['requester', 'transfer-agent', 'witness', 'security-officer', 'media-custodian']) {
      await refused('roles-exclude', ...person('zoe', key, 'auditor', other))
    }
    const hidden = person('zoe', key, 'witness').map((word) => (word === 'Person zoe' ? 'Z\u202eoe' : word))
    await refused('bad-input', ...hidden)
    expect((await run(...person('zoe', key, 'king'))).code).toBe(2)
    expect((await run(...person('zoe', key))).code).toBe(2)
  })

  it('trust takes the whole fingerprint, typed from paper, and nothing less', async () => {
    const zoe = await makePerson(crossing.folder, 'zoe2', 'Zoe', 'p256')
    const shown = await done(['key', 'show', `${zoe.key}.pub`])
    const { hex, words } = shown.fingerprint
    const trust = (fingerprint: string): string[] => [
      'trust',
      'add',
      '--desk',
      crossing.high,
      '--key',
      `${zoe.key}.pub`,
      '--name',
      'Zoe',
      '--role',
      'witness',
      '--fingerprint',
      fingerprint,
    ]
    const wrong: readonly (readonly [string, string])[] = [
      ['fingerprint-differs', crossing.people.bob.fingerprint],
      ['fingerprint-differs', [...words].reverse().join(' ')],
      ['fingerprint-form', hex.slice(0, 32)],
      ['fingerprint-form', hex.slice(0, 63)],
      ['fingerprint-form', `${hex}0`],
      ['fingerprint-form', words.slice(0, 8).join(' ')],
      ['fingerprint-form', words.slice(0, 15).join(' ')],
      ['fingerprint-form', [...words, words[0]].join(' ')],
      ['fingerprint-form', ' '],
    ]
    for (const [code, typed] of wrong) {
      const ended = await run(...trust(typed))
      expect({
        typed,
        exit: ended.code,
        code: ['fingerprint-differs', 'fingerprint-form'].includes(ended.json.failure.code),
      }).toEqual({ typed, exit: 1, code: true })
      expect(code).toMatch(/^fingerprint/)
      // The right one is not offered: it has to come from paper.
      if (!typed.includes(hex.slice(0, 16))) expect(ended.stdout).not.toContain(hex.slice(0, 16))
    }
    await done(trust(` ${words.join('  ').toUpperCase()} `))
    const twice = await run(...trust(hex))
    expect(twice.json.failure.code).toBe('trust-exists')
  })

  it('a high desk that trusts nobody refuses every bundle; a low desk without people collects nothing and says who is missing', async () => {
    const { folder, clock } = crossing
    const bare = join(folder, 'bare-high')
    await done(['desk', 'create', bare, '--side', 'high', '--name', 'Bare'], clock)
    const bundle = await makeBundle(crossing, 'for-bare')
    const ended = await sallyport(['verify', bundle.folder, '--desk', bare], clock)
    expect(ended.code).toBe(3)
    const low = join(folder, 'bare-low')
    await done(['desk', 'create', low, '--side', 'low', '--name', 'Bare'], clock)
    const request = await writeRequest(crossing, await writeFiles(crossing, { 'a.txt': 'a' }))
    const missing = await sallyport(['collect', request, '--desk', low], clock)
    expect({ code: missing.code, failure: missing.json.failure.code }).toEqual({
      code: 1,
      failure: 'people-missing',
    })
    expect(missing.json.failure.happened).toMatch(/transfer.agent/)
    expect(missing.json.failure.happened).toMatch(/release.authority/)
  })

  it('an act belongs to one side', async () => {
    const { low, high } = crossing
    await refused('wrong-side', 'verify', crossing.folder, '--desk', low)
    await refused('wrong-side', 'collect', join(crossing.folder, 'x.yaml'), '--desk', high)
  })
})

describe('release', () => {
  const approve = (id: string, role: string, by: 'alice' | 'bob' | 'carol'): string[] => [
    'approve',
    id,
    '--desk',
    crossing.low,
    '--role',
    role,
    ...signing(crossing, by),
  ]
  const collected = async (name: string): Promise<string> => {
    const items = await writeFiles(crossing, { 'b.txt': name })
    return (
      await done(['collect', await writeRequest(crossing, items), '--desk', crossing.low], crossing.clock)
    ).id
  }

  it('needs two people in their roles; the requester never releases; nothing is written before', async () => {
    const id = await collected('b')
    await refused('role-missing', ...approve(id, 'prepare', 'carol'))
    await refused('role-missing', ...approve(id, 'release', 'bob'))
    await refused('role-missing', ...approve(id, 'prepare', 'alice'))
    await done(approve(id, 'prepare', 'bob'), crossing.clock)
    await refused('already-signed', ...approve(id, 'prepare', 'bob'))
    await refused(
      'signatures-missing',
      'write',
      id,
      '--desk',
      crossing.low,
      '--to',
      join(crossing.folder, 'request'),
    )
    const dan = await makePerson(crossing.folder, 'dan', 'Dan', 'p256')
    await done(
      [
        'person',
        'add',
        '--desk',
        crossing.low,
        '--id',
        'dan',
        '--name',
        'Dan',
        '--key',
        `${dan.key}.pub`,
        '--role',
        'release-authority',
        '--role',
        'transfer-agent',
      ],
      crossing.clock,
    )
    // Added after the making: not one of the waybill's people.
    const late = [
      'approve',
      id,
      '--desk',
      crossing.low,
      '--role',
      'release',
      '--person',
      'dan',
      '--key',
      dan.key,
      '--passphrase-file',
      crossing.passphrase,
    ]
    await refused('consignment-state', ...late)
    await done(approve(id, 'release', 'carol'), crossing.clock)
    const items = await writeFiles(crossing, { 'c.txt': 'c' })
    // Who may release cannot ask: the roles exclude each other, so a release by the requester cannot even begin.
    const asked = await writeRequest(crossing, items, { requester: 'dan' })
    await refused('people-missing', 'collect', asked, '--desk', crossing.low)
    const request = await writeRequest(crossing, items)
    const second = (await done(['collect', request, '--desk', crossing.low], crossing.clock)).id
    const byDan = (role: string): string[] => [
      'approve',
      second,
      '--desk',
      crossing.low,
      '--role',
      role,
      '--person',
      'dan',
      '--key',
      dan.key,
      '--passphrase-file',
      crossing.passphrase,
    ]
    await done(byDan('prepare'), crossing.clock)
    await refused('same-person', ...byDan('release'))
  })

  it('a number that another took: made again, signatures are lost, nothing is fetched', async () => {
    const [first, second] = [await collected('one'), await collected('two')]
    await done(approve(first, 'prepare', 'bob'), crossing.clock)
    await done(approve(second, 'prepare', 'bob'), crossing.clock)
    await done(approve(first, 'release', 'carol'), crossing.clock)
    await refused('waybill-old', ...approve(second, 'release', 'carol'))
    const again = await done(['collect', second, '--desk', crossing.low], crossing.clock)
    expect(again.id).toBe(second)
    const prepared = await done(approve(second, 'prepare', 'bob'), crossing.clock)
    expect(prepared.missing).toEqual(['release'])
    expect((await done(approve(second, 'release', 'carol'), crossing.clock)).missing).toEqual([])
  })
})

describe('policy', () => {
  const bad: readonly (readonly [string, string, number])[] = [
    ['an unknown key', 'sallyport: policy/v1\nversion: 9\nlifetim: 3\n', 3],
    ['an unknown key inside', 'sallyport: policy/v1\nversion: 9\nsigners:\n  prepare: 1\n  relase: 1\n', 5],
    ['a newer format', 'sallyport: policy/v2\nversion: 9\n', 1],
    ['a wrong type', 'sallyport: policy/v1\nversion: 9\nlifetime: long\n', 3],
    ['too long a life', 'sallyport: policy/v1\nversion: 9\nlifetime: 100000\n', 3],
    ['nobody signs', 'sallyport: policy/v1\nversion: 9\nsigners: {prepare: 0, release: 1, witness: 0}\n', 3],
    ['an alias', 'sallyport: policy/v1\nversion: &a 9\nlifetime: *a\n', 2],
    ['a tag', 'sallyport: policy/v1\nversion: !!int 9\n', 2],
    ['a duplicate key', 'sallyport: policy/v1\nversion: 9\nversion: 10\n', 3],
    ['two documents', 'sallyport: policy/v1\nversion: 9\n---\nx: 1\n', 3],
    ['nothing', '', 1],
    ['a list', '- 1\n', 1],
  ]
  for (const [what, text, line] of bad) {
    it(`refuses ${what}, with the line`, async () => {
      const path = await file('bad-policy.yaml', text)
      const ended = await run('policy', 'set', path, '--desk', crossing.low)
      expect({ exit: ended.code, code: ended.json.failure.code }).toEqual({ exit: 1, code: 'policy-form' })
      expect(Math.abs(Number(ended.json.failure.facts['line']) - line)).toBeLessThanOrEqual(1)
    })
  }

  it('its version must rise; a witness that it asks for must sign', async () => {
    const policy = (version: number): Promise<string> =>
      file(
        `policy-${version}.yaml`,
        `sallyport: policy/v1\nversion: ${version}\nsigners: {prepare: 1, release: 1, witness: 1}\n`,
      )
    await refused('policy-version', 'policy', 'set', await policy(1), '--desk', crossing.low)
    await done(['policy', 'set', await policy(3), '--desk', crossing.high], crossing.clock)
    const lower = await run('policy', 'set', await policy(2), '--desk', crossing.high)
    expect(lower.json.failure.code).toBe('policy-version')
    const request = await writeRequest(crossing, await writeFiles(crossing, { 'w.txt': 'w' }))
    const id = await release(crossing, request)
    expect(id).not.toBe('')
    const { folder } = await makeBundle(crossing, 'no-witness')
    const ended = await run('verify', folder, '--desk', crossing.high)
    expect(ended.code).toBe(3)
    expect(
      ended.json.checks.find((check) => check.id === 'signatures.required' && check.subject === 'witness')
        ?.result,
    ).toBe('fail')
  })
})
