import { createHash } from 'node:crypto'
import { mkdtempSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { done, sallyport, testClock, type Ended } from '../../support/command-line.ts'
import { signingConfig, trustedRoot, type SigningConfigPlan } from '../../support/sigstore/documents.ts'
import { startIssuer, type Issuer } from '../../support/sigstore/issuer.ts'
import { startStandIn, type StandIn } from '../../support/sigstore/stand-in.ts'
import type { SmallAnswer } from '../../support/sigstore/server.ts'

const clock = testClock(new Date().toISOString())
let standIn: StandIn
let issuer: Issuer
let folder = ''
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-sign-'))
  ;[standIn, issuer] = await Promise.all([startStandIn(), startIssuer()])
  writeFileSync(at('passphrase'), 'of a test that signs\n')
  writeFileSync(at('root.json'), JSON.stringify(trustedRoot(standIn.root)))
  for (const algorithm of ['p256', 'ed25519', 'rsa3072']) {
    const words = ['key', 'create', at(`${algorithm}.key`), '--algorithm', algorithm]
    await done([...words, '--passphrase-file', at('passphrase')], clock)
  }
})
afterAll(async () => {
  await Promise.all([standIn.close(), issuer.close()])
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  standIn.change = (_, answer) => answer
  standIn.asked.length = 0
})

let files = 0
function newFile(statement = false): string {
  const file = at(`file-${(files += 1)}`)
  const text = `content ${files}\n`
  const digest = { sha256: createHash('sha256').update(text).digest('hex') }
  const type = 'https://in-toto.io/Statement/v1'
  const body = {
    _type: type,
    subject: [{ name: 'a', digest }],
    predicateType: 'https://example.test/v1',
    predicate: {},
  }
  writeFileSync(file, statement ? JSON.stringify(body) : text)
  return file
}
function services(change: SigningConfigPlan = {}): string[] {
  const file = at(`config-${(files += 1)}.json`)
  writeFileSync(file, JSON.stringify(signingConfig({ ...standIn.services, ...change })))
  return ['--signing-config', file, '--trusted-root', at('root.json')]
}
function token(claims: object = { sub: 'https://ci.test/job' }): string[] {
  const file = at(`token-${(files += 1)}`)
  writeFileSync(file, issuer.mint('email', { ...claims }))
  return ['--identity-token', file]
}
const key = (algorithm: string): string[] => [
  '--key',
  at(`${algorithm}.key`),
  '--passphrase-file',
  at('passphrase'),
]
const v1 = (): SigningConfigPlan => ({ rekor: [{ url: standIn.services.fulcio[0]?.url ?? '', version: 1 }] })
const sign = (file: string, ...more: string[]): Promise<Ended> =>
  sallyport(['sign-file', file, ...more], clock)

describe('signing by services on this computer', () => {
  it.each([
    ['file', 1],
    ['file', 2],
    ['statement', 1],
    ['statement', 2],
  ] as const)('keyless: a %s, logged by Rekor v%d', async (what, version) => {
    const form = what === 'statement' ? ['--in-toto'] : []
    const file = newFile(what === 'statement')
    const config = services(version === 1 ? v1() : {})
    const ended = await sign(file, ...form, ...token(), ...config)
    expect({ code: ended.code, out: ended.stdout }).toMatchObject({ code: 0 })
    const signer = { name: 'https://ci.test/job', issuer: issuer.name('email') }
    expect(ended.json['proven']).toMatchObject({ signer, logs: [{ index: expect.any(Number) as number }] })
    const bundle = JSON.parse(readFileSync(`${file}.sigstore.json`, 'utf8')) as {
      verificationMaterial: object
    }
    expect(Object.keys(bundle.verificationMaterial)).not.toContain('publicKey')
  })

  it.each(['p256', 'rsa3072', 'ed25519'])(
    'a %s key, logged by Rekor v1: file and statement',
    async (algorithm) => {
      const [file, statement] = [newFile(), newFile(true)]
      for (const [one, form] of [
        [file, []],
        [statement, ['--in-toto']],
      ] as const) {
        const ended = await sign(one, ...form, ...key(algorithm), ...services(v1()))
        expect({ code: ended.code, out: ended.stdout }).toMatchObject({ code: 0 })
      }
      expect((await sallyport(['verify-file', file, '--key', at(`${algorithm}.key.pub`)], clock)).code).toBe(
        0,
      )
    },
  )

  it('an entry that Rekor v1 has already is fetched from where it says', async () => {
    const kept: SmallAnswer[] = []
    standIn.change = (path, answer) => {
      if (path === '/known') return kept[0] ?? answer
      if (path !== '/api/v1/log/entries') return answer
      kept.push({ ...answer, status: 200 })
      return { status: 409, headers: { location: '/known' }, body: { message: 'exists' } }
    }
    expect(await sign(newFile(), ...key('rsa3072'), ...services(v1()))).toMatchObject({ code: 0 })
    expect(standIn.asked).toContain('GET /known')
  })

  it('a key alone asks nobody', async () => {
    const file = newFile()
    expect(await sign(file, ...key('p256'), '--sig-bin')).toMatchObject({ code: 0 })
    expect(standIn.asked).toEqual([])
    expect(existsSync(`${file}.sig.bin`)).toBe(true)
  })
})

const bend = (text: string): string => (text.startsWith('A') ? `B${text.slice(1)}` : `A${text.slice(1)}`)
type Entry = {
  inclusionProof: { rootHash: string; hashes: string[] }
  canonicalizedBody: string
  logIndex: string
}
const changedEntry =
  (change: (entry: Entry) => object) =>
  (path: string, answer: SmallAnswer): SmallAnswer =>
    path === '/api/v2/log/entries' ? { ...answer, body: change(answer.body as Entry) } : answer

const lies: Readonly<Record<string, [string, StandIn['change']]>> = {
  'a log that changes what it logged': [
    'signature-unproven',
    changedEntry((one) => ({ ...one, canonicalizedBody: bend(one.canonicalizedBody) })),
  ],
  'a proof to another root': [
    'signature-unproven',
    changedEntry((one) => ({
      ...one,
      inclusionProof: { ...one.inclusionProof, rootHash: bend(one.inclusionProof.rootHash) },
    })),
  ],
  'an entry without a proof': ['service-answer', changedEntry((one) => ({ ...one, inclusionProof: null }))],
  'a log that answers something else': [
    'service-answer',
    (path, answer) => (path.includes('log') ? { status: 201, body: 'yes' } : answer),
  ],
  'a log that refuses': [
    'service-refused',
    (path, answer) => (path.includes('log') ? { status: 400, body: { code: 3, message: 'no' } } : answer),
  ],
  'an endless answer': [
    'too-large',
    (path, answer) => (path.includes('log') ? { status: 201, body: 'x'.repeat(2 * 1024 * 1024) } : answer),
  ],
  'a timestamp that is none': [
    'service-answer',
    (path, answer) =>
      path.includes('timestamp') && answer.status === 201 ? { ...answer, body: 'text' } : answer,
  ],
  'a certificate that is none': [
    'service-answer',
    (path, answer) =>
      path.includes('signingCert')
        ? { status: 200, body: { signedCertificateEmbeddedSct: { chain: { certificates: ['-----'] } } } }
        : answer,
  ],
  'a redirect that takes the token elsewhere': [
    'network-refused',
    (path, answer) =>
      path.includes('signingCert')
        ? { status: 307, headers: { location: 'https://elsewhere.test/' } }
        : answer,
  ],
}

describe('what services answer is believed only when it is proven, and else nothing is written', () => {
  it.each(Object.entries(lies))('%s', async (_, [code, change]) => {
    standIn.change = change
    const file = newFile()
    const ended = await sign(file, ...token(), ...services(), '--sig-bin')
    expect(ended.json.failure.code).toBe(code)
    expect([`${file}.sigstore.json`, `${file}.sig.bin`].filter(existsSync)).toEqual([])
  })

  it('a timestamp made for an earlier request, or over another signature', async () => {
    const kept: SmallAnswer[] = []
    standIn.change = (path, answer) => {
      if (!path.includes('timestamp') || answer.status !== 201) return answer
      kept.push(answer)
      return kept[0] ?? answer
    }
    expect(await sign(newFile(), ...token(), ...services())).toMatchObject({ code: 0 })
    const ended = await sign(newFile(), ...token(), ...services())
    expect(ended.json.failure).toMatchObject({ code: 'service-answer' })
  })

  it('a certificate for another key, issuer or person', async () => {
    const kept: SmallAnswer[] = []
    standIn.change = (path, answer) => {
      if (path.includes('signingCert')) kept.push(answer)
      return answer
    }
    expect(await sign(newFile(), ...token(), ...services())).toMatchObject({ code: 0 })
    standIn.change = (path, answer) => (path.includes('signingCert') ? (kept[0] ?? answer) : answer)
    expect((await sign(newFile(), ...token(), ...services())).json.failure.code).toBe('service-answer')
    standIn.change = (_, answer) => answer
    // The handler takes `sub` for the name: a token whose email differs must not give a certificate for `sub`.
    const mixed = token({ email: 'alice@priv.test', sub: 'mallory@priv.test' })
    expect((await sign(newFile(), ...mixed, ...services())).json.failure.code).toBe('service-answer')
  })

  it('services that the trusted root does not know', async () => {
    writeFileSync(at('no-log.json'), JSON.stringify(trustedRoot({ ...standIn.root, logs: [] })))
    const [flag = '', config = ''] = services()
    const ended = await sign(newFile(), ...token(), flag, config, '--trusted-root', at('no-log.json'))
    expect(ended.json.failure.code).toBe('signature-unproven')
  })
})

describe('what cannot come to a good end is refused before anybody is asked', () => {
  it.each([
    ['without a timestamp authority', (): SigningConfigPlan => ({ tsa: [] }), 'service-none'],
    ['without a log', (): SigningConfigPlan => ({ rekor: [] }), 'service-none'],
    [
      'with too few of them',
      (): SigningConfigPlan => ({ logSelector: { selector: 'EXACT', count: 2 } }),
      'service-none',
    ],
  ])('keyless %s', async (_, change, code) => {
    const ended = await sign(newFile(), ...token(), ...services(change()))
    expect(ended.json.failure.code).toBe(code)
    expect(standIn.asked).toEqual([])
  })

  it('without a trusted root, an old token, no statement, Ed25519 statements in Rekor v2', async () => {
    const [flag = '', config = ''] = services()
    const old = token({ sub: 'a', exp: 1 })
    const expected = [
      [await sign(newFile(), ...token(), flag, config), 'service-needed'],
      [await sign(newFile(), ...old, ...services()), 'token-expired'],
      [await sign(newFile(), ...token({ sub: 'a', aud: 'other' }), ...services()), 'token-form'],
      [await sign(newFile(), '--in-toto', ...token(), ...services()), 'statement-needed'],
      [await sign(newFile(true), '--in-toto', ...key('ed25519'), ...services()), 'key-not-for-log'],
      [await sign(newFile(), ...token()), 'service-needed'],
    ] as const
    for (const [ended, code] of expected) expect(ended.json.failure.code).toBe(code)
    expect(standIn.asked).toEqual([])
  })
})
