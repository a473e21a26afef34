import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, type Said } from '../support/command-line.ts'
import {
  decideBoth,
  makeBundle,
  makeCrossing,
  makePerson,
  signing,
  writeFiles,
  writeRequest,
  writeTo,
  type Crossing,
} from '../support/desks.ts'
import { highDesk } from '../support/high-desk.ts'
import { copyBundle, flipBit } from '../support/media.ts'

/* What an act changes of a desk, and what stays exactly as it was. */

let crossing: Crossing
const { verify, half, accepted } = highDesk(() => crossing)
const show = (desk: string, id: string): Promise<Said> =>
  done(['consignment', 'show', id, '--desk', desk], crossing.clock)
const shown = (desk: string): Promise<Said> => done(['desk', 'show', '--desk', desk], crossing.clock)
const revoke = (desk: string, fingerprint: string): Promise<Said> =>
  done(['trust', 'revoke', fingerprint, '--reason', 'Lost', '--desk', desk], crossing.clock)
const collect = async (text: string): Promise<string> => {
  const items = await writeFiles(crossing, { [`${text}.txt`]: text })
  const request = await writeRequest(crossing, items)
  return (await done(['collect', request, '--desk', crossing.low], crossing.clock)).id
}
const approve = (id: string, role: string, person: 'bob' | 'carol'): Promise<Said> =>
  done(['approve', id, '--desk', crossing.low, '--role', role, ...signing(crossing, person)], crossing.clock)
const namesOf = (list: unknown): string[] => (list as { name: string }[]).map((one) => one.name)

describe('a key of the low desk that is revoked', () => {
  let byBob: string
  let byCarol: string
  let byBoth: string
  let released: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    released = (await makeBundle(crossing, 'one')).id
    byBob = await collect('by-bob')
    byCarol = await collect('by-carol')
    byBoth = await collect('by-both')
    await approve(byBob, 'prepare', 'bob')
    await approve(byCarol, 'release', 'carol')
    const { bob } = crossing.people
    const answer = await revoke(crossing.low, bob.fingerprint)
    expect({ judged: answer['judged'], flagged: answer['flagged'] }).toEqual({
      judged: [],
      flagged: [released],
    })
  })
  afterAll(() => crossing.dispose())

  it('takes its signatures from what is not released, and from nothing else', async () => {
    for (const [id, state, people] of [
      [byBob, 'collected', []],
      [byCarol, 'signing', ['carol']],
      [byBoth, 'collected', []],
      [released, 'written', ['bob', 'carol']],
    ] as const) {
      const said = await show(crossing.low, id)
      const signers = (said['signatures'] as { person: string }[]).map((one) => one.person)
      expect({ id, state: said.state, signers }).toEqual({ id, state, signers: people })
    }
    expect((await show(crossing.low, byCarol))['missing']).toEqual(['prepare'])
  })

  it('is named for what it was, wherever it still stands', async () => {
    const [first] = (await show(crossing.low, released))['signatures'] as { name: string }[]
    expect(first?.name).toBe('Bob Lind')
    const said = await shown(crossing.low)
    expect(namesOf(said['people'])).toEqual(['Alice Moss', 'Carol Diaz'])
    expect(said['revoked']).toMatchObject([{ name: 'Bob Lind', reason: 'Lost' }])
  })
})

describe('two writings of one consignment', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('are read back each for itself', async () => {
    const { id, folder } = await makeBundle(crossing, 'first')
    const second = await writeTo(crossing, id, 'second')
    const media = async (): Promise<string[]> =>
      ((await show(crossing.low, id))['media'] as { copy: number; state: string; readBack: string | null }[])
        .sort((a, b) => a.copy - b.copy)
        .map(({ copy, state, readBack }) => `${copy} ${state} ${readBack ?? 'not read'}`)
    expect(await media()).toEqual(['1 written not read', '2 written not read'])
    const bad = await copyBundle(crossing, second)
    await flipBit(join(bad, 'medium.json'), -20)
    const failed = await sallyport(['readback', bad, '--desk', crossing.low], crossing.clock)
    expect(failed.json.outcome).not.toBe('passed')
    expect((await show(crossing.low, id)).state).toBe('written')
    await done(['readback', folder, '--desk', crossing.low], crossing.clock)
    expect((await media())[0]).toBe('1 written passed')
    expect((await media())[1]).not.toBe('2 written passed')
    expect((await show(crossing.low, id)).state).toBe('read-back')
    await done(['readback', second, '--desk', crossing.low], crossing.clock)
    expect(await media()).toEqual(['1 written passed', '2 written passed'])
  })

  it('one that failed leaves the other', async () => {
    const { id } = await makeBundle(crossing, 'third')
    const stop = new AbortController()
    stop.abort()
    const to = join(crossing.folder, 'second')
    const cut = await sallyport(
      ['write', id, '--desk', crossing.low, '--to', to],
      crossing.clock,
      stop.signal,
    )
    expect(cut.code).toBe(130)
    const states = ((await show(crossing.low, id))['media'] as { state: string }[]).map((one) => one.state)
    expect(states.filter((state) => state === 'written')).toHaveLength(1)
    expect((await show(crossing.low, id)).state).toBe('written')
  })
})

describe('what the high desk has decided or half decided', () => {
  let whole: string
  let rejected: string
  let open: string
  let other: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    whole = await accepted((await makeBundle(crossing, 'one')).folder)
    rejected = (await verify((await makeBundle(crossing, 'two')).folder)).said.id
    await decideBoth(crossing, rejected, 'reject')
    open = (await verify((await makeBundle(crossing, 'three')).folder)).said.id
    await half(open, 'accept', 'dave')
    other = (await verify((await makeBundle(crossing, 'four')).folder)).said.id
    await half(other, 'reject', 'erin', ['--reason', 'No'])
  })
  afterAll(() => crossing.dispose())
  const halves = async (id: string): Promise<string> => {
    const said = await show(crossing.high, id)
    const people = (said['decisions'] as { person: string }[]).map((one) => one.person)
    return `${said.state}: ${people.join(', ')}`
  }

  it('a key that is replaced takes its halves from what is open, and from nothing else', async () => {
    const { key } = await makePerson(crossing.folder, 'dave-new', 'Dave New', 'p256')
    const words = ['person', 'key', '--id', 'dave', '--key', `${key}.pub`, '--desk', crossing.high]
    const answer = await done(words, crossing.clock)
    expect((answer['flagged'] as string[]).sort()).toEqual([whole])
    expect(await halves(whole)).toBe('accepted: dave, erin')
    expect(await halves(rejected)).toBe('rejected: dave, erin')
    expect(await halves(open)).toBe('arrived: ')
    expect(await halves(other)).toBe('deciding: erin')
    const people = (await shown(crossing.high))['people'] as { id: string; name: string }[]
    expect(people.map(({ id, name }) => `${id} ${name}`)).toEqual(['dave Dave Okoro', 'erin Erin Sand'])
  })

  it('a hold is over with the first half after it', async () => {
    const { id } = (await verify((await makeBundle(crossing, 'five')).folder)).said
    const decided = async (): Promise<unknown> => {
      const { state, decided: stands } = await show(crossing.high, id)
      return { state, stands }
    }
    await half(id, 'hold', 'erin', ['--reason', 'Wait'])
    expect(await decided()).toEqual({ state: 'deciding', stands: null })
    const gus = await makePerson(crossing.folder, 'gus', 'Gus Hale', 'p256')
    const words = ['--id', 'gus', '--name', 'Gus Hale', '--role', 'transfer-agent', '--key', `${gus.key}.pub`]
    await done(['person', 'add', '--desk', crossing.high, ...words], crossing.clock)
    const hold = ['decide', id, '--hold', '--reason', 'Wait', '--desk', crossing.high]
    const asGus = ['--person', 'gus', '--key', gus.key, '--passphrase-file', crossing.passphrase]
    await done([...hold, ...asGus], crossing.clock)
    expect(await decided()).toEqual({ state: 'held', stands: 'hold' })
    await half(id, 'reject', 'erin', ['--reason', 'No more'])
    expect(await decided()).toEqual({ state: 'deciding', stands: null })
  })

  it('the same bundle again is a replay, and changes neither verdict nor decision', async () => {
    const before = [await show(crossing.high, whole), await show(crossing.high, rejected)]
    for (const name of ['one', 'two']) {
      expect((await verify(join(crossing.folder, name))).code).toBe(4)
    }
    const pick = ({ state, verdict, decisions, decided }: Said): object => ({
      state,
      verdict,
      decisions,
      decided,
    })
    expect([await show(crossing.high, whole), await show(crossing.high, rejected)].map(pick)).toEqual(
      before.map(pick),
    )
  })
})

describe('another desk that is paired again', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('takes the place of what was known of it, and of no other', async () => {
    const third = join(crossing.folder, 'third')
    const { id } = await done(['desk', 'create', third, '--side', 'low', '--name', 'Third'], crossing.clock)
    const add = (desk: string, of: string, seal: string): Promise<Said> =>
      done(
        ['peer', 'add', join(desk, 'desk.json'), '--id', of, '--seal', seal, '--desk', crossing.high],
        crossing.clock,
      )
    await add(crossing.low, crossing.lowId, 'a'.repeat(64))
    await add(third, id, 'b'.repeat(64))
    await add(crossing.low, crossing.lowId, 'c'.repeat(64))
    const peers = (await shown(crossing.high))['peers'] as { id: string; seal: string }[]
    expect(peers.map((one) => `${one.id} ${one.seal}`).sort()).toEqual(
      [`${crossing.lowId} sha256:${'c'.repeat(64)}`, `${id} sha256:${'b'.repeat(64)}`].sort(),
    )
  })
})
