import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Verdict } from '../../shared/verdict.ts'
import { openSession } from '../../main/desk/session.ts'
import { limits } from '../../main/platform/limits.ts'
import { openGate } from '../../main/platform/network.ts'
import { done, sallyport, type Ended } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { bodies, madeWasm } from '../support/made-wasm.ts'
import { makeOfficers } from '../support/officers.ts'
import { carryApp, putSigned, rowsOf } from '../support/signed-image.ts'

/* Rule sets of Rego through one crossing, by the command line: what they add, and that they take nothing away. */

const house = await readFile(join(import.meta.dirname, '../support/rego/house.wasm'))
const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const quiet = madeWasm()
const answering = (result: unknown): Buffer => madeWasm({ answer: JSON.stringify([{ result }]) })

let crossing: Crossing
let folder: string
let version = 1
beforeAll(async () => {
  crossing = await makeCrossing()
  await putSigned(crossing, () => [])
  folder = (await carryApp(crossing)).folder
})
afterAll(() => crossing.dispose())

const run = (...words: string[]): Promise<Ended> =>
  sallyport([...words, '--desk', crossing.high], crossing.clock)

async function file(bytes: Buffer): Promise<string> {
  const path = join(crossing.folder, `${digestOf(bytes).slice(7, 19)}.wasm`)
  await writeFile(path, bytes)
  return path
}
const named = (bytes: Buffer, name = 'house', entrypoint = 'house/deny'): string =>
  `{name: ${name}, digest: '${digestOf(bytes)}', entrypoint: ${entrypoint}}`

async function policyFile(more: string): Promise<string> {
  version += 1
  const path = join(crossing.folder, `policy-${version}.yaml`)
  await writeFile(path, `sallyport: policy/v1\nversion: ${version}\n${more}\n`)
  return path
}

/** What comes of the medium with these rule sets: the exit code, and the rows of a check. */
async function judged(sets: readonly Buffer[], more = ''): Promise<Ended> {
  const list = sets.map((bytes, i) => named(bytes, `set-${i + 1}`)).join(', ')
  const files = await Promise.all(sets.map(file))
  const path = await policyFile(`rego: [${list}]\n${more}`)
  const set = await run('policy', 'set', path, ...files.flatMap((one) => ['--rego', one]))
  expect(set.code, set.stdout).toBe(0)
  return run('verify', folder)
}
const others = ({ json }: Ended): unknown =>
  (json as unknown as Verdict).checks
    .filter(({ id }) => id !== 'policy.rego' && id !== 'policy.unchecked')
    .map(({ id, subject, result, reason }) => [id, subject, result, reason])
const found = ({ json }: Ended): string[] =>
  (json as unknown as Verdict).checks.filter(({ id }) => id === 'policy.rego').map((one) => one.found)
const kept = (bytes: Buffer): string =>
  join(crossing.high, 'policy', 'rego', `${digestOf(bytes).slice('sha256:'.length)}.wasm`)

describe('a policy with a rule set', () => {
  it.each([
    ['rego-missing', 'whose file nobody gave', (): string => named(quiet), (): Buffer[] => []],
    [
      'rego-unnamed',
      'beside which another file is given',
      (): string => named(quiet),
      (): Buffer[] => [quiet, house],
    ],
    [
      'rego-module',
      'that has another entrypoint',
      (): string => named(quiet, 'a', 'house/allow'),
      (): Buffer[] => [quiet],
    ],
    [
      'rego-module',
      'that reaches out',
      (): string => named(madeWasm({ builtins: '{"http.send":0}' })),
      (): Buffer[] => [madeWasm({ builtins: '{"http.send":0}' })],
    ],
    [
      'rego-module',
      'that is none',
      (): string => named(Buffer.from('package house')),
      (): Buffer[] => [Buffer.from('package house')],
    ],
    [
      'policy-form',
      'under a name that another one has',
      (): string => `${named(quiet)}, ${named(house)}`,
      (): Buffer[] => [quiet, house],
    ],
  ] as const)('is refused (%s) for one %s, and nothing is kept', async (code, _, sets, files) => {
    const before = [
      await readFile(join(crossing.high, 'ledger.jsonl')),
      await readdir(crossing.high, { recursive: true }),
    ]
    const paths = await Promise.all(files().map(file))
    const path = await policyFile(`rego: [${sets()}]`)
    for (const words of [
      ['policy', 'set', path],
      ['policy', 'check', path],
    ]) {
      const ended = await run(...words, ...paths.flatMap((one) => ['--rego', one]))
      expect([ended.code, ended.json.failure.code]).toEqual([1, code])
    }
    expect([
      await readFile(join(crossing.high, 'ledger.jsonl')),
      await readdir(crossing.high, { recursive: true }),
    ]).toEqual(before)
  })

  it('adds a failure for each objection, and leaves every other check as it is', async () => {
    const without = await judged([])
    const silent = await judged([quiet])
    expect([without.code, silent.code]).toEqual([0, 0])
    expect(rowsOf(silent, 'policy.rego')).toEqual(['pass as-expected'])
    const ended = await judged([quiet, house])
    expect(ended.code).toBe(4)
    expect(rowsOf(ended, 'policy.rego')).toEqual([
      'pass as-expected',
      ...found(ended)
        .slice(1)
        .map(() => 'fail objection'),
    ])
    expect(found(ended)).toEqual([
      'set-1: none',
      'set-2, signers: 0 signers, at least 2',
      'set-2, ticket: no ticket of the form CHG-1234',
    ])
    expect(others(ended)).toEqual(others(without))
    const explained = await run('policy', 'explain', ended.json.id)
    expect(explained.stdout).toContain('0 signers, at least 2')
  })

  it('cannot lower anything: what it says of other checks is no answer, and silence is none for them', async () => {
    const pinned = "items: [{kind: image, name: '**', pinned: requested}]\n"
    const plain = await judged([], pinned)
    expect(plain.code).toBe(4)
    for (const answer of [
      { deny: [] },
      true,
      [{ item: null, id: 'x', message: 'fine', result: 'pass' }],
      [{ item: null, id: 'policy.pinned', message: 'fine', overrides: 'policy.pinned' }],
    ]) {
      const ended = await judged([answering(answer)], pinned)
      expect([ended.code, rowsOf(ended, 'policy.rego')]).toEqual([4, ['not-checked answer']])
      expect(others(ended)).toEqual(others(plain))
    }
    expect(others(await judged([quiet], pinned))).toEqual(others(plain))
  })

  it.each([
    ['traps', madeWasm({ body: bodies.traps }), 'not-checked trap'],
    ['takes all memory', madeWasm({ body: bodies.grows }), 'not-checked trap'],
    ['answers something else', answering('allow'), 'not-checked answer'],
    ['answers nothing', madeWasm({ answer: '[]' }), 'not-checked answer'],
    [
      'objects to what is not there',
      answering([{ item: 'other', id: 'x', message: 'no' }]),
      'not-checked answer',
    ],
  ])('is not checked where one %s; the channel may refuse that', async (_, bytes, row) => {
    const ended = await judged([bytes, quiet])
    expect([ended.code, rowsOf(ended, 'policy.rego')]).toEqual([5, [row, 'pass as-expected']])
    const refused = await judged([bytes], 'channels: [{name: payments, notChecked: refuses}]')
    expect([refused.code, rowsOf(refused, 'policy.unchecked')]).toEqual([4, ['fail unchecked']])
  })

  it('is not checked without the very file, until that is given again', async () => {
    await judged([quiet])
    await rm(kept(quiet))
    const without = await run('verify', folder)
    expect([without.code, rowsOf(without, 'policy.rego')]).toEqual([5, ['not-checked missing']])
    await writeFile(kept(quiet), house)
    const other = await run('verify', folder)
    expect([other.code, rowsOf(other, 'policy.rego')]).toEqual([5, ['not-checked other-file']])
    const ledger = await run('ledger', 'verify')
    expect([ledger.code, ledger.stdout]).toEqual([3, expect.stringContaining('policy/rego/')])
    const wrong = await run('policy', 'keep', await file(house))
    expect([wrong.code, wrong.json.failure.code]).toEqual([1, 'rego-unnamed'])
    const again = await run('policy', 'keep', await file(quiet))
    expect([again.code, again.json]).toMatchObject([0, { digest: digestOf(quiet), names: ['set-1'] }])
    expect((await run('verify', folder)).code).toBe(0)
    expect((await run('ledger', 'verify')).code).toBe(0)
  })

  it('is said to be kept, missing or another file, by what lies there', async () => {
    await judged([quiet, house])
    const session = openSession({ clock: crossing.clock, network: openGate })
    try {
      await session.call('desk.open', { place: session.place('desk', crossing.high), mode: 'read' })
      const states = async (): Promise<string[]> =>
        (await session.call('policy.sets', {})).sets.map(({ name, state }) => `${name} ${state}`)
      expect(await states()).toEqual(['set-1 kept', 'set-2 kept'])
      await rm(kept(quiet))
      await writeFile(kept(house), quiet)
      expect(await states()).toEqual(['set-1 missing', 'set-2 other-file'])
      // Who only reads keeps nothing.
      const place = session.place('rule-set', await file(quiet))
      expect(await session.answer('policy.keep', { place })).toMatchObject({ ok: false })
      expect(await states()).toEqual(['set-1 missing', 'set-2 other-file'])
    } finally {
      await session.close()
    }
    for (const bytes of [quiet, house]) expect((await run('policy', 'keep', await file(bytes))).code).toBe(0)
    expect((await run('verify', folder)).code).toBe(4)
  })

  it('that runs on is ended by whoever cancels the reading, which then has no verdict', async () => {
    const loops = madeWasm({ body: bodies.loops })
    const path = await policyFile(`rego: [${named(loops)}]`)
    expect((await run('policy', 'set', path, '--rego', await file(loops))).code).toBe(0)
    const verdicts = async (): Promise<number> =>
      (await readFile(join(crossing.high, 'ledger.jsonl'), 'utf8')).split('"verify.done"').length
    const before = await verdicts()
    const session = openSession({ clock: crossing.clock, network: openGate })
    const { regoTime } = limits
    // Were it only ended by its time, this test would end first.
    Object.assign(limits, { regoTime: 3_600_000 })
    try {
      await session.call('desk.open', { place: session.place('desk', crossing.high), mode: 'write' })
      const starts: (() => Promise<{ job: string }>)[] = [
        () => session.call('verify.start', { medium: session.place('medium', folder) }),
        () =>
          session.call('policy.check', {
            place: session.place('policy', path),
            on: { kind: 'bundle', place: session.place('medium', folder) },
          }),
      ]
      for (const start of starts) {
        const { job } = await start()
        const step = async (): Promise<string | undefined> =>
          (await session.call('job.list', {})).jobs.find(({ id }) => id === job)?.step
        await expect.poll(step).toBe('evidence')
        await session.call('job.cancel', { job })
        const ended = await session.call('job.wait', { job })
        expect({ failure: ended.failure?.code }).toEqual({ failure: 'cancelled' })
      }
    } finally {
      Object.assign(limits, { regoTime })
      await session.close()
    }
    expect(await verdicts()).toBe(before)
    expect((await judged([quiet])).code).toBe(0)
  })

  it('is excepted like any rule, and never passed', async () => {
    const day = (n: number): string =>
      new Date(crossing.clock.now().getTime() + n * 86_400_000).toISOString().slice(0, 10)
    const exception = `exceptions: [{check: policy.rego, reason: for now, approvers: [dave, erin], since: ${day(0)}, until: ${day(1)}}]`
    const ended = await judged([answering([{ item: null, id: 'x', message: 'no' }])], exception)
    expect([ended.code, rowsOf(ended, 'policy.rego')]).toEqual([0, ['overridden overridden']])
  })

  it('is tried on a bundle by the files that are given, and keeps none', async () => {
    await judged([])
    const path = await policyFile(`rego: [${named(house)}]`)
    await rm(kept(house))
    const tried = await run('policy', 'check', path, '--rego', await file(house), '--bundle', folder)
    expect(tried.code).toBe(4)
    expect(JSON.stringify(tried.json['trial'])).toContain('0 signers, at least 2')
    await expect(readFile(kept(house))).rejects.toThrow('ENOENT')
  })
})

describe('a rule set that waits for a second officer', () => {
  it('is named by its digest in what they sign, and its file is kept for it', async () => {
    const own = await makeCrossing()
    try {
      const officers = await makeOfficers(own, own.high)
      await officers.seal()
      const at = (name: string): string => join(own.folder, name)
      await writeFile(at('house.wasm'), house)
      await writeFile(at('asked.yaml'), `sallyport: policy/v1\nversion: 2\nrego: [${named(house)}]\n`)
      const words = ['policy', 'set', at('asked.yaml'), '--rego', at('house.wasm'), '--desk', own.high]
      const set = await done([...words, ...officers.signs(0)], own.clock)
      const number = String((set['pending'] as { number: number }).number)
      const shown = await done(['change', 'show', number, '--desk', own.high], own.clock)
      expect(shown['details']).toEqual([
        `New: Rule set house: what house/deny of ${digestOf(house)} objects to is refused`,
      ])
      await rm(join(own.high, 'policy', 'rego'), { recursive: true })
      // What waits is kept again by its digest too.
      await done(['policy', 'keep', at('house.wasm'), '--desk', own.high], own.clock)
      await done(['change', 'sign', number, '--desk', own.high, ...officers.signs(1)], own.clock)
      await putSigned(own, () => [])
      const ended = await sallyport(['verify', (await carryApp(own)).folder, '--desk', own.high], own.clock)
      expect([ended.code, rowsOf(ended, 'policy.rego')]).toEqual([4, ['fail objection', 'fail objection']])
    } finally {
      await own.dispose()
    }
  })
})
