import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallInput } from '../../shared/contract.ts'
import { openSession, type Session } from '../../main/desk/session.ts'
import { eventWords } from '../../main/desk/views/event-words.ts'
import { zChange } from '../../main/desk/state/change.ts'
import { facts } from '../../main/desk/state/facts.ts'
import { leafHash } from '../../main/ledger/merkle.ts'
import { openGate } from '../../main/platform/network.ts'
import { DeskCopies } from '../support/desk-copies.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { makeEveryEvent } from '../support/every-event.ts'
import { writeAnew } from '../support/forge-ledger.ts'
import { eventsOf } from '../support/forged-desk.ts'
import { forgeMany, modelOf } from '../support/many.ts'
import { mayMount } from '../support/volumes.ts'

const all: CallInput<'ledger.events'> = { from: 0, count: 200, newestFirst: true, text: '', type: null }

describe('the events of a ledger, to read', () => {
  let crossing: Crossing
  let session: Session
  const lines = (): string[] =>
    readFileSync(join(crossing.high, 'ledger.jsonl'), 'utf8').trimEnd().split('\n')
  beforeAll(async () => {
    crossing = await makeCrossing()
    await forgeMany(crossing, await modelOf(crossing), 60, { proofs: 2 })
    session = openSession({ clock: crossing.clock, network: openGate })
    const place = session.place('desk', crossing.high)
    await session.call('desk.open', { place, mode: 'read' })
  })
  afterAll(async () => {
    await session.close()
    await crossing.dispose()
  })
  const ask = (more: Partial<typeof all> = {}) => session.call('ledger.events', { ...all, ...more })

  it('has words for every type of event', () => {
    expect(Object.keys(eventWords).sort()).toEqual(Object.keys(facts).sort())
  })

  it('says who did what, in plain sentences, the newest or the oldest first', async () => {
    const oldest = await ask({ newestFirst: false, count: 5 })
    expect(oldest.size).toBe(lines().length)
    expect(oldest.events.map(({ sequence, who, sentence }) => `${sequence} ${who}: ${sentence}`)).toEqual([
      '1 this station: The desk Delta-2 was made, on the high side',
      '2 this station: Policy version 1 came into force',
      '3 this station: Dave Okoro was added, as transfer-agent',
      '4 this station: Erin Sand was added, as witness',
      '5 this station: Bob Lind was trusted, to prepare',
    ])
    const signed = await ask({ type: 'decision.signed', newestFirst: false, count: 2 })
    expect(signed.events.map(({ who, sentence }) => `${who}: ${sentence}`)).toEqual([
      'Dave Okoro: Dave Okoro signed: accept payments-2026-11',
      'Erin Sand: Erin Sand signed: accept payments-2026-11; with this the decision stands',
    ])
    expect((await ask({ count: 1 })).events[0]?.sequence).toBe(lines().length)
  })

  it('filters by type and by text, also by digest, and pages without a gap', async () => {
    const { events: one } = await ask({ text: '  PAYMENTS-00040 signed'.trim().slice(0, 14) })
    expect(one.length).toBeGreaterThan(3)
    expect(one.every(({ sentence }) => sentence.includes('payments-00040'))).toBe(true)
    const [subject = ''] = one[0]?.subjects ?? []
    expect((await ask({ text: subject })).matching).toBeGreaterThan(1)
    const whole = await ask({ type: 'verify.done', text: 'passed' })
    const pages = [
      ...(await ask({ type: 'verify.done', text: 'passed', count: 7 })).events,
      ...(await ask({ type: 'verify.done', text: 'passed', from: 7, count: 200 })).events,
    ]
    expect(pages).toEqual(whole.events)
    expect(whole.matching).toBe(61)
    expect(await ask({ text: 'no such words' })).toMatchObject({ matching: 0, events: [] })
    expect(await ask({ type: 'no.such-type' })).toMatchObject({ matching: 0, events: [] })
    expect(whole.types.find(({ type }) => type === 'verify.done')).toEqual({
      type: 'verify.done',
      title: 'Verified',
      count: 61,
    })
  })

  it('gives the raw line and its leaf, and no event that is not there', async () => {
    for (const sequence of [1, 7, lines().length]) {
      const line = lines()[sequence - 1] ?? ''
      const leaf = leafHash(Buffer.from(line)).toString('hex')
      expect(await session.call('ledger.event', { sequence })).toEqual({ sequence, line, leaf })
    }
    const answers = [
      await session.answer('ledger.event', { sequence: lines().length + 1 }),
      await session.answer('ledger.event', { sequence: 0 }),
      await session.answer('ledger.events', { ...all, count: 201 }),
      await session.answer('ledger.events', { ...all, from: -1 }),
    ]
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.failure.code))).toEqual(
      Array.from({ length: 4 }, () => 'bad-input'),
    )
  })
})

describe('every event that an act can record', () => {
  let crossing: Crossing
  beforeAll(async () => {
    crossing = await makeEveryEvent()
  })
  afterAll(() => crossing.dispose())

  it('is recorded by some act: each type, and each kind of change', async () => {
    const events = [...(await eventsOf(crossing.low)), ...(await eventsOf(crossing.high))]
    // A capacity test writes to all of a file system: only where there can be one for it.
    const barred = mayMount() ? [] : ['media.filled', 'media.tested']
    const types = Object.keys(facts).filter((type) => !barred.includes(type))
    expect([...new Set(events.map((one) => one.type))].sort()).toEqual(types.sort())
    const changes = events.flatMap(({ facts: said }) => {
      const change = zChange.safeParse(said['change'])
      return change.success ? [change.data.kind] : []
    })
    const kinds = zChange.options.map((one) => one.shape.kind.value)
    expect([...new Set(changes)].sort()).toEqual([...kinds].sort())
  })

  it('opens again, at the end of its ledger as well as in the middle, and is told in words', async () => {
    for (const side of ['low', 'high'] as const) {
      const events = await eventsOf(crossing[side])
      const copies = await DeskCopies.make(crossing, crossing[side])
      const opened = await copies.each(
        events.map((_, i) => events.slice(0, i + 1)),
        async ({ folder, session }, until) => {
          await writeAnew(folder, until)
          await session.call('desk.open', { place: session.place('desk', folder), mode: 'read' })
          const { size, events: told } = await session.call('ledger.events', { ...all, count: 1 })
          await session.call('consignment.list', {})
          await session.call('desk.close', {})
          return { size, type: told[0]?.type, words: (told[0]?.sentence ?? '').length > 0 }
        },
      )
      await copies.end()
      expect(opened).toEqual(events.map(({ type }, i) => ({ size: i + 1, type, words: true })))
    }
  })
})
