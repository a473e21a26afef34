import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckId } from '../../shared/text/checks.ts'
import type { Waybill } from '../../shared/waybill.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { createStationKey } from '../../main/sign/key-file.ts'
import { signStatement } from '../../main/sign/signer.ts'
import { done, sallyport, type Said } from '../support/command-line.ts'
import {
  makeBundle,
  makeCrossing,
  makePerson,
  signing,
  writeFiles,
  writeRequest,
  type Crossing,
} from '../support/desks.ts'
import { eventsOf } from '../support/forged-desk.ts'
import { forge, honestContent, honestWaybill, signerOfPerson, type Claim } from '../support/forge.ts'
import { foundOf, highDesk } from '../support/high-desk.ts'
import { expectRefused, expectStopped } from '../support/refusal.ts'
import { TestRegistry } from '../support/registry.ts'
import { testCertificate } from '../support/tls.ts'

/* Checks and refusals that nothing else asks for by their name. */

let crossing: Crossing
const fresh = async (): Promise<void> => {
  crossing = await makeCrossing()
}
const dispose = (): Promise<void> => crossing.dispose()
const { verify } = highDesk(() => crossing)
const resultOf = (said: Said, id: CheckId): string[] =>
  said.checks
    .filter((check) => check.id === id)
    .map(({ result, reason }) => (result === 'warn' ? `warn ${reason}` : result))

describe('reading back at the desk that wrote', () => {
  let folder: string
  beforeAll(async () => {
    await fresh()
    folder = (await makeBundle(crossing, 'one')).folder
  })
  afterAll(dispose)
  const readBack = async (path: string): Promise<{ code: number; said: Said }> => {
    const ended = await sallyport(['readback', path, '--desk', crossing.low], crossing.clock)
    return { code: ended.code, said: ended.json }
  }

  it('knows its own waybill, and is not asked about another', async () => {
    const own = await readBack(folder)
    expect({ code: own.code, results: resultOf(own.said, 'waybill.own') }).toEqual({
      code: 0,
      results: ['pass'],
    })
  })

  it('does not take for its own what its own people signed elsewhere', async () => {
    const base = await honestWaybill(folder)
    const content = await honestContent(folder)
    const other = await forge(crossing, base, { content, change: (w) => ({ ...w, name: 'other' }) }, 'other')
    const { code, said } = await readBack(other)
    expect({ code, outcome: said.outcome, results: resultOf(said, 'waybill.own') }).toEqual({
      code: 3,
      outcome: 'failed',
      results: ['fail'],
    })
    expect(foundOf(said, 'waybill.own')).toMatch(/^sha256:/)
    // Nothing behind it was looked at.
    expect(said.checks.some((check) => check.id === 'content.blob' && check.result === 'pass')).toBe(false)
  })

  it('nor the same waybill with other signatures of the same people', async () => {
    const base = await honestWaybill(folder)
    const content = await honestContent(folder)
    const again = await forge(crossing, base, { content, change: () => base }, 'again')
    const { code, said } = await readBack(again)
    expect({ code, results: resultOf(said, 'waybill.own') }).toEqual({ code: 3, results: ['fail'] })
    expect(said.checks.find((check) => check.id === 'waybill.own')?.subject).toBe('waybill.sigstore.jsonl')
  })

  it('nor what it released and never wrote', async () => {
    const copy = join(crossing.folder, 'low-copy')
    await cp(crossing.low, copy, { recursive: true })
    const twin = await makeBundle({ ...crossing, low: copy }, 'two')
    const { said } = await readBack(twin.folder)
    expect(resultOf(said, 'waybill.own')).toEqual(['fail'])
  })
})

describe('what a bundle says of its own making', () => {
  let base: Waybill
  let content: Awaited<ReturnType<typeof honestContent>>
  beforeAll(async () => {
    await fresh()
    const { folder } = await makeBundle(crossing, 'one')
    base = await honestWaybill(folder)
    content = await honestContent(folder)
    const { code, said } = await verify(folder)
    expect({ code, results: resultOf(said, 'bundle.provenance') }).toEqual({ code: 0, results: ['pass'] })
    expect(resultOf(said, 'collect.findings')).toEqual(['pass'])
  })
  afterAll(dispose)

  it('nothing: told, and no more than that', async () => {
    const path = await forge(crossing, base, { content, change: (w) => ({ ...w, name: 'a' }) }, 'none')
    const { said } = await verify(path)
    expect(resultOf(said, 'bundle.provenance')).toEqual(['warn none'])
  })

  /** The bundle with these bytes as what its station signed of its making. */
  const withProvenance = (bytes: Buffer, name: string): Promise<string> => {
    const digest = digestOf(bytes)
    const attachment = base.attachments.find((one) => one.role === 'provenance')!
    const attached = { ...attachment, digest, size: bytes.length }
    return forge(
      crossing,
      base,
      {
        content: new Map([...content, [digest, bytes]]),
        blobs: (honest) => [...honest, { digest, size: bytes.length, early: true, state: 'carried' }],
        change: (w) => ({ ...w, name, attachments: [...w.attachments, attached] }),
      },
      name,
    )
  }

  it('by another station than the sender’s, about another bundle, or in no form: refused', async () => {
    const honest = content.get(base.attachments.find((one) => one.role === 'provenance')!.digest)!
    const { dsseEnvelope } = JSON.parse(honest.toString('utf8')) as { dsseEnvelope: { payload: string } }
    const statement = Buffer.from(dsseEnvelope.payload, 'base64')
    const { predicateType, predicate, subject } = JSON.parse(statement.toString('utf8')) as {
      predicateType: string
      predicate: object
      subject: { name: string; digest: { sha256: string } }[]
    }
    const subjects = subject.map((one) => ({
      name: one.name,
      digest: `sha256:${one.digest.sha256}` as const,
    }))
    const { signer } = await createStationKey()
    const byStranger = await signStatement(signer, subjects, predicateType, predicate)
    for (const [name, bytes] of [
      ['stranger', byStranger],
      ['another', honest],
      ['no-form', Buffer.from('no bundle')],
    ] as const) {
      const said = await expectRefused(crossing, await withProvenance(bytes, name), 3, 'bundle.provenance')
      expect(resultOf(said, 'bundle.provenance')).toEqual(['fail'])
    }
  })

  it('what could not be collected: told with each finding', async () => {
    const finding = {
      code: 'registry-unreachable',
      subject: 'app',
      detail: 'referrers of app: nobody answered',
    }
    const path = await forge(
      crossing,
      base,
      {
        content,
        items: base.items.map((item) => ({
          ...item,
          findings: [finding],
        })),
        change: (w) => ({ ...w, name: 'findings' }),
      },
      'findings',
    )
    const { said } = await verify(path)
    expect(resultOf(said, 'collect.findings')).toEqual(['warn findings'])
    expect(foundOf(said, 'collect.findings')).toContain('nobody answered')
  })
})

describe('a policy that wants two who release', () => {
  beforeAll(async () => {
    await fresh()
    const policy = join(crossing.folder, 'two.yaml')
    await writeFile(
      policy,
      'sallyport: policy/v1\nversion: 2\nsigners: { prepare: 1, release: 2, witness: 0 }\n',
    )
    await done(['policy', 'set', policy, '--desk', crossing.high], crossing.clock)
  })
  afterAll(dispose)

  it('is not met by one, on the high side', async () => {
    const { folder } = await makeBundle(crossing, 'one')
    const said = await expectStopped(crossing, folder, 'signatures.required')
    const check = said.checks.find((one) => one.id === 'signatures.required' && one.result === 'fail')
    expect({ subject: check?.subject, expected: check?.expected, found: check?.found }).toEqual({
      subject: 'release',
      expected: '2 × release',
      found: 'Carol Diaz',
    })
  })

  it('is met by two, not by one twice', async () => {
    const { folder } = await makeBundle(crossing, 'two')
    const base = await honestWaybill(folder)
    const content = await honestContent(folder)
    const zoe = await makePerson(crossing.folder, 'zoe', 'Zoe Hart', 'p256')
    const trust = ['--key', `${zoe.key}.pub`, '--name', zoe.name, '--role', 'release']
    const where = ['--desk', crossing.high, '--sender', crossing.lowId, '--channel', 'payments']
    await done(['trust', 'add', ...where, ...trust, '--fingerprint', zoe.fingerprint], crossing.clock)
    const twice = (all: Claim[]): Claim[] => [...all, all[1]!]
    await expectStopped(
      crossing,
      await forge(crossing, base, { content, claims: twice }, 'twice'),
      'signatures.line',
    )
    const second = {
      role: 'release',
      person: 'zoe',
      signer: await signerOfPerson({ ...crossing, people: { ...crossing.people, carol: zoe } }, 'carol'),
    } as const
    const listed = { id: 'zoe', name: zoe.name, fingerprint: zoe.fingerprint }
    const both = await forge(
      crossing,
      base,
      {
        content,
        claims: (all) => [...all, second],
        change: (w) => ({ ...w, people: [...w.people, { ...w.people[0]!, ...listed }] }),
      },
      'both',
    )
    const { said } = await verify(both)
    const names = said.checks.find((one) => one.id === 'signatures.required' && one.subject === 'release')
    expect({ result: names?.result, found: names?.found }).toEqual({
      result: 'pass',
      found: 'Carol Diaz, Zoe Hart',
    })
  })
})

describe('people and waybills that changed meanwhile', () => {
  beforeAll(fresh)
  afterAll(dispose)
  const ledger = (): ReturnType<typeof eventsOf> => eventsOf(crossing.low)
  const add = async (id: string, name: string, role: string): Promise<string[]> => {
    const { key } = await makePerson(crossing.folder, `${id}-${role}`, name, 'p256')
    const words = ['--id', id, '--name', name, '--role', role, '--key', `${key}.pub`]
    await done(['person', 'add', '--desk', crossing.low, ...words], crossing.clock)
    return ['--person', id, '--key', key, '--passphrase-file', crossing.passphrase]
  }

  it('who asked does not release it, also once they have become a release authority', async () => {
    const items = await writeFiles(crossing, { 'notes.txt': 'notes\n' })
    const { id } = await done(
      ['collect', await writeRequest(crossing, items), '--desk', crossing.low],
      crossing.clock,
    )
    const { alice } = crossing.people
    await done(
      ['trust', 'revoke', alice.fingerprint, '--reason', 'Other work', '--desk', crossing.low],
      crossing.clock,
    )
    const asAlice = await add('alice', 'Alice Moss', 'release-authority')
    const before = await ledger()
    const release = ['approve', id, '--desk', crossing.low, '--role', 'release']
    const ended = await sallyport([...release, ...asAlice], crossing.clock)
    expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({
      code: 1,
      failure: 'requester-releases',
    })
    // Who came later is not among those who could sign it.
    const late = await sallyport(
      [
        ...['approve', id, '--desk', crossing.low, '--role', 'prepare'],
        ...(await add('late', 'Late Comer', 'transfer-agent')),
      ],
      crossing.clock,
    )
    expect(late.json.failure).toMatchObject({
      code: 'consignment-state',
      facts: { found: 'made before Late Comer could sign' },
    })
    expect((await ledger()).length).toBe(before.length + 1)
    await done([...release, ...signing(crossing, 'carol')], crossing.clock)
  })

  it('an expired waybill is neither signed nor written; a day before, it is', async () => {
    await dispose()
    await fresh()
    const { id } = await makeBundle(crossing, 'one')
    const items = await writeFiles(crossing, { 'b.txt': 'b\n' })
    const later = await done(
      ['collect', await writeRequest(crossing, items), '--desk', crossing.low],
      crossing.clock,
    )
    const medium = join(crossing.folder, 'late')
    await mkdir(medium)
    const write = ['write', id, '--desk', crossing.low, '--to', medium]
    const approve = [
      'approve',
      later.id,
      '--desk',
      crossing.low,
      '--role',
      'prepare',
      ...signing(crossing, 'bob'),
    ]
    crossing.clock.forward(91)
    const before = await ledger()
    for (const words of [write, approve]) {
      const ended = await sallyport(words, crossing.clock)
      expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({
        code: 1,
        failure: 'waybill-old',
      })
      expect(String(ended.json.failure.facts['found'])).toMatch(/^it expired on /)
    }
    expect(await ledger()).toEqual(before)
    expect(await readdir(medium)).toEqual([])
    crossing.clock.forward(-2)
    await done(write, crossing.clock)
    await done(approve, crossing.clock)
  })
})

describe('a registry that a desk may not ask, or not so', () => {
  let registry: TestRegistry
  beforeAll(async () => {
    await fresh()
    registry = await new TestRegistry().open()
  })
  afterAll(async () => {
    await registry.close()
    await dispose()
  })

  it('a high desk asks nobody for evidence: no connection is opened', async () => {
    const ended = await sallyport(
      ['evidence', `${registry.host}/team/app:1`, '--plain-http', '--desk', crossing.high],
      crossing.clock,
    )
    expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({ code: 1, failure: 'wrong-side' })
    expect(registry.heard).toEqual([])
    // The low desk does ask.
    await sallyport(
      ['evidence', `${registry.host}/team/app:1`, '--plain-http', '--desk', crossing.low],
      crossing.clock,
    )
    expect(registry.heard).not.toEqual([])
  })

  it('with an authority that is no certificate: nothing is recorded and nobody asked', async () => {
    const before = await eventsOf(crossing.low)
    const asked = registry.heard.length
    const request = await writeRequest(crossing, [`image: ${registry.host}/team/app:1`])
    const ended = await sallyport(
      ['collect', request, '--desk', crossing.low, '--ca', `${registry.host}=${crossing.passphrase}`],
      crossing.clock,
    )
    expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({ code: 1, failure: 'ca-form' })
    expect(await eventsOf(crossing.low)).toEqual(before)
    expect(registry.heard.length).toBe(asked)
  })

  it('with an authority whose certificate is broken: that is said, and not that nobody answers', async () => {
    const { ca } = testCertificate()
    const asked = registry.heard.length
    const body = ca.split('\n')[1] ?? ''
    for (const [text, found] of [
      [ca.replace(body, body.replace(/.{8}/, 'AAAAAAAA')), 'cannot be read'],
      [ca.replace(body, `!${body}`), 'no base64'],
      [ca.replace(/-----END.*/, ''), 'cut off'],
      [ca.replace(/\n[\s\S]*\n(?=-----END)/, '\n'), 'cannot be read'],
      [`${ca}${ca.replace(body, body.slice(4))}`, 'cannot be read'],
      [ca.replaceAll('CERTIFICATE', 'PUBLIC KEY'), 'something else'],
    ] as const) {
      const path = join(crossing.folder, 'broken-ca.pem')
      await writeFile(path, text)
      const words = [`${registry.host}/team/app:1`, '--plain-http', '--ca', `${registry.host}=${path}`]
      const ended = await sallyport(['evidence', ...words], crossing.clock)
      expect([ended.code, ended.json.failure.code]).toEqual([1, 'ca-form'])
      expect(JSON.stringify(ended.json.failure)).toContain(found)
    }
    expect(registry.heard.length).toBe(asked)
    await writeFile(join(crossing.folder, 'ca.pem'), `A certificate:\n${ca}${ca}`)
    const words = [`${registry.host}/team/app:1`, '--plain-http']
    const given = ['--ca', `${registry.host}=${join(crossing.folder, 'ca.pem')}`]
    const ended = await sallyport(['evidence', ...words, ...given], crossing.clock)
    expect(ended.json.failure.code).not.toBe('ca-form')
  })
})
