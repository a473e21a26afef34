import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sallyport, type Ended } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, signing, type Crossing } from '../support/desks.ts'
import { forge, honestContent, honestWaybill } from '../support/forge.ts'
import { highDesk } from '../support/high-desk.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'
import { expectRefused } from '../support/refusal.ts'

/* What once blocked a desk for days or for good, and the acts by which two officers unblock it. */

let crossing: Crossing
const { verify, accepted, half } = highDesk(() => crossing)
const at = (...words: string[]): Promise<Ended> =>
  sallyport([...words, '--desk', crossing.high], crossing.clock)
const exported = async (id: string, name: string): Promise<number> =>
  (await at('export', id, '--to', `dir:${join(crossing.folder, name)}`)).code

beforeEach(async () => {
  crossing = await makeCrossing()
})
afterEach(() => crossing.dispose())

const inHours = (hours: number): string =>
  new Date(crossing.clock.now().getTime() + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z')

/** An honest bundle whose sender's clock was that many hours ahead. */
async function ahead(folder: string, hours: number, name: string): Promise<string> {
  const base = await honestWaybill(folder)
  const content = await honestContent(folder)
  const created = inHours(hours)
  const expires = inHours(hours + 24 * 30)
  return forge(crossing, base, { content, change: (w) => ({ ...w, created, expires }) }, name)
}

describe('a sender whose clock is fast', () => {
  it('is warned of, is accepted and exported, and holds up nobody', async () => {
    const { folder } = await makeBundle(crossing, 'one')
    const { code, said } = await verify(await ahead(folder, 47, 'fast'))
    expect(code).toBe(0)
    expect(said.checks.find((check) => check.id === 'time.created')).toMatchObject({
      result: 'warn',
      reason: 'ahead',
    })
    await decideBoth(crossing, said.id, 'accept')
    expect(await exported(said.id, 'out')).toBe(0)
    const floor = ((await at('desk', 'show')).json['clock'] as { now: string; floor: string }).floor
    expect(floor <= inHours(0)).toBe(true)
  })

  it('fails beyond the policy’s tolerance', async () => {
    const { folder } = await makeBundle(crossing, 'one')
    await expectRefused(crossing, await ahead(folder, 49, 'faster'), 3, 'time.created')
    const policy = join(crossing.folder, 'strict.yaml')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 2\nclockTolerance: 0\n')
    await at('policy', 'set', policy)
    await expectRefused(crossing, await ahead(folder, 1, 'hour'), 3, 'time.created')
  })
})

describe('a desk whose own clock was wrong', () => {
  let officers: Officers
  beforeEach(async () => {
    officers = await makeOfficers(crossing, crossing.high)
  })

  it('is put right by two officers, who may lower what it takes for proven', async () => {
    await officers.seal()
    crossing.clock.forward(20)
    await accepted((await makeBundle(crossing, 'one')).folder)
    crossing.clock.forward(-20)
    const { folder } = await makeBundle(crossing, 'two')
    expect((await verify(folder)).code).toBe(5)
    const first = await at('time', 'floor', 'none', ...officers.signs(0))
    expect(first.json).toMatchObject({ pending: { kind: 'time.floor' } })
    expect((await verify(folder)).code).toBe(5)
    // The second officer asks for the same.
    expect((await at('time', 'floor', 'none', ...officers.signs(1))).json).toMatchObject({ pending: null })
    expect((await verify(folder)).code).toBe(0)
    expect((await at('time', 'floor', 'none', ...officers.signs(0))).json.failure.code).toBe(
      'nothing-to-change',
    )
  })

  it('asks for the seal first, and for officers', async () => {
    const time = '2026-11-22T10:00:00Z'
    expect((await at('time', 'floor', time, ...officers.signs(0))).json.failure.code).toBe('seal-first')
    await officers.seal()
    expect((await at('time', 'floor', time)).json.failure.code).toBe('officers-needed')
    expect((await at('time', 'floor', time, ...signing(crossing, 'dave'))).json.failure.code).toBe(
      'role-missing',
    )
    expect((await at('time', 'floor', 'soon')).code).toBe(2)
  })
})

describe('a cause of rejection', () => {
  const empty = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
  const reject = (id: string, ...causes: string[]): Promise<Ended> =>
    half(id, 'reject', 'dave', ['--reason', 'not wanted', ...causes.flatMap((one) => ['--cause', one])])

  it('is nothing that every bundle has, and nothing that was accepted; without it the rejection goes on', async () => {
    const shared = { 'shared.txt': 'in every release\n' }
    await accepted((await makeBundle(crossing, 'one', shared)).folder)
    const { folder } = await makeBundle(crossing, 'two', { ...shared, 'bad.txt': 'bad\n' })
    const { id } = (await verify(folder)).said
    const known =
      (await honestWaybill(folder)).items.find((item) => item.name === 'shared.txt')?.root.digest ?? ''
    const lines = (): Promise<string> => readFile(join(crossing.high, 'ledger.jsonl'), 'utf8')
    const before = await lines()
    for (const cause of [empty, known]) {
      const { json } = await reject(id, cause)
      expect({ code: json.failure.code, found: json.failure.facts['found'] }).toMatchObject({
        code: 'cause-common',
      })
    }
    expect(await lines()).toBe(before)
    expect((await reject(id)).code).toBe(0)
  })

  it('is lifted by two officers: the content passes again', async () => {
    const officers = await makeOfficers(crossing, crossing.high)
    await officers.seal()
    const { folder } = await makeBundle(crossing, 'one', { 'bad.txt': 'bad\n' })
    const { id } = (await verify(folder)).said
    const cause = (await honestWaybill(folder)).items[0]?.root.digest ?? ''
    await decideBoth(crossing, id, 'reject', ['--cause', cause])
    const next = (await makeBundle(crossing, 'two', { 'bad.txt': 'bad\n' })).folder
    await expectRefused(crossing, next, 3, 'cause.rejected')
    expect((await at('cause', 'lift', empty, ...officers.signs(0))).json.failure.code).toBe('cause-none')
    await at('cause', 'lift', cause, ...officers.signs(0))
    await expectRefused(crossing, next, 3, 'cause.rejected')
    await at('cause', 'lift', cause, ...officers.signs(1))
    expect((await verify(next)).code).toBe(0)
  })
})
