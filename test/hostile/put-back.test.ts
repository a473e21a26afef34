import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keptHeads, type HeadsPort } from '../../main/ledger/kept-head.ts'
import { sallyport, type Ended } from '../support/command-line.ts'
import { makeBundle, makeCrossing, signing, type Crossing } from '../support/desks.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'

/* A desk’s folder that is older than what its account has seen of it. */

let crossing: Crossing
let heads: HeadsPort
let officers: Officers
let backup: string

const at = (words: readonly string[], port: HeadsPort | null = heads): Promise<Ended> =>
  sallyport([...words, '--desk', crossing.high], crossing.clock, undefined, port ?? undefined)
const policy = async (version: number): Promise<string> => {
  const path = join(crossing.folder, `policy-${version}.yaml`)
  await writeFile(path, `sallyport: policy/v1\nversion: ${version}\n`)
  return path
}
async function putBack(): Promise<void> {
  await rm(crossing.high, { recursive: true })
  await cp(backup, crossing.high, { recursive: true })
}

beforeEach(async () => {
  crossing = await makeCrossing()
  heads = keptHeads(join(crossing.folder, 'account'))
  officers = await makeOfficers(crossing, crossing.high)
  await officers.seal()
  await at(['verify', (await makeBundle(crossing, 'one')).folder])
  backup = join(crossing.folder, 'backup')
  await cp(crossing.high, backup, { recursive: true })
  const { json } = await at(['verify', (await makeBundle(crossing, 'two')).folder])
  await at(['decide', json.id, '--reject', '--reason', 'not wanted', ...signing(crossing, 'dave')])
})
afterEach(() => crossing.dispose())

describe('a desk that was put back', () => {
  it('opens to read and says so; writes nothing, finishes nothing, discards nothing', async () => {
    await putBack()
    const before = await readFile(join(crossing.high, 'ledger.jsonl'))
    const kept = await heads.read(crossing.highId)
    const shown = await at(['desk', 'show'])
    const { putBack: told } = shown.json as unknown as {
      putBack: { kept: { size: number }; found: { size: number } }
    }
    expect(told.kept.size).toBeGreaterThan(told.found.size)
    const refused = [
      ['policy', 'set', await policy(2), ...officers.signs(0)],
      ['verify', (await makeBundle(crossing, 'three')).folder],
      ['prune'],
    ]
    for (const words of refused) {
      const { code, json } = await at(words)
      expect({ code, failure: json.failure.code }).toEqual({ code: 1, failure: 'desk-put-back' })
    }
    expect(await readFile(join(crossing.high, 'ledger.jsonl'))).toEqual(before)
    expect(await readdir(crossing.high)).not.toContain('desk.lock')
    expect(await heads.read(crossing.highId)).toBe(kept)
  })

  it('also where it has gone on elsewhere: another history of the same length', async () => {
    await putBack()
    for (const version of [2, 3, 4]) {
      await officers.change(['policy', 'set', await policy(version)])
    }
    expect((await at(['prune'])).json.failure.code).toBe('desk-put-back')
  })

  it('is written to again once two officers have recorded it, and only two', async () => {
    await putBack()
    const half = await at(['desk', 'restored', ...officers.signs(0)])
    expect(half.json).toMatchObject({ pending: { kind: 'desk.restored' } })
    expect((await at(['prune'])).json.failure.code).toBe('desk-put-back')
    expect((await at(['desk', 'restored', ...officers.signs(0)])).json.failure.code).toBe('same-person')
    const agent = await at(['desk', 'restored', ...signing(crossing, 'dave')])
    expect(agent.json.failure.code).toBe('role-missing')
    const whole = await at(['desk', 'restored', ...officers.signs(1)])
    expect(whole.json).toMatchObject({ pending: null })
    expect((await at(['prune'])).code).toBe(0)
    const { json } = await at(['ledger', 'verify'])
    expect(json.intact).toBe(true)
    expect((await at(['desk', 'show'])).json['putBack']).toBeNull()
    expect((await at(['desk', 'restored', ...officers.signs(0)])).json.failure.code).toBe('nothing-to-change')
  })

  it('puts nothing else in force that one officer asked for before', async () => {
    const asked = await at(['policy', 'set', await policy(2), ...officers.signs(0)])
    const { number } = (asked.json as unknown as { pending: { number: number } }).pending
    await rm(backup, { recursive: true })
    await cp(crossing.high, backup, { recursive: true })
    await at(['prune'])
    await putBack()
    const before = await readFile(join(crossing.high, 'ledger.jsonl'))
    const signed = await at(['change', 'sign', String(number), ...officers.signs(1)])
    expect(signed.json.failure.code).toBe('desk-put-back')
    expect(await readFile(join(crossing.high, 'ledger.jsonl'))).toEqual(before)
  })

  it('is recorded by one person alone while the desk is founding, without a key', async () => {
    await crossing.dispose()
    crossing = await makeCrossing()
    heads = keptHeads(join(crossing.folder, 'account'))
    backup = join(crossing.folder, 'backup')
    await cp(crossing.high, backup, { recursive: true })
    await at(['policy', 'set', await policy(2)])
    await putBack()
    expect((await at(['policy', 'set', await policy(2)])).json.failure.code).toBe('desk-put-back')
    expect((await at(['desk', 'restored'])).json).toMatchObject({ ok: true, pending: null })
    expect((await at(['policy', 'set', await policy(2)])).code).toBe(0)
    expect((await at(['ledger', 'verify'])).json.intact).toBe(true)
  })

  it('has lost each stream until two officers state from paper how far it had come', async () => {
    const first = await at(['verify', (await makeBundle(crossing, 'first')).folder])
    // Numbers 1 and 2 were undecided when the desk was put back; nothing of the stream was accepted.
    await putBack()
    await at(['desk', 'restored', ...officers.signs(0)])
    await at(['desk', 'restored', ...officers.signs(1)])
    expect(first.code).toBe(4)
    const { folder } = await makeBundle(crossing, 'next')
    const held = await at(['verify', folder])
    const row = held.json.checks.find((one) => one.id === 'order.state')
    expect({ code: held.code, result: row?.result, holds: row?.holds }).toEqual({
      code: 4,
      result: 'fail',
      holds: true,
    })
    const words = ['stream', 'release', held.json.id, '--epoch', '1', '--accepted', 'none']
    expect((await at(['stream', 'release', held.json.id, ...officers.signs(0)])).json.failure.code).toBe(
      'recovery-needed',
    )
    await at([...words, ...officers.signs(0)])
    expect((await at(['verify', folder])).json.checks.find((one) => one.id === 'order.state')?.result).toBe(
      'fail',
    )
    expect((await at([...words, ...officers.signs(1)])).json).toMatchObject({ pending: null })
    const after = await at(['verify', folder])
    expect(after.json.checks.find((one) => one.id === 'order.state')?.result).toBe('pass')
    // The report says what they stated of the stream, and what they did not.
    const out = join(crossing.folder, 'report.html')
    expect((await at(['report', held.json.id, '--format', 'html', '--out', out])).code).toBe(0)
    const page = (await readFile(out, 'utf8')).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
    expect(page).toMatch(
      /Officers about this stream .*This desk was put back: \d+ events.* nothing accepted\)\. Not stated: a last accepted number and rejected digests; what this desk knew of them before is lost\./,
    )
  })

  it('is not told by a head that its station did not sign, and not where nothing was kept', async () => {
    await putBack()
    const text = (await heads.read(crossing.highId)) ?? ''
    await heads.write(crossing.highId, text.replace(/\n(\d+)\n/, '\n99\n'))
    expect((await at(['prune'])).code).toBe(0)
    await putBack()
    expect((await at(['prune'], null)).code).toBe(0)
  })
})
