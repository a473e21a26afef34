import { appendFile, cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LedgerEvent } from '../../main/ledger/event.ts'
import { sha256Hex } from '../../main/platform/hash.ts'
import { canonical } from '../../main/platform/json.ts'
import { done, sallyport, type Said } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, makePerson, signing, type Crossing } from '../support/desks.ts'
import { forgeLedger } from '../support/forge-ledger.ts'
import { highDesk } from '../support/high-desk.ts'
import { makeOfficers } from '../support/officers.ts'

/* What lies in the desk's own ledger is input like any other: lines that nobody signed for are damage. */

let crossing: Crossing
let copies = 0
const { verify, half, accepted } = highDesk(() => crossing)
const copyOf = async (desk: string): Promise<string> => {
  const copy = join(crossing.folder, `past-${++copies}`)
  await cp(desk, copy, { recursive: true })
  return copy
}
const linesOf = async (desk: string): Promise<string[]> =>
  (await readFile(join(desk, 'ledger.jsonl'), 'utf8')).split('\n').slice(0, -1)
const eventsOf = async (desk: string): Promise<LedgerEvent[]> =>
  (await linesOf(desk)).map((line) => JSON.parse(line) as LedgerEvent)

type Facts = Record<string, unknown>
type Unplaced = Omit<LedgerEvent, 'sequence' | 'previous'>

/** A line behind the last, as somebody writes it who has no key at all: only the hash chain is right. */
async function append(desk: string, event: Unplaced): Promise<void> {
  const lines = await linesOf(desk)
  const placed = {
    ...event,
    sequence: lines.length + 1,
    previous: sha256Hex(Buffer.from(lines.at(-1) ?? '')),
  }
  await appendFile(join(desk, 'ledger.jsonl'), `${canonical(placed).toString('utf8')}\n`)
}

/** Every command refuses the desk as damaged at that line, and nothing leaves it. */
async function expectDamaged(desk: string, found: RegExp, id: string): Promise<void> {
  const said = (await sallyport(['ledger', 'verify', '--desk', desk], crossing.clock)).json
  expect({ found: String(found), intact: said.intact }).toEqual({ found: String(found), intact: false })
  expect((said.bad as unknown as { found: string }).found).toMatch(found)
  const out = join(crossing.folder, `out-${copies}`)
  for (const words of [
    ['desk', 'show'],
    ['export', id, '--to', `dir:${out}`],
    ['report', id, '--format', 'json', '--out', `${out}.json`],
  ]) {
    const ended = await sallyport([...words, '--desk', desk], crossing.clock)
    expect({ words, code: ended.code, failure: ended.json.failure.code }).toEqual({
      words,
      code: 1,
      failure: 'ledger-damaged',
    })
  }
  expect((await readdir(crossing.folder)).filter((name) => name.startsWith(`out-${copies}`))).toEqual([])
}

describe('a decision that two people did not sign', () => {
  let id: string
  let made: LedgerEvent
  beforeAll(async () => {
    crossing = await makeCrossing()
    id = (await verify((await makeBundle(crossing, 'one')).folder)).said.id
    await half(id, 'accept', 'dave')
    made = (await eventsOf(crossing.high)).at(-1)!
  })
  afterAll(() => crossing.dispose())

  const erin = (): LedgerEvent['actors'] => [
    { kind: 'person', id: 'erin', fingerprint: crossing.people.erin.fingerprint },
    made.actors.find((one) => one.kind === 'station')!,
  ]
  const asErin = (more: Facts = {}): Unplaced => ({
    ...made,
    actors: erin(),
    facts: {
      ...made.facts,
      person: 'erin',
      name: 'Erin Sand',
      roles: ['witness'],
      decided: 'accept',
      ...more,
    },
  })

  it('added as a line by somebody without the station’s key: no head signs it', async () => {
    for (const event of [
      asErin(),
      { ...asErin(), statements: [] },
      { ...made, facts: { ...made.facts, decided: 'accept' } },
      { ...asErin(), actors: made.actors.filter((one) => one.kind === 'station') },
    ]) {
      const copy = await copyOf(crossing.high)
      await append(copy, event)
      await expectDamaged(copy, /no head signs/, id)
    }
  })

  it('with more lines behind it, or with the checkpoint of before', async () => {
    const copy = await copyOf(crossing.high)
    const before = await readFile(join(copy, 'checkpoint'))
    await append(copy, asErin())
    await append(copy, { ...made, type: 'consignment.closed', facts: { consignment: id } })
    await writeFile(join(copy, 'checkpoint.next'), before)
    await expectDamaged(copy, /no head signs/, id)
  })

  it('written with the station’s key: the statement is looked at again', async () => {
    const cases: readonly (readonly [Unplaced, RegExp])[] = [
      [asErin(), /signature that the key of erin did not make/],
      [{ ...asErin(), statements: [] }, /no statement/],
      [{ ...asErin(), statements: ['{}'] }, /dsseEnvelope/],
      [{ ...asErin(), actors: made.actors }, /dave with the key/],
      [{ ...asErin(), actors: erin().slice(1) }, /nobody/],
      [{ ...made }, /same-person/],
      [{ ...made, facts: { ...made.facts, decided: 'accept' } }, /same-person/],
      [asErin({ person: 'zoe' }), /zoe, who is not here/],
    ]
    for (const [event, found] of cases) {
      const copy = join(crossing.folder, `past-${++copies}`)
      await forgeLedger(crossing.high, copy, (events) => [...events, event])
      await expectDamaged(copy, found, id)
    }
  })

  it('changed with the station’s key: every fact is that of the statement', async () => {
    for (const [facts, found] of [
      [{ outcome: 'reject', reason: 'x' }, /outcome "reject"|outcome "accept"/],
      [{ roles: ['security-officer', 'transfer-agent'] }, /roles/],
      [{ name: 'Dave Okara' }, /name/],
      [{ reason: 'because' }, /says something else/],
      [{ verdict: `sha256:${'0'.repeat(64)}` }, /verdict/],
      [{ waybill: `sha256:${'0'.repeat(64)}` }, /waybill/],
      [{ at: '2026-11-22T08:00:00Z' }, /says something else/],
      [{ decided: 'accept' }, /decided "accept"/],
      [{ decided: 'hold' }, /decided "hold"/],
    ] as const) {
      const copy = join(crossing.folder, `past-${++copies}`)
      await forgeLedger(crossing.high, copy, (events) =>
        events.map((one) =>
          one.type === 'decision.signed' ? { ...one, facts: { ...one.facts, ...facts } } : one,
        ),
      )
      await expectDamaged(copy, found, id)
    }
  })

  it('taken over from another place in the ledger: a statement names the ledger that it was made over', async () => {
    const copy = join(crossing.folder, `past-${++copies}`)
    await forgeLedger(crossing.high, copy, (events) =>
      events.map((one) => (one.type === 'desk.created' ? { ...one, outcome: 'another beginning' } : one)),
    )
    await expectDamaged(copy, /another ledger/, id)
  })

  it('out of what was never accepted: no content moves, nothing is exported', async () => {
    const about = { consignment: id, waybill: made.facts['waybill'] }
    for (const [type, facts] of [
      ['content.moved', { ...about, blobs: 0, bytes: 0 }],
      ['export.done', { ...about, target: 'dir:/x', written: [], bytes: 0, blobs: 0 }],
    ] as const) {
      const copy = join(crossing.folder, `past-${++copies}`)
      await forgeLedger(crossing.high, copy, (events) => [
        ...events,
        { ...made, type, facts, statements: [], actors: made.actors.slice(1) },
      ])
      await expectDamaged(copy, /decided null/, id)
    }
  })

  it('under rules of a version that is not known', async () => {
    const copy = join(crossing.folder, `past-${++copies}`)
    await forgeLedger(crossing.high, copy, (events) => events.map((one) => ({ ...one, rules: 99 })))
    await expectDamaged(copy, /rules 99/, id)
  })

  it('and the honest second half still makes it stand', async () => {
    expect((await half(id, 'accept', 'erin')).json.outcome).toBe('accept')
    const said = (await sallyport(['ledger', 'verify', '--desk', crossing.high], crossing.clock)).json
    expect(said.intact).toBe(true)
  })
})

describe('a signature on a waybill that nobody gave', () => {
  let id: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    id = (await makeBundle(crossing, 'one')).id
  })
  afterAll(() => crossing.dispose())

  it('with the station’s key: line, role, person and what it releases are looked at again', async () => {
    const signed = (events: Unplaced[]): Unplaced[] => events.filter((one) => one.type === 'approval.signed')
    for (const [change, found] of [
      [
        (events: Unplaced[]) => {
          const [first, second] = signed(events)
          return events.map((one) => (one === second ? { ...second, statements: first!.statements } : one))
        },
        /signature that the key of carol did not make/,
      ],
      [
        (events: Unplaced[]) =>
          events
            .filter((one) => one !== signed(events)[1])
            .map((one) =>
              one.type === 'approval.signed' ? { ...one, facts: { ...one.facts, released: true } } : one,
            ),
        /released true/,
      ],
      [(events: Unplaced[]) => events.filter((one) => one !== signed(events)[0]), /released true/],
      [
        (events: Unplaced[]) => events.flatMap((one) => (one === signed(events)[0] ? [one, one] : [one])),
        /already-signed/,
      ],
    ] as const) {
      const copy = join(crossing.folder, `past-${++copies}`)
      await forgeLedger(crossing.low, copy, (events) => change(events))
      const said = (await sallyport(['ledger', 'verify', '--desk', copy], crossing.clock)).json
      expect((said.bad as unknown as { found: string }).found).toMatch(found)
      const to = join(crossing.folder, `medium-${copies}`)
      await mkdir(to)
      const ended = await sallyport(['write', id, '--desk', copy, '--to', to], crossing.clock)
      expect(ended.json.failure.code).toBe('ledger-damaged')
      expect(await readdir(to)).toEqual([])
    }
  })
})

describe('a half that a revocation voids', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('also after a hold: the second half decides nothing alone', async () => {
    const officers = await makeOfficers(crossing, crossing.high)
    await officers.seal()
    const { id } = (await verify((await makeBundle(crossing, 'one')).folder)).said
    await decideBoth(crossing, id, 'hold')
    await half(id, 'accept', 'dave')
    await officers.change(['trust', 'revoke', crossing.people.dave.fingerprint, '--reason', 'stolen'])
    const second = await half(id, 'accept', 'erin')
    expect({ code: second.code, failure: second.json.failure, outcome: second.json.outcome }).toEqual({
      code: 0,
      failure: undefined,
      outcome: null,
    })
    const shown = await done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
    expect(shown.state).toBe('deciding')
    const ended = await sallyport(
      ['export', id, '--desk', crossing.high, '--to', `dir:${join(crossing.folder, 'out')}`],
      crossing.clock,
    )
    expect(ended.json.failure.code).toBe('consignment-state')
  })
})

describe('two people who do not agree, or are one', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('one who rejects and one who accepts decide nothing', async () => {
    const { id } = (await verify((await makeBundle(crossing, 'one')).folder)).said
    await half(id, 'reject', 'dave', ['--reason', 'not wanted'])
    const other = await half(id, 'accept', 'erin')
    expect({ code: other.code, outcome: other.json.outcome }).toEqual({ code: 0, outcome: null })
    const shown: Said = await done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
    expect({ state: shown.state, decided: shown['decided'] }).toEqual({ state: 'deciding', decided: null })
  })

  it('two agents, or an auditor: no decision', async () => {
    await crossing.dispose()
    crossing = await makeCrossing()
    const { id } = (await verify((await makeBundle(crossing, 'two')).folder)).said
    const add = async (person: string, name: string, role: string): Promise<string[]> => {
      const { key } = await makePerson(crossing.folder, person, name, 'p256')
      const words = ['--id', person, '--name', name, '--role', role, '--key', `${key}.pub`]
      await done(['person', 'add', '--desk', crossing.high, ...words], crossing.clock)
      return ['--person', person, '--key', key, '--passphrase-file', crossing.passphrase]
    }
    const gus = await add('gus', 'Gus Hale', 'transfer-agent')
    const ada = await add('ada', 'Ada Finch', 'auditor')
    const accept = ['decide', id, '--desk', crossing.high, '--accept']
    await done([...accept, ...signing(crossing, 'dave')], crossing.clock)
    expect((await done([...accept, ...gus], crossing.clock)).outcome).toBeNull()
    expect((await sallyport([...accept, ...ada], crossing.clock)).json.failure.code).toBe('role-missing')
    expect((await done([...accept, ...signing(crossing, 'erin')], crossing.clock)).outcome).toBe('accept')
  })

  it('one person under two ids is not added: by name, by capitals of the id, by the same key', async () => {
    const other = await makePerson(crossing.folder, 'second', 'Dave', 'p256')
    for (const [person, name, key] of [
      ['dave-2', 'Dave Okoro', other.key],
      ['dave-3', 'dave  okoro', other.key],
      ['dave-4', 'Ｄａｖｅ Okoro', other.key],
      ['DAVE', 'Somebody Else', other.key],
      ['dave-5', 'Somebody Else', crossing.people.dave.key],
    ] as const) {
      const words = ['--id', person, '--name', name, '--role', 'witness', '--key', `${key}.pub`]
      const ended = await sallyport(['person', 'add', '--desk', crossing.high, ...words], crossing.clock)
      expect({ person, code: ended.json.failure.code }).toEqual({ person, code: 'person-exists' })
    }
  })
})

describe('what cannot be recorded is refused before it is', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('an export to a path of 5,000 characters leaves the desk as it was', async () => {
    const id = await accepted((await makeBundle(crossing, 'one')).folder)
    const before = await linesOf(crossing.high)
    const ended = await sallyport(
      ['export', id, '--desk', crossing.high, '--to', `dir:/${'a'.repeat(5000)}`],
      crossing.clock,
    )
    expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({
      code: 1,
      failure: 'record-refused',
    })
    expect(await linesOf(crossing.high)).toEqual(before)
    const out = join(crossing.folder, 'out')
    await done(['export', id, '--desk', crossing.high, '--to', `dir:${out}`], crossing.clock)
    expect(await readdir(out)).not.toEqual([])
  })
})
