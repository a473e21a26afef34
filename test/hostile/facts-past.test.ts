import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LedgerEvent } from '../../main/ledger/event.ts'
import { DeskCopies, type DeskCopy } from '../support/desk-copies.ts'
import type { Crossing } from '../support/desks.ts'
import { makeEveryEvent } from '../support/every-event.ts'
import { writeAnew } from '../support/forge-ledger.ts'
import { eventsOf } from '../support/forged-desk.ts'

/*
 * Every fact of every act that people signed, changed by somebody who has the station's key and nobody else's: chain,
 * tree and head are right, and the statement is the one that the person made.
 */

type Path = readonly (string | number)[]

/** Another value of the same form; of what is `null`, some text. */
function other(value: unknown): unknown {
  if (value === null) return 'x'
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  const text = value as string
  if (/^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(text)) return text.replace(/:\d\dZ$/, ':59Z')
  if (/[0-9a-f]{12}$/.test(text)) return `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`
  return `${text}x`
}

/** Every fact, and every list with one thing less, by where it is and what is put there. */
function changesOf(value: unknown, path: Path = []): { readonly path: Path; readonly to: unknown }[] {
  if (Array.isArray(value)) {
    const items = value as unknown[]
    const less = items.length > 0 ? [{ path, to: items.slice(1) }] : []
    return [...less, ...items.flatMap((item, i) => changesOf(item, [...path, i]))]
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, one]) => changesOf(one, [...path, name]))
  return [{ path, to: other(value) }]
}

function put(value: unknown, [first, ...rest]: Path, to: unknown): unknown {
  if (first === undefined) return to
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string,
    unknown
  >
  copy[first] = put(copy[first], rest, to)
  return copy
}

/** One act of each kind: of two that differ in their facts only by what they are about, the first. */
function oneOfEach(events: readonly LedgerEvent[]): LedgerEvent[] {
  const kinds = new Map<string, LedgerEvent>()
  for (const event of events) {
    if (!event.actors.some((one) => one.kind === 'person')) continue
    const { decided, released, stands } = event.facts
    const kind = JSON.stringify([event.type, event.outcome, decided, released, stands])
    if (!kinds.has(kind)) kinds.set(kind, event)
  }
  return [...kinds.values()]
}

describe.each(['low', 'high'] as const)('a fact of an act that people signed, at the %s desk', (side) => {
  let crossing: Crossing
  let copies: DeskCopies
  let events: LedgerEvent[]
  beforeAll(async () => {
    crossing = await makeEveryEvent()
    copies = await DeskCopies.make(crossing, crossing[side])
    events = await eventsOf(crossing[side])
  })
  afterAll(async () => {
    await copies.end()
    await crossing.dispose()
  })
  const badLine = async (
    { folder, session }: DeskCopy,
    anew: readonly LedgerEvent[],
  ): Promise<number | null> => {
    await writeAnew(folder, anew)
    const { bad } = await session.call('ledger.verify', { place: session.place('desk', folder) })
    return bad?.line ?? null
  }

  it('is taken as it was signed, so that the writing anew itself is not what is refused', async () => {
    expect(await copies.each([events], badLine)).toEqual([null])
    const kinds = oneOfEach(events).map((one) => one.type)
    const acts = side === 'low' ? ['approval.signed'] : ['decision.signed', 'override.signed']
    const changes = ['change.proposed', 'change.signed']
    expect(kinds).toEqual(expect.arrayContaining([...acts, ...changes]))
  })

  it('is refused where it is changed, whichever it is', async () => {
    const cases = oneOfEach(events).flatMap((event) =>
      changesOf(event.facts).map(({ path, to }) => ({ event, path, to })),
    )
    const lines = await copies.each(cases, (copy, { event, path, to }) => {
      const facts = put(event.facts, path, to) as LedgerEvent['facts']
      return badLine(
        copy,
        events.map((one) => (one === event ? { ...one, facts } : one)),
      )
    })
    const said = cases.map(({ event, path }, i) => ({
      fact: `${event.type} ${event.outcome ?? ''} ${path.join('.')}`,
      line: lines[i],
      wanted: event.sequence,
    }))
    expect(said.filter(({ line, wanted }) => line !== wanted)).toEqual([])
    expect(cases.length).toBeGreaterThan(side === 'low' ? 80 : 230)
  })
})
