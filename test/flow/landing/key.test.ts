import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { done, sallyport, type Ended, type Said } from '../../support/command-line.ts'
import { makeCrossing, type Crossing } from '../../support/desks.ts'
import { eventsOf } from '../../support/forged-desk.ts'
import { landingKey, recordedOf } from '../../support/landing.ts'
import { makeOfficers, type Officers } from '../../support/officers.ts'
import { makeKey } from '../../support/pki/key.ts'

/* The key that seals what lands: who makes it, who puts it in force, and what lies in the folder of the desk. */

let crossing: Crossing
beforeEach(async () => {
  crossing = await makeCrossing()
})
afterEach(() => crossing.dispose())

const high = (...words: string[]): Promise<Ended> =>
  sallyport([...words, '--desk', crossing.high], crossing.clock)
const create = (...words: string[]): Promise<Ended> => high('landing', 'key', 'create', ...words)
const show = (): Promise<Said> => done(['landing', 'key', 'show', '--desk', crossing.high], crossing.clock)
const list = (...words: string[]): Promise<Ended> =>
  high('landing', 'list', '--out', join(crossing.folder, 'list.json'), ...words)
const keys = (): string[] => {
  try {
    return readdirSync(join(crossing.high, 'landing')).sort()
  } catch {
    return []
  }
}
const path = (name: string): string => join(crossing.high, 'landing', name)
const hexOf = (ended: Said): string => ended.fingerprint.hex
const inForce = async (): Promise<string | undefined> => {
  const { key } = (await show()) as unknown as { key: { fingerprint: { hex: string } } | null }
  return key?.fingerprint.hex
}

describe('on a desk that is founding', () => {
  it('is in force at once: P-256, PKCS#8, readable by its owner alone, and its public half fits', async () => {
    const pub = await landingKey(crossing)
    const fingerprint = (await inForce()) ?? ''
    expect(keys()).toEqual([`${fingerprint}.key`])
    const file = path(`${fingerprint}.key`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(crossing.high, 'landing')).mode & 0o777).toBe(0o700)
    const text = readFileSync(file, 'utf8')
    expect(text).toMatch(/^-----BEGIN PRIVATE KEY-----/)
    const key = createPrivateKey(text)
    expect(key.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
    const spki = { type: 'spki', format: 'pem' } as const
    expect(createPublicKey(key).export(spki)).toBe(readFileSync(pub, 'utf8'))
    expect((await done(['key', 'show', pub])).fingerprint.hex).toBe(fingerprint)
    const said = await show()
    expect(said).toMatchObject({ key: { locked: false, by: [] }, signers: 'station', listed: null })
    const event = (await eventsOf(crossing.high)).at(-1)
    expect(event).toMatchObject({
      type: 'change.made',
      facts: { change: { kind: 'landing.key', fingerprint, locked: false } },
    })
    expect(JSON.stringify(event)).not.toContain('PRIVATE')
  })

  it('has a passphrase where one is given, and opens by that alone', async () => {
    const made = await create('--landing-passphrase-file', crossing.passphrase)
    expect(made.json).toMatchObject({ ok: true, locked: true, pending: null })
    expect(readFileSync(path(`${hexOf(made.json)}.key`), 'utf8')).toMatch(/BEGIN ENCRYPTED PRIVATE KEY/)
    const before = await recordedOf(crossing.high)
    const wrong = join(crossing.folder, 'wrong')
    writeFileSync(wrong, 'wrong horse battery staple\n')
    expect((await list()).json.failure).toMatchObject({
      code: 'landing-locked',
      happened: expect.stringContaining('none was given') as string,
    })
    expect((await list('--landing-passphrase-file', wrong)).json.failure).toMatchObject({
      code: 'landing-locked',
      happened: expect.stringContaining('another passphrase') as string,
    })
    expect(await recordedOf(crossing.high)).toEqual(before)
    expect((await list('--landing-passphrase-file', crossing.passphrase)).code).toBe(0)
  })

  it('replaces the one before, whose private half is gone', async () => {
    const first = hexOf((await create()).json)
    const second = hexOf((await create()).json)
    expect(second).not.toBe(first)
    expect(keys()).toEqual([`${second}.key`])
    expect(await inForce()).toBe(second)
  })

  it.each([
    [['--landing-passphrase-file', 'SHORT'], 'passphrase-weak'],
    [['--person', 'dave', '--key', 'KEY', '--passphrase-file', 'PASSPHRASE'], 'bad-input'],
  ])('with %j is refused, and leaves nothing', async (words, code) => {
    const short = join(crossing.folder, 'short')
    writeFileSync(short, 'short\n')
    const places: Record<string, string> = {
      SHORT: short,
      KEY: crossing.people.dave.key,
      PASSPHRASE: crossing.passphrase,
    }
    const ended = await create(...words.map((word) => places[word] ?? word))
    expect(ended.json.failure.code).toBe(code)
    expect(keys()).toEqual([])
    expect(await inForce()).toBeUndefined()
  })

  it('is not made twice in one breath: two ways to say how it is locked exclude each other', async () => {
    const ended = await create('--no-passphrase', '--landing-passphrase-file', crossing.passphrase)
    expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({ code: 2, failure: 'usage' })
    expect(keys()).toEqual([])
  })

  it('clears away what a crash left of a key that was being written', async () => {
    await create()
    const left = path(`${'a'.repeat(64)}.key.0123456789ab.tmp`)
    writeFileSync(left, 'half a key')
    writeFileSync(path('notes.txt'), 'mine')
    const second = hexOf((await create()).json)
    expect(keys()).toEqual([`${second}.key`, 'notes.txt'].sort())
  })

  it('is nobody else’s: neither a person nor a signer nor an identity of the policy has it', async () => {
    const pub = await landingKey(crossing)
    const fingerprint = (await inForce()) ?? ''
    const before = await recordedOf(crossing.high)
    const policy = join(crossing.folder, 'policy.yaml')
    const pem = readFileSync(pub, 'utf8').trim().replaceAll(/^/gm, '      ')
    writeFileSync(
      policy,
      `sallyport: policy/v1\nversion: 2\nidentities:\n  - name: us\n    fingerprint: ${fingerprint}\n    key: |\n${pem}\n`,
    )
    const zoe = ['--id', 'zoe', '--name', 'Zoe Hart', '--role', 'witness', '--key', pub]
    const trust = ['--key', pub, '--name', 'Zoe Hart', '--role', 'prepare', '--fingerprint', fingerprint]
    for (const words of [
      ['person', 'add', ...zoe],
      ['person', 'key', '--id', 'dave', '--key', pub],
      ['trust', 'add', ...trust],
      ['policy', 'set', policy],
    ])
      expect((await high(...words)).json.failure.code, words.join(' ')).toBe('landing-key-taken')
    expect(await recordedOf(crossing.high)).toEqual(before)
  })

  it('is none of a low desk', async () => {
    const ended = await sallyport(['landing', 'key', 'create', '--desk', crossing.low], crossing.clock)
    expect(ended.json.failure.code).toBe('wrong-side')
    expect(readdirSync(crossing.low)).not.toContain('landing')
  })

  it('shows its public half only where there is one, and never over something that is there', async () => {
    const out = join(crossing.folder, 'out.pub')
    expect((await high('landing', 'key', 'show', '--out', out)).json.failure.code).toBe('landing-none')
    expect((await list()).json.failure.code).toBe('landing-none')
    writeFileSync(out, 'mine')
    await create()
    expect((await high('landing', 'key', 'show', '--out', out)).json.failure.code).toBe('file-exists')
    expect(readFileSync(out, 'utf8')).toBe('mine')
  })
})

describe('what lies in the folder is held against the ledger', () => {
  const expectLost = async (found: RegExp, words: string[] = []): Promise<void> => {
    const before = await recordedOf(crossing.high)
    const { json } = await list(...words)
    expect(json.failure.code).toBe('landing-key-lost')
    expect(json.failure.happened).toMatch(found)
    expect(await recordedOf(crossing.high)).toEqual(before)
    expect(readdirSync(crossing.folder)).not.toContain('list.json')
  }

  it('missing, another key, damaged, encrypted by somebody, or a folder', async () => {
    const file = path(`${hexOf((await create()).json)}.key`)
    const good = readFileSync(file, 'utf8')
    const other = makeKey('p256').privateKey
    rmSync(file)
    await expectLost(/ENOENT/)
    writeFileSync(file, other.export({ type: 'pkcs8', format: 'pem' }))
    await expectLost(/the key [0-9a-f]{64}/)
    for (const bytes of [good.slice(0, 120), '', good.replace('MIG', 'MIH'), 'x'.repeat(100_000)]) {
      writeFileSync(file, bytes)
      await expectLost(/./)
    }
    const cipher = { cipher: 'aes-256-cbc', passphrase: 'correct horse battery staple' } as const
    writeFileSync(file, createPrivateKey(good).export({ type: 'pkcs8', format: 'pem', ...cipher }))
    await expectLost(/./)
    writeFileSync(file, good)
    expect((await list()).code).toBe(0)
  })

  it('a key with a passphrase that was exchanged for one without, or for another with the same passphrase', async () => {
    const words = ['--landing-passphrase-file', crossing.passphrase]
    const file = path(`${hexOf((await create(...words)).json)}.key`)
    const other = makeKey('p256').privateKey
    writeFileSync(file, other.export({ type: 'pkcs8', format: 'pem' }))
    await expectLost(/./, words)
    const cipher = { cipher: 'aes-256-cbc', passphrase: 'correct horse battery staple' } as const
    writeFileSync(file, other.export({ type: 'pkcs8', format: 'pem', ...cipher }))
    await expectLost(/the key [0-9a-f]{64}/, words)
  })
})

describe('on a sealed desk', () => {
  let officers: Officers
  beforeEach(async () => {
    officers = await makeOfficers(crossing, crossing.high, 2)
    await officers.seal()
  })
  const by = (place: number): string[] => officers.signs(place)
  const numberOf = ({ json }: Ended): string => String((json['pending'] as { number: number }).number)
  const locked = (): string[] => ['--landing-passphrase-file', crossing.passphrase]

  it('is a change by two officers, and in force with the second', async () => {
    const asked = await create(...locked(), ...by(0))
    expect(asked.json).toMatchObject({ ok: true, locked: true })
    expect(await inForce()).toBeUndefined()
    expect((await list(...locked())).json.failure.code).toBe('landing-none')
    const signed = await high('change', 'sign', numberOf(asked), ...by(1))
    expect(signed.code).toBe(0)
    expect(await show()).toMatchObject({
      key: { locked: true, by: ['Officer 1 of high', 'Officer 2 of high'] },
    })
    expect(keys()).toEqual([`${hexOf(asked.json)}.key`])
    expect((await list(...locked())).code).toBe(0)
  })

  it('without a passphrase only where both sign just that', async () => {
    const none = await create(...by(0))
    expect(none.json.failure.code).not.toBeUndefined()
    expect(keys()).toEqual([])
    const asked = await create('--no-passphrase', ...by(0))
    const { sentence } = asked.json['pending'] as { sentence: string }
    expect(sentence).toMatch(/without a passphrase|NO passphrase/i)
    await high('change', 'sign', numberOf(asked), ...by(1))
    expect(await show()).toMatchObject({ key: { locked: false } })
  })

  it('is refused to nobody, to a stranger, to who is no officer, and to the same officer twice', async () => {
    const before = await recordedOf(crossing.high)
    const refused = async (words: string[], code: string): Promise<void> => {
      expect((await create(...locked(), ...words)).json.failure.code).toBe(code)
      expect(keys()).toEqual([])
    }
    await refused([], 'officers-needed')
    const key = ['--key', crossing.people.dave.key, '--passphrase-file', crossing.passphrase]
    await refused(['--person', 'dave', ...key], 'role-missing')
    await refused(['--person', 'nobody', ...key], 'person-unknown')
    // Somebody else’s key under the officer’s name: the key was made, and is gone again.
    await refused(['--person', 'officer-1', ...key], 'key-not-this-person')
    const wrong = join(crossing.folder, 'wrong')
    writeFileSync(wrong, 'wrong horse battery staple\n')
    const own = ['--person', 'officer-1', '--key', officers.people[0]?.key ?? '']
    await refused([...own, '--passphrase-file', wrong], 'key-locked')
    expect(await recordedOf(crossing.high)).toEqual(before)
    const asked = await create(...locked(), ...by(0))
    const again = await high('change', 'sign', numberOf(asked), ...by(0))
    expect(again.json.failure.code).toBe('same-person')
    expect(await inForce()).toBeUndefined()
  })

  it('a second one takes the place of the first, whose private half is gone with the second signature', async () => {
    const first = await create(...locked(), ...by(0))
    await high('change', 'sign', numberOf(first), ...by(1))
    const second = await create(...locked(), ...by(1))
    expect(keys()).toEqual([`${hexOf(first.json)}.key`, `${hexOf(second.json)}.key`].sort())
    expect((await list(...locked())).code).toBe(0)
    await high('change', 'sign', numberOf(second), ...by(0))
    expect(keys()).toEqual([`${hexOf(second.json)}.key`])
    expect(await inForce()).toBe(hexOf(second.json))
  })

  it('one that was withdrawn is gone, and can never be signed', async () => {
    const first = await create(...locked(), ...by(0))
    expect((await high('change', 'withdraw', numberOf(first), ...by(1))).code).toBe(0)
    expect(keys()).toEqual([])
    expect((await high('change', 'sign', numberOf(first), ...by(1))).json.failure.code).toBe('change-ended')
    expect(await inForce()).toBeUndefined()
  })

  it('one that was revoked seals nothing any more, is gone, and never comes back', async () => {
    const first = await create(...locked(), ...by(0))
    await high('change', 'sign', numberOf(first), ...by(1))
    const kept = readFileSync(path(`${hexOf(first.json)}.key`))
    await officers.change(['trust', 'revoke', hexOf(first.json), '--reason', 'The backup was stolen'])
    expect((await list(...locked())).json.failure.code).toBe('landing-none')
    expect(keys()).toEqual([])
    writeFileSync(path(`${hexOf(first.json)}.key`), kept)
    expect((await list(...locked())).json.failure.code).toBe('landing-none')
  })
})
