import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Waybill } from '../../shared/waybill.ts'
import { done, sallyport } from '../support/command-line.ts'
import {
  decideBoth,
  makeBundle,
  makeCrossing,
  makeOtherCrossing,
  release,
  writeFiles,
  writeRequest,
  writeTo,
  type Crossing,
} from '../support/desks.ts'
import { forge, honestContent, honestWaybill } from '../support/forge.ts'
import { foundOf, highDesk } from '../support/high-desk.ts'
import { expectRefused } from '../support/refusal.ts'

let crossing: Crossing
const fresh = async (): Promise<void> => {
  crossing = await makeCrossing()
}
const dispose = (): Promise<void> => crossing.dispose()
const { verify, accepted, half, refused } = highDesk(() => crossing)

describe('order in a stream', () => {
  beforeAll(fresh)
  afterAll(dispose)
  let first: string
  let second: string

  it('replay of an accepted one, of a rejected one; then older than the accepted', async () => {
    first = (await makeBundle(crossing, 'first')).folder
    await accepted(first)
    expect(foundOf(await refused(first, 'order.replay'), 'order.replay')).toContain('accepted')
    second = (await makeBundle(crossing, 'second')).folder
    const rejected = (await verify(second)).said.id
    await decideBoth(crossing, rejected, 'reject')
    expect(foundOf(await refused(second, 'order.replay'), 'order.replay')).toContain('rejected')
    // The next follows the rejected one: that is no gap.
    await accepted((await makeBundle(crossing, 'third')).folder)
    await refused(first, 'order.replay')
  })

  it('a gap: the bundle before never arrived; when it comes, the later one passes', async () => {
    const missing = (await makeBundle(crossing, 'fourth')).folder
    const later = (await makeBundle(crossing, 'fifth')).folder
    const held = await refused(later, 'order.gap')
    expect(foundOf(held, 'order.gap')).toContain('held')
    // Held is not stopped: the content was read to its end.
    expect(held.checks.find((one) => one.id === 'content.blob')?.result).toBe('pass')
    expect((await half(held.id, 'accept', 'dave')).json.failure.code).toBe('verdict-not-passed')
    await accepted(missing)
    await accepted(later)
  })

  it('an older one that was never decided is refused once a newer one is accepted', async () => {
    const base = await honestWaybill(first)
    const content = await honestContent(first)
    const old = await forge(crossing, base, { content, change: (w) => ({ ...w, name: 'other' }) }, 'older')
    // Another bundle with a number that is known: the sender said two things.
    await refused(old, 'order.equivocation')
    const lower = (sequence: number): Promise<string> =>
      forge(
        crossing,
        base,
        {
          content,
          change: (w) => ({
            ...w,
            destinations: w.destinations.map((d) => ({ ...d, sequence, previous: null })),
          }),
        },
        `lower-${sequence}`,
      )
    const shown = JSON.stringify(await done(['desk', 'show', '--desk', crossing.high], crossing.clock))
    expect(shown).toContain('payments')
    await refused(await lower(4), 'order.equivocation')
  })
})

describe('numbers below the last accepted that were never seen', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('downgrade', async () => {
    const one = await makeBundle(crossing, 'first')
    const voided = one.id
    await done(
      ['consignment', 'drop', voided, '--desk', crossing.low, '--reason', 'Wrong file'],
      crossing.clock,
    )
    // Number 1 was never delivered; number 2 says that it is void, and passes.
    await accepted((await makeBundle(crossing, 'second')).folder)
    const base = await honestWaybill(one.folder)
    const other = await forge(
      crossing,
      base,
      { content: await honestContent(one.folder), change: (w) => ({ ...w, name: 'another-first' }) },
      'another-first',
    )
    expect(foundOf(await refused(other, 'order.downgrade'), 'order.downgrade')).toContain(
      'number 2 was accepted',
    )
    expect(foundOf(await refused(one.folder, 'order.voided'), 'order.voided')).toBe('voided')
  })
})

describe('a sender that says two things', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('equivocation: both are held, and neither can be accepted any more', async () => {
    const copy = join(crossing.folder, 'low-copy')
    await cp(crossing.low, copy, { recursive: true })
    const one = (await makeBundle(crossing, 'one')).folder
    const twin = { ...crossing, low: copy }
    const two = (await makeBundle(twin, 'two', { 'notes.txt': 'other notes\n' })).folder
    const first = await verify(one)
    expect(first.code).toBe(0)
    // Its ledger went two ways as well.
    const second = await expectRefused(crossing, two, 3, 'order.equivocation')
    expect(second.checks.find((one) => one.id === 'ledger.consistency')?.result).toBe('fail')
    expect(
      second.checks.find((check) => check.id === 'order.equivocation' && check.result === 'fail')?.reason,
    ).toBe('held')
    const stale = await half(first.said.id, 'accept', 'dave')
    expect({ code: stale.code, failure: stale.json.failure.code }).toEqual({
      code: 1,
      failure: 'verdict-stale',
    })
    const again = await half(first.said.id, 'accept', 'dave')
    expect(again.json.failure.code).toBe('verdict-not-passed')
    expect((await half(second.id, 'accept', 'dave')).json.failure.code).toBe('verdict-not-passed')
    await expectRefused(crossing, one, 3, 'order.equivocation')
  })

  it('half a decision made before does not survive it', async () => {
    await crossing.dispose()
    await fresh()
    const copy = join(crossing.folder, 'low-copy')
    await cp(crossing.low, copy, { recursive: true })
    const first = await verify((await makeBundle(crossing, 'one')).folder)
    expect((await half(first.said.id, 'accept', 'dave')).code).toBe(0)
    await expectRefused(
      crossing,
      (await makeBundle({ ...crossing, low: copy }, 'two', { 'b.txt': 'b' })).folder,
      3,
      'order.equivocation',
    )
    expect((await half(first.said.id, 'accept', 'erin')).json.failure.code).toBe('verdict-stale')
    const shown = await done(['consignment', 'show', first.said.id, '--desk', crossing.high], crossing.clock)
    expect(shown.state).not.toBe('accepted')
  })
})

describe('state, channel and epoch', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('state lost: the first that is seen has number 3', async () => {
    await makeBundle(crossing, 'first')
    await makeBundle(crossing, 'second')
    const third = (await makeBundle(crossing, 'third')).folder
    const said = await refused(third, 'order.state')
    expect(foundOf(said, 'order.state')).toContain('1 to 2')
  })

  it('a ledger of ours that the sender knows to be longer: this desk was set back', async () => {
    await crossing.dispose()
    await fresh()
    const { folder } = await makeBundle(crossing, 'first')
    const base = await honestWaybill(folder)
    const content = await honestContent(folder)
    const witnessed = [{ desk: crossing.highId, checkpoint: 'x\n100000\n' }]
    const change = (w: Waybill): Waybill => ({ ...w, ledger: { ...w.ledger, witnessed } })
    const path = await forge(crossing, base, { content, change }, 'witnessed')
    expect(foundOf(await refused(path, 'order.state'), 'order.state')).toContain('witnessed 100000')
  })

  it('an epoch that is not in force, higher', async () => {
    await crossing.dispose()
    await fresh()
    const { folder } = await makeBundle(crossing, 'first')
    const base = await honestWaybill(folder)
    const content = await honestContent(folder)
    const path = await forge(crossing, base, { content, change: (w) => ({ ...w, epoch: 2 }) }, 'epoch')
    expect(foundOf(await refused(path, 'order.channel'), 'order.channel')).toContain('epoch 2')
  })
})

describe('what its signers are not trusted for', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('voids nothing, takes no number and ends no gap in the stream it names', async () => {
    const first = (await makeBundle(crossing, 'first')).folder
    await accepted(first)
    const second = (await makeBundle(crossing, 'second')).folder
    const third = (await makeBundle(crossing, 'third')).folder
    const base = await honestWaybill(third)
    const content = await honestContent(third)
    const [entry] = base.destinations
    const voided = [
      { desk: crossing.highId, sequence: 2, digest: entry?.previous ?? 'sha256:', reason: 'A lie' },
    ]
    // The channel is the one that they are not trusted for; then the desk is one that they may not speak for.
    const channel = (w: Waybill): Waybill => ({ ...w, channel: 'fuel', voided })
    const lie = await forge(crossing, base, { content, change: channel }, 'other-channel')
    const said = await expectRefused(crossing, lie, 3, 'signers.trust')
    expect(said.checks.find((one) => one.id === 'order.gap')?.result).not.toBe('pass')
    const desk = (w: Waybill): Waybill => ({
      ...w,
      voided: [],
      destinations: w.destinations.map((one) => ({ ...one, desk: 'c'.repeat(64) })),
    })
    await expectRefused(
      crossing,
      await forge(crossing, base, { content, change: desk }, 'other-desk'),
      3,
      'destination.here',
    )
    const shown = await done(['desk', 'show', '--desk', crossing.high], crossing.clock)
    const streams = shown['streams'] as { channel: string }[]
    expect(streams.map((one) => one.channel)).toEqual(['payments'])
    await refused(third, 'order.gap')
    await accepted(second)
    await accepted(third)
  })

  it('a void that is not below its own number, or for a desk that is no destination, is no waybill', async () => {
    const next = (await makeBundle(crossing, 'next')).folder
    const base = await honestWaybill(next)
    const content = await honestContent(next)
    const digest = `sha256:${'d'.repeat(64)}` as const
    for (const [name, told] of Object.entries({
      own: [{ desk: crossing.highId, sequence: 4, digest, reason: 'x' }],
      elsewhere: [{ desk: 'c'.repeat(64), sequence: 1, digest, reason: 'x' }],
      twice: [2, 2].map((sequence) => ({ desk: crossing.highId, sequence, digest, reason: 'x' })),
    })) {
      const change = (w: Waybill): Waybill => ({ ...w, voided: told })
      const path = await forge(crossing, base, { content, change }, `voids-${name}`).catch(() => null)
      if (path !== null) await expectRefused(crossing, path, 3, 'waybill.form')
    }
    const [entry] = base.destinations
    // Number 3 was seen under another number than the one that this says is void.
    const voided = [{ desk: crossing.highId, sequence: 2, digest: entry?.previous ?? digest, reason: 'x' }]
    const change = (w: Waybill): Waybill => ({ ...w, voided })
    const lie = await refused(await forge(crossing, base, { content, change }, 'voids-other'), 'order.voids')
    // Its list counts for nobody; that it has the number of the honest one holds both until people reject it.
    await refused(next, 'order.equivocation')
    await decideBoth(crossing, lie.id, 'reject')
    await accepted(next)
  })

  it('a number far above is a gap, not a silent skip', async () => {
    const next = (await makeBundle(crossing, 'far')).folder
    const base = await honestWaybill(next)
    const content = await honestContent(next)
    const change = (w: Waybill): Waybill => ({
      ...w,
      destinations: w.destinations.map((one) => ({ ...one, sequence: Number.MAX_SAFE_INTEGER })),
    })
    const far = await forge(crossing, base, { content, change }, 'far-away')
    expect(foundOf(await refused(far, 'order.gap'), 'order.gap')).toContain('is missing')
    await accepted(next)
  })
})

describe('a channel of another sender', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('belongs to the first one accepted on it', async () => {
    const { clock, folder, high, people } = crossing
    await accepted((await makeBundle(crossing, 'first')).folder)
    const rival = join(folder, 'rival')
    const made = await done(['desk', 'create', rival, '--side', 'low', '--name', 'Rival'], clock)
    const roles = { alice: 'requester', bob: 'transfer-agent', carol: 'release-authority' } as const
    for (const id of ['alice', 'bob', 'carol'] as const) {
      const person = people[id]
      await done(
        [
          'person',
          'add',
          '--desk',
          rival,
          '--id',
          id,
          '--name',
          person.name,
          '--key',
          `${person.key}.pub`,
          '--role',
          roles[id],
        ],
        clock,
      )
    }
    const { folder: bundle } = await makeBundle({ ...crossing, low: rival, lowId: made.id }, 'rival-medium')
    // Signers limited to one sender do not count for another.
    await expectRefused(crossing, bundle, 3, 'signers.trust')
    const second = await makeOtherCrossing()
    try {
      // A desk whose signers may come from any sender says so, and still keeps the channel to its owner.
      for (const [id, role] of [
        ['bob', 'prepare'],
        ['carol', 'release'],
      ] as const) {
        const person = people[id]
        await done(
          [
            'trust',
            'add',
            '--desk',
            second.high,
            '--key',
            `${person.key}.pub`,
            '--name',
            person.name,
            '--role',
            role,
            '--fingerprint',
            person.fingerprint,
          ],
          clock,
        )
      }
      const toSecond = { ...crossing, high: second.high, highId: second.highId }
      const a = (await makeBundle(toSecond, 'a')).folder
      const from = { ...second, clock, people: { ...second.people } }
      const seen = await sallyport(['verify', a, '--desk', second.high], clock)
      expect(seen.code).toBe(0)
      expect(seen.json.checks.find((one) => one.id === 'signers.trust')?.result).toBe('warn')
      await decideBoth(from, seen.json.id, 'accept')
      const b = (await makeBundle({ ...toSecond, low: rival, lowId: made.id }, 'b')).folder
      const ended = await sallyport(['verify', b, '--desk', second.high], clock)
      expect(ended.code).toBe(4)
      expect(ended.json.checks.find((one) => one.id === 'order.channel')?.result).toBe('fail')
    } finally {
      await second.dispose()
    }
    expect(high).toBe(crossing.high)
  })

  it('a signer limited to one channel does not count on another; a bundle for another desk is refused', async () => {
    const { lowId } = crossing
    expect(lowId).toMatch(/^[0-9a-f]{64}$/)
    const items = await writeFiles(crossing, { 'notes.txt': 'other channel\n' })
    const id = await release(crossing, await writeRequest(crossing, items, { channel: 'fuel' }))
    await expectRefused(crossing, await writeTo(crossing, id, 'fuel'), 3, 'signers.trust')
    const elsewhere = 'c'.repeat(64)
    const to = await release(
      crossing,
      await writeRequest(crossing, items, { destinations: `[${elsewhere}]` }),
    )
    const said = await expectRefused(
      crossing,
      await writeTo(crossing, to, 'elsewhere'),
      3,
      'destination.here',
    )
    expect(foundOf(said, 'destination.here')).toBe(elsewhere)
  })
})
