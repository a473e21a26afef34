import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, linesOf, sallyport } from '../support/command-line.ts'
import { decideBoth, makeCrossing, type Crossing } from '../support/desks.ts'
import { forge, honestContent, honestWaybill } from '../support/forge.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'
import { bothRun, damage, streamsOf } from '../support/streams.ts'

/* The order of a stream through the command line of both sides (trust.md, Order): what a blocked desk is told, works. */

let crossing: Crossing
let officers: Officers
let lowOfficers: Officers
const fresh = async (): Promise<void> => {
  crossing = await makeCrossing()
}
const sealed = async (): Promise<void> => {
  await fresh()
  officers = await makeOfficers(crossing, crossing.high)
  lowOfficers = await makeOfficers(crossing, crossing.low)
  await officers.seal()
  await lowOfficers.seal()
}
const dispose = (): Promise<void> => crossing.dispose()
const { released, written, again, drop, codeOf, low, row, accept, verify, collect, approve } = streamsOf(
  () => crossing,
)

describe('one bad medium', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('is made again after the next was released and written, and both go', async () => {
    const first = await released('first')
    const medium = await written(first, 'm1')
    const second = await released('second')
    const later = await written(second, 'm2')
    await damage(medium)
    expect((await verify(medium)).code).toBe(3)
    expect(await row(later)).toBe('order.gap held')
    const copy = await written(first, 'm1-again')
    await accept(copy)
    await accept(later)
    // Decided is decided: the copy is a replay now.
    expect(await row(copy)).toBe('order.replay refused')
  })

  it('both were released before either is written', async () => {
    const [third, fourth] = [await released('third'), await released('fourth')]
    const one = await written(third, 'm3')
    const two = await written(fourth, 'm4')
    await accept(one)
    await accept(two)
  })
})

describe('a medium lost for good', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('is voided, and what was released meanwhile need not be made anew', async () => {
    await accept(await written(await released('first'), 'm1'))
    const lost = await released('lost')
    const lostMedium = await written(lost, 'm2')
    const waits = await released('waits')
    const held = await written(waits, 'm3')
    expect(await row(held)).toBe('order.gap held')
    await drop(lost)
    expect(await codeOf('write', lost, '--to', join(crossing.folder, 'm2'))).toBe('waybill-old')
    const next = await written(await released('next'), 'm4')
    // Number 3 was never decided: number 4 alone cannot pass over it.
    expect(await row(next)).toBe('order.gap held')
    await accept(held)
    await accept(next)
    expect(await row(lostMedium)).toBe('order.voided refused')
  })

  it('a void is told in every later waybill, so that a second loss loses nothing', async () => {
    const lost = await released('lost-too')
    await drop(lost)
    const teller = await released('teller')
    await drop(teller)
    const follows = await written(await released('follows'), 'm7')
    const { voided } = await honestWaybill(follows)
    expect(voided.map((one) => one.sequence)).toEqual([2, 5, 6])
    await accept(follows)
    const after = await honestWaybill(await written(await released('after'), 'm8'))
    expect(after.voided.map((one) => one.sequence)).toEqual([2, 5, 6])
  })
})

describe('two prepared side by side', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('both go: the second is made again with the next number', async () => {
    const [one, two] = [await collect('one'), await collect('two')]
    expect((await approve(one, 'prepare')).code).toBe(0)
    expect((await approve(two, 'prepare')).code).toBe(0)
    expect((await approve(two, 'release')).code).toBe(0)
    const late = await approve(one, 'release')
    expect(late.json.failure.code).toBe('waybill-old')
    expect(late.json.failure.happened).toContain('number 1 of channel payments')
    expect(late.json.failure.next).toContain(`collect ${one}`)
    await again(one)
    const [first, second] = [await written(two, 'm-two'), await written(one, 'm-one')]
    await accept(first)
    await accept(second)
  })

  it('a waybill that does not tell a void of its stream is made again', async () => {
    const given = await released('given-up')
    const made = await collect('made-before')
    expect((await approve(made, 'prepare')).code).toBe(0)
    await drop(given)
    const late = await approve(made, 'release')
    expect({ code: late.json.failure.code, said: late.json.failure.happened }).toEqual({
      code: 'waybill-old',
      said: expect.stringContaining('void') as string,
    })
    await again(made)
    await accept(await written(made, 'm-after'))
  })

  it('what was accepted and is withdrawn later stays accepted, and says so', async () => {
    const id = await released('withdrawn')
    const here = await accept(await written(id, 'm-withdrawn'))
    await drop(id)
    await accept(await written(await released('teller'), 'm-teller'))
    const shown = await done(['consignment', 'show', here, '--desk', crossing.high], crossing.clock)
    expect(shown.state).toBe('accepted')
    expect(shown['flags']).toEqual([expect.stringContaining('withdrawn') as string])
  })

  it('a released one whose way is not barred is never made again', async () => {
    const id = await released('good')
    expect(await codeOf('collect', id)).toBe('consignment-state')
  })
})

describe('a released waybill whose way is barred', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('given up: made again under a new number; the old digest stays void', async () => {
    const id = await released('once')
    const old = await written(id, 'm-old')
    await drop(id)
    await again(id)
    const renewed = await written(id, 'm-new')
    await accept(renewed)
    expect(await row(old)).toBe('order.voided refused')
    const { voided, destinations } = await honestWaybill(renewed)
    expect({ voided: voided.map((one) => one.sequence), number: destinations[0]?.sequence }).toEqual({
      voided: [1],
      number: 2,
    })
  })

  it('expired: the same; the high desk is told what it replaces', async () => {
    const id = await released('aged')
    const old = await written(id, 'm-aged')
    crossing.clock.forward(4000)
    const late = await low('write', id, '--to', join(crossing.folder, 'm-aged'))
    expect(late.json.failure.code).toBe('waybill-old')
    await again(id)
    const renewed = await written(id, 'm-renewed')
    await accept(renewed)
    expect(await row(old)).toBe('order.voided refused')
  })

  it('is closed: nothing more is written, and it may still be dropped', async () => {
    const id = await released('closed')
    await written(id, 'm-closed')
    await done(['consignment', 'close', id, '--desk', crossing.low], crossing.clock)
    expect(await codeOf('write', id, '--to', join(crossing.folder, 'm-closed'))).toBe('consignment-state')
    await drop(id)
    await accept(await written(await released('after-closed'), 'm-after-closed'))
  })
})

describe('holds that officers release', () => {
  beforeAll(sealed)
  afterAll(dispose)

  it('a gap: the second officer asks for the same; the same consignment goes on without the medium', async () => {
    await accept(await written(await released('first'), 'm1'))
    const lost = await released('lost')
    const later = await written(await released('later'), 'm3')
    const held = await verify(later)
    expect(held.code).toBe(4)
    const { id } = held.json
    const shown = await linesOf(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
    const [line = '', missing, release] = shown.slice(shown.findIndex((one) => one.startsWith('HELD')))
    expect(line).toMatch(/^HELD by order\.gap: ./)
    expect([missing, release]).toEqual([
      '  nothing is known of 2',
      `  Two security officers release it: sallyport stream release ${id} --desk FOLDER`,
    ])
    const alone = await officers.at('stream', 'release', id)
    expect(alone.json.failure.code).toBe('officers-needed')
    const stated = ['--epoch', '1', '--accepted', 'none']
    const other = await officers.at('stream', 'release', id, ...stated, ...officers.signs(0))
    expect(other.json.failure.code).toBe('recovery-needed')
    const said = await bothRun(officers, 'stream', 'release', id)
    expect(said['judged']).toEqual([id])
    await rm(later, { recursive: true })
    await decideBoth(crossing, id, 'accept')
    const nothing = await officers.at('stream', 'release', id, ...officers.signs(0))
    expect(nothing.json.failure.code).toBe('nothing-held')
    // What was passed over is older now.
    expect(await row(await written(lost, 'm2'))).toBe('order.downgrade refused')
    await accept(await written(await released('next'), 'm4'))
  })

  it('an equivocation: one officer proposes, the other signs by number; a third bundle holds again', async () => {
    const honest = await written(await released('honest'), 'm5')
    const base = await honestWaybill(honest)
    const content = await honestContent(honest)
    const lie = (name: string): Promise<string> =>
      forge(crossing, base, { content, change: (w) => ({ ...w, name }) }, name)
    expect(await row(honest)).toBe('passes')
    expect(await row(await lie('lie'))).toBe('order.equivocation held')
    expect(await row(honest)).toBe('order.equivocation held')
    const { id } = (await verify(honest)).json
    await officers.change(['stream', 'release', id])
    const now = await verify(honest)
    expect(now.code).toBe(0)
    expect(now.json.checks.find((one) => one.id === 'order.equivocation')?.reason).toBe('released')
    expect(await row(await lie('third'))).toBe('order.equivocation held')
    expect(await row(honest)).toBe('order.equivocation held')
    await bothRun(officers, 'stream', 'release', id)
    await accept(honest)
  })
})

describe('epochs and channels', () => {
  beforeAll(sealed)
  afterAll(dispose)

  it('a raise on both sides begins anew, ends the heads loudly, and bars what is old', async () => {
    const first = await written(await released('first'), 'm1')
    await accept(first)
    const old = await released('old')
    const oldMedium = await written(old, 'm2')
    for (const to of ['1', '1002']) {
      const far = await lowOfficers.at('stream', 'epoch', 'payments', '--to', to, ...lowOfficers.signs(0))
      expect(far.json.failure.code).toBe('epoch-range')
    }
    await bothRun(lowOfficers, 'stream', 'epoch', 'payments', '--to', '2')
    expect(await codeOf('write', old, '--to', join(crossing.folder, 'm2'))).toBe('waybill-old')
    await again(old)
    const renewed = await written(old, 'm2-again')
    const waybill = await honestWaybill(renewed)
    expect({ epoch: waybill.epoch, voided: waybill.voided, ...waybill.destinations[0] }).toMatchObject({
      epoch: 2,
      voided: [],
      sequence: 1,
      previous: null,
    })
    // The receiver raises when it has decided what it expects.
    expect(await row(renewed)).toBe('order.channel refused')
    expect(await row(oldMedium)).toBe('passes')
    await bothRun(officers, 'stream', 'epoch', 'payments', '--to', '2')
    expect(await linesOf(['desk', 'show', '--desk', crossing.high], crossing.clock)).toContain(
      `Channel payments: epoch 2, of sender ${crossing.lowId}`,
    )
    expect(await row(oldMedium)).toBe('order.channel refused')
    const taken = await verify(renewed)
    expect(taken.code).toBe(0)
    const heads = taken.json.checks.filter((one) => one.id === 'ledger.consistency')
    expect(heads.map(({ result, reason }) => `${result} ${reason}`)).toEqual(['warn epoch-raised'])
    await accept(renewed)
    await accept(await written(await released('next'), 'm3'))
    expect(await row(first)).toBe('order.channel refused')
  })

  it('a channel is moved to another sender, and back', async () => {
    const next = await written(await released('to-move'), 'm4')
    const other = 'b'.repeat(64)
    await bothRun(officers, 'stream', 'move', 'payments', '--to', other)
    expect(await row(next)).toBe('order.channel refused')
    const same = await officers.at('stream', 'move', 'payments', '--to', other, ...officers.signs(0))
    expect(same.json.failure.code).toBe('channel-owner')
    await bothRun(officers, 'stream', 'move', 'payments', '--to', crossing.lowId)
    await accept(next)
  })

  it('a number as high as numbers go is got out of by raising the epoch', async () => {
    const next = await written(await released('top'), 'm5')
    const base = await honestWaybill(next)
    const content = await honestContent(next)
    const change = (w: typeof base): typeof base => ({
      ...w,
      destinations: w.destinations.map((one) => ({ ...one, sequence: Number.MAX_SAFE_INTEGER })),
    })
    const top = await forge(crossing, base, { content, change }, 'top')
    const held = await verify(top)
    expect(held.json.checks.find((one) => one.reason === 'held')?.id).toBe('order.gap')
    await bothRun(officers, 'stream', 'release', held.json.id)
    await accept(top)
    expect(await row(next)).toBe('order.downgrade refused')
    await bothRun(lowOfficers, 'stream', 'epoch', 'payments', '--to', '3')
    await bothRun(officers, 'stream', 'epoch', 'payments', '--to', '3')
    await accept(await written(await released('anew'), 'm6'))
  })
})

describe('a desk that was put back', () => {
  beforeAll(sealed)
  afterAll(dispose)

  it('a high desk without its memory goes on after two officers stated what was accepted', async () => {
    const backup = join(crossing.folder, 'backup')
    await cp(crossing.high, backup, { recursive: true })
    const first = await released('first')
    const medium = await written(first, 'm1')
    await accept(medium)
    const second = await written(await released('second'), 'm2')
    await rm(crossing.high, { recursive: true })
    await cp(backup, crossing.high, { recursive: true })
    expect(await row(second)).toBe('order.state held')
    const { id } = (await verify(second)).json
    const none = await officers.at('stream', 'release', id, ...officers.signs(0))
    expect(none.json.failure.code).toBe('recovery-needed')
    const { waybill } = await done(['consignment', 'show', first, '--desk', crossing.low], crossing.clock)
    await bothRun(officers, 'stream', 'release', id, '--epoch', '1', '--accepted', `1:${waybill}`)
    expect(await row(medium)).toBe('order.replay refused')
    await accept(second)
    await accept(await written(await released('third'), 'm3'))
  })
})

describe('a desk that is still founding', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('is told to be sealed first', async () => {
    await released('first')
    const second = await written(await released('second'), 'm2')
    const { id } = (await verify(second)).json
    for (const words of [
      ['stream', 'release', id],
      ['stream', 'epoch', 'payments', '--to', '2'],
      ['stream', 'move', 'payments', '--to', crossing.lowId],
    ]) {
      const { json } = await sallyport([...words, '--desk', crossing.high], crossing.clock)
      const { code, next } = json.failure
      expect({ code, next }).toEqual({
        code: 'seal-first',
        next: expect.stringContaining('desk seal') as string,
      })
    }
  })
})
