import { cp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Verdict } from '../../shared/verdict.ts'
import { countsOf } from '../../shared/verdict.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { canonical } from '../../main/platform/json.ts'
import { done, sallyport, type Said } from '../support/command-line.ts'
import {
  makeBundle,
  makeCrossing,
  release,
  signing,
  writeFiles,
  writeRequest,
  type Crossing,
} from '../support/desks.ts'
import { eventsOf } from '../support/forged-desk.ts'
import { highDesk } from '../support/high-desk.ts'

/* Files of a consignment that somebody edits on the disc of a desk: each is held against its digest in the ledger. */

let crossing: Crossing
let copies = 0
const { verify, half, accepted } = highDesk(() => crossing)

/** The file of a consignment that a name begins with, on a copy of a desk, and what it says. */
async function editable(desk: string, id: string, name: string): Promise<{ copy: string; path: string }> {
  const copy = join(crossing.folder, `desk-files-${++copies}`)
  await cp(desk, copy, { recursive: true })
  const folder = join(copy, 'consignments', id)
  const found = (await readdir(folder)).filter((one) => one.startsWith(name))
  if (found.length !== 1) throw new Error(`${found.length} files ${name} in ${id}`)
  return { copy, path: join(folder, found[0]!) }
}
/** A command is refused for a file that was changed, and the ledger is as it was. */
async function expectEdited(copy: string, words: readonly string[], expected: RegExp): Promise<void> {
  const before = await eventsOf(copy)
  const ended = await sallyport([...words, '--desk', copy], crossing.clock)
  const { code, facts } = ended.json.failure
  expect({ words, exit: ended.code, code }).toEqual({ words, exit: 1, code: 'desk-damaged' })
  expect(String(facts['expected'])).toMatch(expected)
  expect(await eventsOf(copy)).toEqual(before)
}
const passed = (verdict: Verdict): Verdict => {
  const checks = verdict.checks.map((one) => ({ ...one, result: 'pass' as const }))
  return { ...verdict, checks, counts: countsOf(checks), outcome: 'passed' }
}
const exporting = (id: string): string[] => ['export', id, '--to', `dir:${join(crossing.folder, 'out')}`]
const accept = (id: string, person: 'dave' | 'erin'): string[] => [
  ...['decide', id, '--accept'],
  ...signing(crossing, person),
]

describe('the verdict of a bundle that failed', () => {
  let id: string
  let said: Said
  beforeAll(async () => {
    crossing = await makeCrossing()
    const { folder } = await makeBundle(crossing, 'one')
    crossing.clock.forward(91)
    said = (await verify(folder)).said
    id = said.id
    crossing.clock.forward(-91)
  })
  afterAll(() => crossing.dispose())

  it('cannot be accepted, as it is', async () => {
    expect(said.outcome).toBe('failed')
    expect((await half(id, 'accept', 'dave')).json.failure.code).toBe('verdict-not-passed')
  })

  it('edited into one that passed, with counts and outcome to match: no half of a decision, no report', async () => {
    const { copy, path } = await editable(crossing.high, id, 'verdict-')
    const verdict = JSON.parse(await readFile(path, 'utf8')) as Verdict
    await writeFile(path, canonical(passed(verdict)))
    const out = join(crossing.folder, 'report.json')
    await expectEdited(copy, accept(id, 'dave'), /^verdict sha256:/)
    await expectEdited(copy, ['report', id, '--format', 'json', '--out', out], /^verdict sha256:/)
    await expectEdited(copy, ['consignment', 'show', id], /^verdict sha256:/)
    await expect(readFile(out)).rejects.toThrow('ENOENT')
  })

  it('edited and put under the name of its own digest: the ledger names another', async () => {
    const { copy, path } = await editable(crossing.high, id, 'verdict-')
    const bytes = canonical(passed(JSON.parse(await readFile(path, 'utf8')) as Verdict))
    await writeFile(join(path, '..', `verdict-${digestOf(bytes).slice(7, 23)}.json`), bytes)
    const ended = await sallyport([...accept(id, 'dave'), '--desk', copy], crossing.clock)
    expect(ended.json.failure.code).toBe('verdict-not-passed')
    await rm(path)
    expect((await sallyport([...accept(id, 'dave'), '--desk', copy], crossing.clock)).code).toBe(1)
  })
})

describe('files of an accepted consignment', () => {
  let id: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    id = await accepted((await makeBundle(crossing, 'one')).folder)
  })
  afterAll(() => crossing.dispose())

  it('a verdict of another bundle in the place of its own: nothing is exported', async () => {
    const other = (await verify((await makeBundle(crossing, 'two')).folder)).said.id
    const { copy, path } = await editable(crossing.high, id, 'verdict-')
    const theirs = await editable(copy, other, 'verdict-')
    await cp(theirs.path, path)
    await expectEdited(copy, exporting(id), /^verdict sha256:/)
    await expect(readdir(join(crossing.folder, 'out'))).rejects.toThrow('ENOENT')
  })

  it('what was judged of its items, edited: neither reported nor exported', async () => {
    const { copy, path } = await editable(crossing.high, id, 'evidence-')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('"pieces":[]', '"pieces":[],"x":1'))
    await expectEdited(copy, exporting(id), /^evidence sha256:/)
    const out = join(crossing.folder, 'report.html')
    await expectEdited(copy, ['report', id, '--format', 'html', '--out', out], /^evidence sha256:/)
    await expect(readFile(out)).rejects.toThrow('ENOENT')
  })

  it('its waybill, edited: nothing is exported', async () => {
    const { copy, path } = await editable(crossing.high, id, 'waybill-')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('"channel":"payments"', '"channel":"paymentz"'))
    await expectEdited(copy, exporting(id), /^waybill sha256:/)
  })

  it('untouched, it is exported', async () => {
    await done([...exporting(id), '--desk', crossing.high], crossing.clock)
  })
})

describe('the waybill of a low desk, edited before it is signed', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('is not signed', async () => {
    const request = await writeRequest(crossing, await writeFiles(crossing, { 'notes.txt': 'notes\n' }))
    const { id } = await done(['collect', request, '--desk', crossing.low], crossing.clock)
    const { copy, path } = await editable(crossing.low, id, 'waybill-')
    await writeFile(path, (await readFile(path, 'utf8')).replace('notes.txt', 'other.txt'))
    const approve = ['approve', id, '--role', 'prepare', ...signing(crossing, 'bob')]
    await expectEdited(copy, approve, /^waybill sha256:/)
  })

  it('is not written once it was released', async () => {
    const request = await writeRequest(crossing, await writeFiles(crossing, { 'more.txt': 'more\n' }))
    const id = await release(crossing, request)
    const { copy, path } = await editable(crossing.low, id, 'waybill-')
    const other = await editable(crossing.low, id, 'collected')
    await rename(other.path, path)
    await expectEdited(copy, ['write', id, '--to', crossing.folder], /^waybill sha256:/)
  })
})

describe('half a decision over a verdict that is edited after it', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('finds no second half', async () => {
    const { id } = (await verify((await makeBundle(crossing, 'one')).folder)).said
    await half(id, 'accept', 'dave')
    const { copy, path } = await editable(crossing.high, id, 'verdict-')
    const verdict = JSON.parse(await readFile(path, 'utf8')) as Verdict
    const checks = verdict.checks.filter((one) => one.result === 'pass')
    await writeFile(path, canonical({ ...verdict, checks, counts: countsOf(checks) }))
    await expectEdited(copy, accept(id, 'erin'), /^verdict sha256:/)
    // The honest desk goes on.
    expect((await half(id, 'accept', 'erin')).json.outcome).toBe('accept')
  })
})
