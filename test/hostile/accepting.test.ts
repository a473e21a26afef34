import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, linesOf, sallyport, type Ended } from '../support/command-line.ts'
import { makeBundle, makeCrossing, makePerson, type Crossing, type TestPerson } from '../support/desks.ts'
import { eventsOf, expectForged, expectTaken } from '../support/forged-desk.ts'
import { forgeLedger } from '../support/forge-ledger.ts'
import { highDesk } from '../support/high-desk.ts'

/* A channel whose policy asks more than two people to accept: fewer never do, whoever they are and whatever a ledger says. */

let crossing: Crossing
const people = new Map<string, TestPerson>()
const { verify } = highDesk(() => crossing)
let version = 1

beforeAll(async () => {
  crossing = await makeCrossing()
  for (const [id, name, role] of [
    ['gus', 'Gus Hale', 'transfer-agent'],
    ['hal', 'Hal Reed', 'transfer-agent'],
    ['ivy', 'Ivy Moor', 'security-officer'],
    ['ada', 'Ada Finch', 'auditor'],
  ] as const) {
    const one = await makePerson(crossing.folder, id, name, 'p256')
    const words = ['--id', id, '--name', name, '--role', role, '--key', `${one.key}.pub`]
    await done(['person', 'add', '--desk', crossing.high, ...words], crossing.clock)
    people.set(id, one)
  }
  for (const id of ['dave', 'erin'] as const) people.set(id, crossing.people[id])
})
afterAll(() => crossing.dispose())

const run = (...words: string[]): Promise<Ended> =>
  sallyport([...words, '--desk', crossing.high], crossing.clock)

/** Puts a policy in force that asks so many people to accept on the channel; `null`: it says nothing of it. */
async function ask(accept: number | null, channel = 'payments'): Promise<void> {
  version += 1
  const path = join(crossing.folder, `policy-${version}.yaml`)
  const asked = accept === null ? '' : `channels: [{name: ${channel}, approvals: {accept: ${accept}}}]\n`
  await writeFile(path, `sallyport: policy/v1\nversion: ${version}\n${asked}`)
  const set = await run('policy', 'set', path)
  expect(set.code, set.stdout).toBe(0)
}

let made = 0
/** A bundle that was read and passed; gives its consignment. */
async function arrived(): Promise<string> {
  const { folder } = await makeBundle(crossing, `medium-${++made}`)
  const { code, said } = await verify(folder)
  expect(code).toBe(0)
  return said.id
}

const key = (who: string): string[] => {
  const words = ['--person', who, '--key', people.get(who)!.key]
  return [...words, '--passphrase-file', crossing.passphrase]
}
async function sign(id: string, outcome: 'accept' | 'reject' | 'hold', who: string): Promise<unknown> {
  const reason = outcome === 'accept' ? [] : ['--reason', 'As agreed']
  const { code, json } = await run('decide', id, `--${outcome}`, ...reason, ...key(who))
  return code === 0
    ? [json['outcome'], json['missing'], (json['people'] as string[]).join(' ')]
    : json.failure.code
}
const shown = async (id: string): Promise<Ended['json']> => (await run('consignment', 'show', id)).json

/** Nothing of it goes out: refused for what it is, and no file is made. */
async function expectClosed(id: string): Promise<void> {
  const out = join(crossing.folder, `out-${id}`)
  const { code, json } = await run('export', id, '--to', `dir:${out}`)
  expect({ code, failure: json.failure.code }).toEqual({ code: 1, failure: 'consignment-state' })
  await expect(readFile(join(out, 'export.json'))).rejects.toThrow('ENOENT')
}

describe('three people to accept', () => {
  it('the first two accept nothing, and nothing goes out before the third', async () => {
    await ask(3)
    const id = await arrived()
    expect(await shown(id)).toMatchObject({ needed: { accept: 3, reject: 2, hold: 2 } })
    expect(await sign(id, 'accept', 'dave')).toEqual([null, 2, 'dave'])
    await expectClosed(id)
    expect(await sign(id, 'accept', 'erin')).toEqual([null, 1, 'dave erin'])
    expect(await shown(id)).toMatchObject({ state: 'deciding', decided: null })
    await expectClosed(id)
    expect(await sign(id, 'accept', 'ivy')).toEqual(['accept', 0, 'dave erin ivy'])
    const out = join(crossing.folder, `out-${id}`)
    expect((await run('export', id, '--to', `dir:${out}`)).code).toBe(0)
    expect(await readFile(join(out, 'files', 'notes.txt'), 'utf8')).toBe(`notes of medium-${made}\n`)
    const record = join(crossing.folder, `report-${id}.html`)
    expect((await run('report', id, '--format', 'html', '--out', record)).code).toBe(0)
    const page = await readFile(record, 'utf8')
    expect(page).toContain('Accepted by Dave Okoro, Erin Sand and Ivy Moor.')
  })

  it('the same person twice is one, and somebody without a role for it is nobody', async () => {
    const id = await arrived()
    await sign(id, 'accept', 'dave')
    expect(await sign(id, 'accept', 'dave')).toBe('same-person')
    await sign(id, 'accept', 'erin')
    expect(await sign(id, 'accept', 'erin')).toBe('same-person')
    expect(await sign(id, 'accept', 'ada')).toBe('role-missing')
    expect(await shown(id)).toMatchObject({ state: 'deciding', decided: null })
    await expectClosed(id)
    expect(await sign(id, 'accept', 'gus')).toEqual(['accept', 0, 'dave erin gus'])
  })

  it('three of one kind are enough people and do not fit: one of the other kind is awaited', async () => {
    const id = await arrived()
    await sign(id, 'accept', 'dave')
    await sign(id, 'accept', 'gus')
    expect(await sign(id, 'accept', 'hal')).toEqual([null, 1, 'dave gus hal'])
    await expectClosed(id)
    expect(await sign(id, 'accept', 'erin')).toEqual(['accept', 0, 'dave gus hal erin'])
  })

  it('two reject, and two hold; a rejection among them is none of the three', async () => {
    const id = await arrived()
    await sign(id, 'accept', 'dave')
    await sign(id, 'accept', 'erin')
    expect(await sign(id, 'reject', 'ivy')).toEqual([null, 1, 'ivy'])
    expect(await sign(id, 'reject', 'hal')).toEqual(['reject', 0, 'ivy hal'])
    await expectClosed(id)
    const held = await arrived()
    await sign(held, 'hold', 'dave')
    expect(await sign(held, 'hold', 'erin')).toEqual(['hold', 0, 'dave erin'])
    // After a hold all three begin anew.
    await sign(held, 'accept', 'dave')
    expect(await sign(held, 'accept', 'erin')).toEqual([null, 1, 'dave erin'])
    expect(await sign(held, 'accept', 'ivy')).toEqual(['accept', 0, 'dave erin ivy'])
  })

  it('says so on the command line, as long as it is so', async () => {
    const id = await arrived()
    const say = async (who: string): Promise<string | undefined> => {
      const words = ['decide', id, '--desk', crossing.high, '--accept', ...key(who)]
      return (await linesOf(words, crossing.clock))[0]
    }
    expect(await say('dave')).toBe('dave signed. Of 3, 2 more people must sign the same.')
    expect(await say('erin')).toBe('erin signed. One more person must sign the same.')
    expect(await say('ivy')).toBe('The content is accepted, by dave, erin and ivy.')
  })

  it('is told to whoever checks the policy, and that too few people may decide', async () => {
    const text = (accept: number): string =>
      `sallyport: policy/v1\nversion: 99\nchannels: [{name: payments, approvals: {accept: ${accept}}}]\n`
    const path = join(crossing.folder, 'policy-99.yaml')
    await writeFile(path, text(4))
    const { json } = await run('policy', 'check', path)
    expect(json).toMatchObject({ unmet: [] })
    expect(json['differences']).toContainEqual({
      rule: 'Channel payments',
      before: '3 people to accept a bundle',
      after: '4 people to accept a bundle',
    })
    const few = await makeCrossing()
    const words = ['policy', 'check', path, '--desk', few.high]
    expect((await sallyport(words, few.clock)).json).toMatchObject({
      unmet: ['payments: 4 people to accept'],
    })
    expect(await linesOf(words, few.clock)).toContain('  payments: 4 people to accept')
    await writeFile(path, text(2))
    expect((await sallyport(words, few.clock)).json).toMatchObject({ unmet: [] })
    await few.dispose()
  })

  it('is asked of its own channel alone', async () => {
    await ask(4, 'other')
    const id = await arrived()
    expect(await sign(id, 'accept', 'dave')).toEqual([null, 1, 'dave'])
    expect(await sign(id, 'accept', 'erin')).toEqual(['accept', 0, 'dave erin'])
  })
})

describe('a policy that changes between two signatures', () => {
  it('raised: the higher number is asked, also of what was signed before', async () => {
    await ask(null)
    const id = await arrived()
    expect(await sign(id, 'accept', 'dave')).toEqual([null, 1, 'dave'])
    await ask(4)
    expect(await sign(id, 'accept', 'erin')).toEqual([null, 2, 'dave erin'])
    expect(await sign(id, 'accept', 'ivy')).toEqual([null, 1, 'dave erin ivy'])
    await expectClosed(id)
    expect(await sign(id, 'accept', 'gus')).toEqual(['accept', 0, 'dave erin ivy gus'])
  })

  it('lowered: nothing stands by itself; one more signs, or all anew under a new verdict', async () => {
    await ask(3)
    const one = await arrived()
    await sign(one, 'accept', 'dave')
    await sign(one, 'accept', 'erin')
    await ask(2)
    expect(await shown(one)).toMatchObject({ state: 'deciding', decided: null })
    await expectClosed(one)
    expect(await sign(one, 'accept', 'dave')).toBe('same-person')
    expect(await sign(one, 'accept', 'ivy')).toEqual(['accept', 0, 'dave erin ivy'])
    await ask(3)
    const two = await arrived()
    await sign(two, 'accept', 'dave')
    await sign(two, 'accept', 'erin')
    await ask(2)
    expect((await run('judge', two)).code).toBe(0)
    expect(await sign(two, 'accept', 'dave')).toEqual([null, 1, 'dave'])
    expect(await sign(two, 'accept', 'erin')).toEqual(['accept', 0, 'dave erin'])
  })

  it('what was accepted by two stays accepted under a policy that asks for more', async () => {
    const id = await arrived()
    await sign(id, 'accept', 'dave')
    await sign(id, 'accept', 'erin')
    await ask(4)
    expect(await shown(id)).toMatchObject({ state: 'accepted', decided: 'accept' })
    const { json } = await run('ledger', 'verify')
    expect({ bad: json['bad'], flags: json['flags'] ?? [] }).toEqual({ bad: null, flags: [] })
  })
})

describe('a ledger that somebody with the station’s key wrote anew', () => {
  let id: string
  /** The ledger up to the last half, which claims another result. */
  const lastClaims =
    (decided: 'accept' | null): Parameters<typeof forgeLedger>[2] =>
    (all) => {
      const last = all.findLastIndex(({ type }) => type === 'decision.signed')
      const half = all[last]!
      return [...all.slice(0, last), { ...half, facts: { ...half.facts, decided } }]
    }
  beforeAll(async () => {
    await ask(3)
    id = await arrived()
    await sign(id, 'accept', 'dave')
    await sign(id, 'accept', 'erin')
  })

  it('claims that two of three halves accepted', async () => {
    // The forging itself is not what is refused.
    await expectTaken(crossing, crossing.high, lastClaims(null))
    await expectForged(crossing, crossing.high, lastClaims('accept'), /decided "accept"/)
  })

  it('hides that the third one accepted, or leaves the policy out that asked for three', async () => {
    await sign(id, 'accept', 'ivy')
    await expectForged(crossing, crossing.high, lastClaims(null), /decided null/)
    const last = (await eventsOf(crossing.high)).findLastIndex(({ type }) => type === 'policy.set')
    await expectForged(
      crossing,
      crossing.high,
      (all) => all.filter((_, i) => i !== last),
      /a statement that says something else than its event/,
    )
  })

  it('puts the bundle on another channel, that asks for two: what its waybill says counts', async () => {
    const two = await arrived()
    const copy = join(crossing.folder, 'other-channel')
    await forgeLedger(crossing.high, copy, (all) =>
      all.map((event) => {
        const { consignment, stream } = event.facts as { consignment?: string; stream?: object }
        if (event.type !== 'waybill.seen' || consignment !== two) return event
        return { ...event, facts: { ...event.facts, stream: { ...stream, channel: 'elsewhere' } } }
      }),
    )
    const words = ['decide', two, '--desk', copy, '--accept', ...key('dave')]
    const { code, json } = await sallyport(words, crossing.clock)
    expect({ code, failure: json.failure.code }).toEqual({ code: 1, failure: 'ledger-damaged' })
    expect(JSON.stringify(json.failure)).toContain('the channel payments, as its waybill says')
    const after = await sallyport(['consignment', 'show', two, '--desk', copy], crossing.clock)
    expect(after.json).toMatchObject({ state: 'arrived', decisions: [] })
  })
})
