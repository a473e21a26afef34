import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyport } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { forge, honestContent, honestWaybill } from '../support/forge.ts'
import { highDesk } from '../support/high-desk.ts'
import { expectRefused } from '../support/refusal.ts'

let crossing: Crossing
const fresh = async (): Promise<void> => {
  crossing = await makeCrossing()
}
const dispose = (): Promise<void> => crossing.dispose()
const { verify, accepted, half } = highDesk(() => crossing)

describe('time', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('expired, made in the future, longer than the policy allows, a clock behind the floor', async () => {
    const { folder } = await makeBundle(crossing, 'first')
    const base = await honestWaybill(folder)
    const content = await honestContent(folder)
    const at = (created: string, expires: string, name: string): Promise<string> =>
      forge(crossing, base, { content, change: (w) => ({ ...w, created, expires }) }, name)
    await expectRefused(
      crossing,
      await at('2027-01-10T00:00:00Z', '2027-03-01T00:00:00Z', 'future'),
      3,
      'time.created',
    )
    await expectRefused(
      crossing,
      await at('2026-11-20T00:00:00Z', '2027-06-01T00:00:00Z', 'long'),
      4,
      'policy.lifetime',
    )
    await crossing.dispose()
    await fresh()
    const one = await makeBundle(crossing, 'one')
    crossing.clock.forward(91)
    await expectRefused(crossing, one.folder, 3, 'expiry.waybill')
    crossing.clock.forward(-91)
    await accepted(one.folder)
    const two = await makeBundle(crossing, 'two')
    crossing.clock.forward(-3)
    const behind = await verify(two.folder)
    expect(behind.code).toBe(5)
    expect(behind.said.outcome).toBe('not-checked')
    expect(behind.said.checks.find((check) => check.id === 'expiry.waybill')?.result).toBe('not-checked')
    expect((await half(behind.said.id, 'accept', 'dave')).json.failure.code).toBe('verdict-not-passed')
    crossing.clock.forward(3)
  })

  it('expired between verdict and decision, and between decision and export', async () => {
    await crossing.dispose()
    await fresh()
    const one = await verify((await makeBundle(crossing, 'one')).folder)
    crossing.clock.forward(91)
    expect((await half(one.said.id, 'accept', 'dave')).json.failure.code).toBe('verdict-stale')
    crossing.clock.forward(-91)
    const id = await accepted(join(crossing.folder, 'one'))
    crossing.clock.forward(91)
    const out = join(crossing.folder, 'out')
    const ended = await sallyport(
      ['export', id, '--desk', crossing.high, '--to', `dir:${out}`],
      crossing.clock,
    )
    expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({
      code: 1,
      failure: 'verdict-stale',
    })
    await expect(readFile(join(out, 'files', 'notes.txt'))).rejects.toThrow()
  })
})

describe('decisions', () => {
  beforeAll(fresh)
  afterAll(dispose)

  it('a hold leaves undecided; a second reading goes on with the same consignment', async () => {
    const { folder } = await makeBundle(crossing, 'first')
    const one = await verify(folder)
    await decideBoth(crossing, one.said.id, 'hold')
    const again = await verify(folder)
    expect({ code: again.code, id: again.said.id }).toEqual({ code: 0, id: one.said.id })
    await decideBoth(crossing, one.said.id, 'hold')
    await decideBoth(crossing, one.said.id, 'accept')
    expect((await half(one.said.id, 'reject', 'dave', ['--reason', 'No'])).json.failure.code).toBe(
      'consignment-state',
    )
  })

  it('a new verdict voids half a decision', async () => {
    const { folder } = await makeBundle(crossing, 'second')
    const one = await verify(folder)
    await half(one.said.id, 'accept', 'dave')
    await verify(folder)
    const other = await half(one.said.id, 'accept', 'erin')
    expect(other.json).toMatchObject({ ok: true, outcome: null, missing: 1 })
    await half(one.said.id, 'accept', 'dave')
  })

  it('needs a reason to reject or hold, and people who may', async () => {
    const { folder } = await makeBundle(crossing, 'third')
    const { said } = await verify(folder)
    expect((await half(said.id, 'reject', 'dave')).json.failure.code).toBe('reason-missing')
    expect((await half(said.id, 'hold', 'dave', ['--reason', ' '])).json.failure.code).toBe('reason-missing')
    expect((await half(said.id, 'hold', 'dave', ['--reason', 'a\u202eb'])).json.failure.code).toBe(
      'bad-input',
    )
    const strange = `sha256:${'0'.repeat(64)}`
    const cause = await half(said.id, 'reject', 'dave', ['--reason', 'No', '--cause', strange])
    expect(cause.json.failure.code).toBe('cause-unknown')
    expect((await half(said.id, 'accept', 'dave', ['--cause', strange])).json.failure.code).toBe('bad-input')
    const wrongKey = await sallyport(
      [
        'decide',
        said.id,
        '--desk',
        crossing.high,
        '--accept',
        '--person',
        'dave',
        '--key',
        crossing.people.erin.key,
        '--passphrase-file',
        crossing.passphrase,
      ],
      crossing.clock,
    )
    expect(wrongKey.json.failure.code).toBe('key-not-this-person')
    const nobody = await sallyport(
      [
        'decide',
        said.id,
        '--desk',
        crossing.high,
        '--accept',
        '--person',
        'zoe',
        '--key',
        crossing.people.erin.key,
        '--passphrase-file',
        crossing.passphrase,
      ],
      crossing.clock,
    )
    expect(nobody.code).toBe(1)
    await decideBoth(crossing, said.id, 'accept')
  })

  it('a cause that both name fails everywhere later; one that only one of them names does not', async () => {
    const bad = { 'bad.txt': 'bad content\n', 'good.txt': 'good content\n' }
    const { folder } = await makeBundle(crossing, 'bad', bad)
    const waybill = await honestWaybill(folder)
    const content = await honestContent(folder)
    const digest = (text: string): string => {
      const found = [...content].find(([, bytes]) => bytes.toString() === text)?.[0]
      if (found === undefined) throw new Error('no such content')
      return found
    }
    expect(waybill.blobs.length).toBe(content.size)
    const { said } = await verify(folder)
    const reason = ['--reason', 'Malware']
    const both = ['--cause', digest('bad content\n')]
    await half(said.id, 'reject', 'dave', [...reason, ...both, '--cause', digest('good content\n')])
    expect((await half(said.id, 'reject', 'erin', [...reason, ...both])).json.outcome).toBe('reject')
    const good = await makeBundle(crossing, 'good', { 'good.txt': 'good content\n' })
    await accepted(good.folder)
    const again = await makeBundle(crossing, 'again', { 'hidden.txt': 'bad content\n' })
    await expectRefused(crossing, again.folder, 3, 'cause.rejected')
  })

  it('says who made it stand: the two of this round, also after one that stood before', async () => {
    const { folder } = await makeBundle(crossing, 'again')
    const { said } = await verify(folder)
    for (const round of [1, 2]) {
      const first = await half(said.id, 'hold', 'dave', ['--reason', 'wait'])
      expect({ round, people: first.json['people'] }).toEqual({ round, people: ['dave'] })
      const second = await half(said.id, 'hold', 'erin', ['--reason', 'wait'])
      expect(second.json).toMatchObject({ outcome: 'hold', people: ['dave', 'erin'] })
    }
  })
})
