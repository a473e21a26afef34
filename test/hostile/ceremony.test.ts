import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LedgerEvent } from '../../main/ledger/event.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { done, sallyport, type Ended, type Said } from '../support/command-line.ts'
import {
  makeBundle,
  makeCrossing,
  makeOtherCrossing,
  makePerson,
  signing,
  type Crossing,
  type TestPerson,
} from '../support/desks.ts'
import { forgeLedger } from '../support/forge-ledger.ts'
import { highDesk } from '../support/high-desk.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'
import { makeTrustedRoot } from '../support/trusted-root.ts'

let crossing: Crossing
let officers: Officers
const { verify, accepted } = highDesk(() => crossing)
const codeOf = (ended: Ended): string => (ended.code === 0 ? 'done' : ended.json.failure.code)
const ledger = (): Promise<Buffer> => readFile(join(crossing.high, 'ledger.jsonl'))
const shown = (): Promise<Said> => done(['desk', 'show', '--desk', crossing.high], crossing.clock)
const made = (id: string): Promise<TestPerson> => makePerson(crossing.folder, id, `Person ${id}`, 'p256')
const adding = (person: TestPerson, role = 'witness'): string[] => [
  ...[
    'person',
    'add',
    '--id',
    person.id,
    '--name',
    person.name,
    '--role',
    role,
    '--key',
    `${person.key}.pub`,
  ],
]
async function refused(code: string, ...words: string[]): Promise<void> {
  const before = await ledger()
  expect({ words, code: codeOf(await officers.at(...words)) }).toEqual({ words, code })
  expect(await ledger()).toEqual(before)
}
const begin = async (count: number, sealed: boolean): Promise<void> => {
  crossing = await makeCrossing()
  officers = await makeOfficers(crossing, crossing.high, count)
  if (sealed) await officers.seal()
}
const dispose = (): Promise<void> => crossing.dispose()

describe('the seal', () => {
  beforeAll(() => begin(1, false))
  afterAll(dispose)

  it('needs two security officers, each with their own key', async () => {
    await refused('officers-too-few', 'desk', 'seal', ...officers.signs(0))
    const first = officers
    const second = await made('officer-2')
    await done([...adding(second, 'security-officer'), '--desk', crossing.high], crossing.clock)
    const own = ['--key', second.key, '--passphrase-file', crossing.passphrase]
    await refused('role-missing', 'desk', 'seal', ...signing(crossing, 'dave'))
    await refused('key-not-this-person', 'desk', 'seal', '--person', 'officer-1', ...own)
    await refused('person-unknown', 'desk', 'seal', '--person', 'zoe', ...own)
    const proposed = (await first.at('desk', 'seal', ...first.signs(0))).json
    expect(proposed).toMatchObject({ sealed: false, pending: { number: 1, version: 1, state: 'pending' } })
    expect((await shown()).founding).toBe(true)
    await refused('same-person', 'desk', 'seal', ...first.signs(0))
    const sealed = (await first.at('desk', 'seal', '--person', 'officer-2', ...own)).json
    expect(sealed).toMatchObject({ sealed: true, seal: proposed.seal })
    const view = await shown()
    expect(view).toMatchObject({ founding: false, version: 1, seal: { digest: sealed.seal } })
    await refused('desk-sealed', 'desk', 'seal', ...first.signs(0))
  })

  it('takes the warning from verdicts, and stands on every report', async () => {
    const { seal } = (await shown()) as unknown as { seal: { digest: string } }
    const { said } = await verify((await makeBundle(crossing, 'one')).folder)
    expect(said.checks.find((check) => check.id === 'desk.founding')?.result).toBe('pass')
    for (const format of ['html', 'json']) {
      const out = join(crossing.folder, `report.${format}`)
      await done(
        ['report', said.id, '--desk', crossing.high, '--format', format, '--out', out],
        crossing.clock,
      )
      const text = await readFile(out, 'utf8')
      const page = format === 'html' ? text : payloadOf(text)
      expect(page).toContain(seal.digest)
    }
  })
})

function payloadOf(bundle: string): string {
  const { dsseEnvelope } = JSON.parse(bundle) as { dsseEnvelope: { payload: string } }
  return Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')
}

describe('a seal that was begun and then overtaken', () => {
  beforeAll(() => begin(2, false))
  afterAll(dispose)

  it('is begun anew: the officers of the first half are not those of the second', async () => {
    await officers.at('desk', 'seal', ...officers.signs(0))
    const third = await made('officer-3')
    await done([...adding(third, 'security-officer'), '--desk', crossing.high], crossing.clock)
    await refused('change-stale', 'change', 'sign', '1', ...officers.signs(1))
    const again = await officers.at('desk', 'seal', ...officers.signs(1))
    expect(again.json).toMatchObject({ sealed: false, pending: { number: 2 } })
    const sealed = await officers.at('desk', 'seal', ...officers.signs(0))
    expect(sealed.json).toMatchObject({ sealed: true })
    expect(((await shown()).seal as { officers: unknown[] }).officers).toHaveLength(3)
  })
})

describe('a sealed desk', () => {
  let policy = ''
  beforeAll(async () => {
    await begin(3, true)
    policy = join(crossing.folder, 'policy.yaml')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 2\nlifetime: 30\n')
  })
  afterAll(dispose)

  it('changes nothing without an officer', async () => {
    const zoe = await made('zoe')
    const trust = ['trust', 'add', '--key', `${zoe.key}.pub`, '--name', 'Zoe', '--role', 'prepare']
    await refused('officers-needed', ...adding(zoe))
    await refused('officers-needed', ...trust, '--fingerprint', zoe.fingerprint)
    await refused('officers-needed', 'policy', 'set', policy)
    await refused('officers-needed', 'trust', 'revoke', crossing.people.bob.fingerprint, '--reason', 'x')
    await refused('officers-needed', 'person', 'key', '--id', 'dave', '--key', `${zoe.key}.pub`)
    const card = join(crossing.low, 'desk.json')
    await refused('officers-needed', 'peer', 'add', card, '--id', crossing.lowId)
    await refused('role-missing', ...adding(zoe), ...signing(crossing, 'dave'))
  })

  it('puts a change in force when a second, different officer has signed it', async () => {
    const asked = await officers.at('policy', 'set', policy, ...officers.signs(0))
    expect(asked.json).toMatchObject({ version: 2, pending: { number: 2, version: 2, kind: 'policy.set' } })
    expect(((await shown()).policy as { document: { version: number } }).document.version).toBe(1)
    await refused('same-person', 'change', 'sign', '2', ...officers.signs(0))
    await refused('role-missing', 'change', 'sign', '2', ...signing(crossing, 'dave'))
    await refused('change-unknown', 'change', 'sign', '9', ...officers.signs(1))
    const signed = await officers.at('change', 'sign', '2', ...officers.signs(1))
    expect(signed.json).toMatchObject({ number: 2, state: 'in-force' })
    expect(await shown()).toMatchObject({ version: 2, changes: [], policy: { document: { version: 2 } } })
    await refused('change-ended', 'change', 'sign', '2', ...officers.signs(2))
    await refused('change-ended', 'change', 'withdraw', '2', ...officers.signs(2))
    expect((await officers.at('change', 'show', '2')).json.text).toContain('lifetime: 30')
  })

  it('signs no change whose state before is gone, and none that was withdrawn', async () => {
    const [one, two] = [await made('one'), await made('two')]
    const first = (await officers.at(...adding(one), ...officers.signs(0))).json.pending as { number: number }
    const second = (await officers.at(...adding(two), ...officers.signs(1))).json.pending as {
      number: number
    }
    await officers.at('change', 'sign', String(second.number), ...officers.signs(2))
    await refused('change-stale', 'change', 'sign', String(first.number), ...officers.signs(1))
    const list = (await officers.at('change', 'list')).json.changes as { number: number; state: string }[]
    expect(list.find((change) => change.number === first.number)?.state).toBe('stale')
    await officers.at('change', 'withdraw', String(first.number), ...officers.signs(2))
    await refused('change-ended', 'change', 'sign', String(first.number), ...officers.signs(1))
    const people = ((await shown()).people as { id: string }[]).map((person) => person.id)
    expect(people).toContain('two')
    expect(people).not.toContain('one')
  })

  it('replaces an officer’s key by two others: the old key is neither needed nor taken', async () => {
    const fresh = await made('officer-3-new')
    const words = ['person', 'key', '--id', 'officer-3', '--key', `${fresh.key}.pub`]
    await refused('own-key', ...words, ...officers.signs(2))
    const asked = (await officers.at(...words, ...officers.signs(0))).json.pending as {
      number: number
      may: string[]
    }
    expect(asked.may).toEqual(['officer-2'])
    await refused('own-key', 'change', 'sign', String(asked.number), ...officers.signs(2))
    const own = ['--person', 'officer-3', '--key', fresh.key, '--passphrase-file', crossing.passphrase]
    await refused('own-key', 'change', 'sign', String(asked.number), ...own)
    await officers.at('change', 'sign', String(asked.number), ...officers.signs(1))
    const person = await made('three')
    await refused('key-not-this-person', ...adding(person), ...officers.signs(2))
    const withNew = await officers.at(...adding(person), ...own)
    expect(withNew.code).toBe(0)
  })

  it('never has fewer than two officers, and no revocation by the key that goes', async () => {
    const [first, second] = officers.people as [TestPerson, TestPerson]
    await refused('own-key', 'trust', 'revoke', second.fingerprint, '--reason', 'x', ...officers.signs(1))
    await officers
      .change(['trust', 'revoke', second.fingerprint, '--reason', 'Left'], 0, 0)
      .catch(() => undefined)
    const number = ((await shown()).changes as { number: number; state: string }[]).at(-1)?.number ?? 0
    const third = join(crossing.folder, 'officer-3-new.key')
    const own = ['--person', 'officer-3', '--key', third, '--passphrase-file', crossing.passphrase]
    const signed = await officers.at('change', 'sign', String(number), ...own)
    expect(signed.json).toMatchObject({ state: 'in-force' })
    await refused('officers-too-few', 'trust', 'revoke', first.fingerprint, '--reason', 'x', ...own)
  })
})

describe('pairing', () => {
  beforeAll(() => begin(2, true))
  afterAll(dispose)

  it('takes the id and the seal of another desk from paper', async () => {
    const low = await makeOfficers(crossing, crossing.low)
    const { seal } = await low.seal()
    const card = join(crossing.low, 'desk.json')
    const words = ['peer', 'add', card, '--seal', String(seal)]
    await refused('fingerprint-differs', ...words, '--id', crossing.highId, ...officers.signs(0))
    await refused('fingerprint-form', ...words, '--id', crossing.lowId.slice(0, 20), ...officers.signs(0))
    await refused(
      'bad-input',
      'peer',
      'add',
      card,
      '--id',
      crossing.lowId,
      '--seal',
      '12',
      ...officers.signs(0),
    )
    await officers.change([...words, '--id', crossing.lowId])
    expect((await shown()).peers).toEqual([{ id: crossing.lowId, side: 'low', name: 'Hill-1', seal }])
  })
})

describe('a content bundle', () => {
  beforeAll(() => begin(2, true))
  afterAll(dispose)

  it('adds nothing to trust, whatever it carries', async () => {
    const pick = ({
      people,
      trust,
      roots,
      peers,
      revoked,
      version,
      seal,
      policy,
      changes,
    }: Said): object => ({
      ...{ people, trust, roots, peers, revoked, version, seal, policy, changes },
    })
    const before = pick(await shown())
    const mallory = await made('mallory')
    const events = (await ledger()).toString('utf8').trim().split('\n')
    const change = events.find((line) => line.includes('change.signed')) ?? ''
    const carried = {
      'trusted_root.json': makeTrustedRoot().bytes,
      'mallory.pub': await readFile(`${mallory.key}.pub`),
      'signers.json': await readFile(join(crossing.high, 'trust', 'signers.json')),
      'people.json': await readFile(join(crossing.high, 'people.json')),
      'ledger.jsonl': `${change}\n`,
      'policy.yaml': 'sallyport: policy/v1\nversion: 99\n',
    }
    await accepted((await makeBundle(crossing, 'gift', carried)).folder)
    expect(pick(await shown())).toEqual(before)
    expect((await sallyport(['ledger', 'verify', '--desk', crossing.high], crossing.clock)).code).toBe(0)
  })
})

describe('a ledger written anew with the station’s key', () => {
  let count = 0
  beforeAll(async () => {
    await begin(3, true)
    const policy = join(crossing.folder, 'policy.yaml')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 2\n')
    await officers.change(['policy', 'set', policy])
    await officers.at(...adding(await made('waiting')), ...officers.signs(0))
  })
  afterAll(dispose)

  const at = (events: readonly { type: string }[], type: string, nth = 0): number =>
    events.flatMap((event, i) => (event.type === type ? [i] : []))[nth] ?? -1
  type Change = Parameters<typeof forgeLedger>[2]
  async function damaged(change: Change): Promise<void> {
    const copy = join(crossing.folder, `forged-${++count}`)
    await forgeLedger(crossing.high, copy, change)
    const shownThere = await sallyport(['desk', 'show', '--desk', copy], crossing.clock)
    expect(shownThere.json.failure.code).toBe('ledger-damaged')
    const checked = await sallyport(['ledger', 'verify', '--desk', copy], crossing.clock)
    expect({ code: checked.code, intact: checked.json.intact }).toEqual({ code: 3, intact: false })
  }

  it('is taken as it is when nothing is changed, so that the forging itself is not what is refused', async () => {
    const copy = join(crossing.folder, 'same')
    await forgeLedger(crossing.high, copy, (events) => events)
    expect((await done(['desk', 'show', '--desk', copy], crossing.clock)).version).toBe(2)
  })

  it('is refused with a change that one person made after the seal', async () => {
    const person = await made('eve')
    for (const type of ['person.added', 'trust.added', 'policy.set']) {
      await damaged((events) => [...events, { ...(events[at(events, type)] as (typeof events)[0]) }])
    }
    await damaged((events) => {
      const model = events[at(events, 'person.added')] as (typeof events)[0]
      const change = { kind: 'trust.revoke', fingerprint: person.fingerprint, reason: 'x' }
      return [...events, { ...model, type: 'change.made', facts: { change } }]
    })
  })

  it('is refused with a change that one officer signed twice, or nobody, or over something else', async () => {
    const edit =
      (type: string, nth: number, how: (event: LedgerEvent, all: LedgerEvent[]) => object): Change =>
      (events) =>
        events.map((event, i) => (i === at(events, type, nth) ? { ...event, ...how(event, events) } : event))
    const signed = (how: (event: LedgerEvent, all: LedgerEvent[]) => object): Promise<void> =>
      damaged(edit('change.signed', 1, how))
    const proposed = (how: (event: LedgerEvent, all: LedgerEvent[]) => object): Promise<void> =>
      damaged(edit('change.proposed', 1, how))
    await signed(() => ({ statements: [] }))
    await signed((event, all) => ({
      statements: all[at(all, 'change.proposed', 1)]?.statements,
      facts: { ...event.facts, person: 'officer-1' },
    }))
    await signed((event) => ({ facts: { ...event.facts, person: 'officer-1' } }))
    await signed((event) => ({ facts: { ...event.facts, person: 'officer-3' } }))
    await signed((event) => ({ facts: { ...event.facts, person: 'dave' } }))
    await signed((event) => ({ facts: { ...event.facts, at: '2026-01-01T00:00:00Z' } }))
    // The statement of another change by the same officer: the seal's.
    await signed((_event, all) => ({ statements: all[at(all, 'change.signed', 0)]?.statements }))
    await signed((event) => ({ facts: { ...event.facts, number: 3 } }))
    await proposed(() => ({ statements: [] }))
    for (const facts of [
      { version: 3 },
      { number: 3 },
      { before: `sha256:${'0'.repeat(64)}` },
      { person: 'officer-3' },
    ]) {
      await proposed((event) => ({ facts: { ...event.facts, ...facts } }))
    }
    await proposed((event) => {
      const source = 'sallyport: policy/v1\nversion: 2\nlifetime: 3650\n'
      const change = { kind: 'policy.set', version: 2, digest: digestOf(source), source }
      return { facts: { ...event.facts, change } }
    })
  })

  it('is refused when the waiting change is said to be signed, the seal is left out, or a change is', async () => {
    await damaged((events) => {
      const model = events[at(events, 'change.signed', 1)] as LedgerEvent
      return [...events, { ...model, facts: { ...model.facts, number: 3 } }]
    })
    await damaged((events) => events.filter((_event, i) => i !== at(events, 'change.signed', 0)))
    await damaged((events) => events.filter((_event, i) => i !== at(events, 'change.proposed', 0)))
    await damaged((events) => events.filter((_event, i) => i !== at(events, 'change.signed', 1)))
    await damaged((events) => {
      const one = at(events, 'change.proposed', 1)
      return events.toSpliced(one, 2, ...events.slice(one, one + 2).reverse())
    })
  })

  it('cannot bring a change from another desk', async () => {
    const other = await makeOtherCrossing()
    const strangers = await makeOfficers(other, other.high, 3)
    await strangers.seal()
    const lines = (await readFile(join(other.high, 'ledger.jsonl'), 'utf8')).trim().split('\n')
    const strange = lines.slice(-2).map((line) => JSON.parse(line) as LedgerEvent)
    await other.dispose()
    await damaged((events) => [...events.slice(0, at(events, 'change.proposed', 0)), ...strange])
  })
})
