import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { done, linesOf, sallyport } from '../support/command-line.ts'
import { makeBundle, makeCrossing, makeOtherCrossing, type Crossing } from '../support/desks.ts'

interface Listed {
  readonly sequence: number
  readonly outcome: string
  readonly waybill: string | null
  readonly scope: string
}

describe('a medium that is refused before anything of it is kept', () => {
  let crossing: Crossing
  let other: Crossing
  let folder: string
  let at: readonly string[]
  let sequence: number
  const kept = (): readonly string[] =>
    readdirSync(join(crossing.high, 'refused')).map((name) => join(crossing.high, 'refused', name))
  const listed = async (): Promise<readonly Listed[]> =>
    (await done(['refused', 'list', ...at], crossing.clock))['refused'] as Listed[]
  const show = (number: number | string) =>
    sallyport(['refused', 'show', String(number), ...at], crossing.clock)

  beforeAll(async () => {
    crossing = await makeCrossing()
    other = await makeOtherCrossing()
    at = ['--desk', crossing.high]
    ;({ folder } = await makeBundle(other, 'medium', { 'notes.txt': 'notes\n' }))
  })
  afterAll(async () => {
    await crossing.dispose()
    await other.dispose()
  })

  it('is listed, newest first, and makes no consignment', async () => {
    expect(await listed()).toEqual([])
    expect(await linesOf(['refused', 'list', ...at], crossing.clock)).toContain(
      'No medium was refused like that.',
    )
    expect((await sallyport(['verify', folder, ...at], crossing.clock)).code).not.toBe(0)
    expect((await sallyport(['verify', join(folder, 'bundle.tar'), ...at], crossing.clock)).code).not.toBe(0)
    const all = await listed()
    expect(all.map(({ scope, outcome }) => `${scope} ${outcome}`)).toEqual(['tar failed', 'medium failed'])
    expect(all[1]?.waybill).toMatch(/^sha256:/)
    sequence = all[1]?.sequence ?? 0
    const { consignments } = await done(['consignment', 'list', ...at], crossing.clock)
    expect(consignments).toEqual([])
    expect(existsSync(join(crossing.high, 'consignments'))).toBe(true)
    expect(readdirSync(join(crossing.high, 'consignments'))).toEqual([])
  })

  it('has its verdict, as it was made, also when it is read again', async () => {
    const first = await show(sequence)
    expect(first.code).toBe(0)
    const verdict = first.json['verdict'] as { checks: { id: string; result: string }[] }
    expect(verdict.checks.filter((one) => one.result === 'fail').map((one) => one.id)).toEqual([
      'signatures.line',
      'signatures.line',
      'signatures.required',
      'signatures.required',
    ])
    const lines = await linesOf(['refused', 'show', String(sequence), ...at], crossing.clock)
    expect(lines.join('\n')).toContain('signatures.required')
    await sallyport(['verify', folder, ...at], crossing.clock)
    expect(await listed()).toHaveLength(3)
    expect((await show(sequence)).json['verdict']).toEqual(verdict)
  })

  it('has its report, with every check, which names no consignment', async () => {
    const out = join(crossing.folder, 'refused.html')
    const words = ['sheet', String(sequence), ...at, '--kind', 'refused', '--out']
    await done([...words, out], crossing.clock)
    const page = readFileSync(out, 'utf8')
    for (const fact of [
      'Do not accept: 4 checks failed',
      'signatures.required',
      'Waybill found',
      'NOT MARKED',
    ])
      expect(page).toContain(fact)
    expect(page).toContain((await listed())[2]?.waybill)
    expect(page).toContain(`<dd>${sequence} of this desk’s ledger`)
    expect(page).not.toContain('<script')
    const other = await sallyport(
      ['sheet', '1', ...at, '--kind', 'refused', '--out', `${out}2`],
      crossing.clock,
    )
    expect(other.json.failure.code).toBe('refused-unknown')
    expect(existsSync(`${out}2`)).toBe(false)
  })

  it('is found by the number of its reading and by no other', async () => {
    const { code, json } = await show(1)
    expect(code).not.toBe(0)
    expect(json.failure).toMatchObject({ code: 'refused-unknown' })
    expect(json.failure.happened).toContain('Event 1 of the ledger is no reading')
    for (const wrong of ['0', '-1', '1e3', '../x', '99999999999'])
      expect((await show(wrong)).json.failure.code, wrong).toBe('usage')
    expect((await show(100_000)).json.failure.code).toBe('refused-unknown')
    const low = ['refused', 'list', '--desk', crossing.low]
    expect((await sallyport(low, crossing.clock)).json.failure.code).toBe('wrong-side')
  })

  it('is refused by each face in its own words', async () => {
    const sheet = { kind: 'refused', sequence: 1 }
    const next = async (face?: 'window') => {
      const session = openSession({ clock: crossing.clock, network: openGate, ...(face && { face }) })
      try {
        await session.call('desk.open', { place: session.place('desk', crossing.high), mode: 'read' })
        const answer = await session.answer('sheet.show', { sheet })
        return answer.ok ? 'shown' : answer.failure.next
      } finally {
        await session.close()
      }
    }
    expect(await next()).toBe('Choose one of the media that are listed as refused (“refused list”).')
    expect(await next('window')).toBe(
      'Choose one of the media that are listed as refused, under Consignments.',
    )
  })

  it('is not believed when somebody changed what was kept, and said to be missing when it is gone', async () => {
    const files = kept().map((path) => ({ path, bytes: readFileSync(path) }))
    const codes = async () => {
      const all = await Promise.all((await listed()).map((one) => show(one.sequence)))
      return [...new Set(all.map(({ json }) => (json.ok ? 'shown' : json.failure.code)))]
    }
    for (const { path, bytes } of files)
      writeFileSync(path, bytes.toString('utf8').replace('"result":"fail"', '"result":"pass"'))
    expect(await codes()).toEqual(['desk-damaged'])
    for (const { path } of files) {
      rmSync(path)
      symlinkSync('/etc/hostname', path)
    }
    expect(await codes()).toEqual(['file-unreadable'])
    for (const { path } of files) rmSync(path)
    expect(await codes()).toEqual(['shown'])
    expect((await show(sequence)).json['verdict']).toBeNull()
    const paper = [
      'sheet',
      String(sequence),
      ...at,
      '--kind',
      'refused',
      '--out',
      join(crossing.folder, 'gone'),
    ]
    expect((await sallyport(paper, crossing.clock)).json.failure.code).toBe('verdict-not-kept')
    expect(await linesOf(['refused', 'show', String(sequence), ...at], crossing.clock)).toContain(
      'Its verdict was not kept: an earlier version read it. The ledger has its outcome and digest.',
    )
  })

  it('does not let a desk be opened to write whose folder of them leads elsewhere', async () => {
    const path = join(crossing.high, 'refused')
    rmSync(path, { recursive: true })
    symlinkSync(crossing.folder, path)
    const { json } = await sallyport(['verify', folder, ...at], crossing.clock)
    expect(json.failure.code).toBe('desk-damaged')
    expect(json.failure.happened).toContain('refused is a link')
    rmSync(path)
  })
})
