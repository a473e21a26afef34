import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zMedium } from '../../main/bundle/medium.ts'
import { done, sallyport, type Said } from '../support/command-line.ts'
import {
  decideBoth,
  makeCrossing,
  release,
  writeFiles,
  writeRequest,
  writeTo,
  type Crossing,
} from '../support/desks.ts'
import { flipBit } from '../support/media.ts'

const mega = 1024 * 1024
const par2 = '/usr/bin/par2'

async function policyWith(crossing: Crossing, desk: string, lines: string, version = 2): Promise<void> {
  const path = join(crossing.folder, `${basename(desk)}-policy.yaml`)
  await writeFile(path, `sallyport: policy/v1\nversion: ${version}\n${lines}`)
  await done(['policy', 'set', path, '--desk', desk], crossing.clock)
}

async function overwrite(path: string, at: number, length: number): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.write(randomBytes(length), 0, length, at)
  await handle.close()
}

const result = ({ checks }: Said, id: string): (readonly [string, string])[] =>
  checks.filter((check) => check.id === id).map((check) => [check.subject, check.result])

describe.skipIf(!existsSync(par2))('recovery data (needs par2)', () => {
  let crossing: Crossing
  let id: string
  let folder: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    const digest = createHash('sha256')
      .update(await readFile(par2))
      .digest('hex')
    const named = `programs:\n  par2: [sha256:${digest}]\n`
    const files = { 'large.bin': randomBytes(3 * mega), 'notes.txt': 'notes\n' }
    id = await release(crossing, await writeRequest(crossing, await writeFiles(crossing, files)))
    await mkdir(join(crossing.folder, 'unnamed'))
    const refused = await sallyport(
      ['write', id, '--desk', crossing.low, '--to', join(crossing.folder, 'unnamed'), '--parity', '10'],
      crossing.clock,
    )
    expect(refused.json.failure.code).toBe('program-unnamed')
    expect(await readdir(join(crossing.folder, 'unnamed'))).toEqual([])
    await policyWith(crossing, crossing.low, named)
    await policyWith(crossing, crossing.high, named)
    folder = await writeTo(crossing, id, 'medium', ['--parity', '10', '--part-size', String(mega)])
  })
  afterAll(() => crossing.dispose())

  let count = 0
  let version = 2
  /** A copy of the medium that somebody damages; gives its folder. */
  async function damaged(damage: (copy: string) => Promise<void>): Promise<string> {
    const copy = join(crossing.folder, `damaged-${++count}`, basename(folder))
    await cp(folder, copy, { recursive: true })
    await damage(copy)
    return copy
  }
  async function repair(
    medium: string,
    desk = crossing.high,
  ): Promise<{ readonly code: number; readonly json: Said; readonly to: string }> {
    const to = join(crossing.folder, `repaired-${++count}`)
    await mkdir(to)
    const before = await digestsOf(medium)
    const ended = await sallyport(['repair', medium, '--desk', desk, '--to', to], crossing.clock)
    // The medium is only read.
    expect(await digestsOf(medium)).toEqual(before)
    return { code: ended.code, json: ended.json, to }
  }
  async function digestsOf(path: string): Promise<Record<string, string>> {
    const names = (await readdir(path)).sort()
    const entries = names.map(
      async (name) =>
        [
          name,
          createHash('sha256')
            .update(await readFile(join(path, name)))
            .digest('hex'),
        ] as const,
    )
    return Object.fromEntries(await Promise.all(entries))
  }
  const verify = (path: string): ReturnType<typeof sallyport> =>
    sallyport(['verify', path, '--desk', crossing.high], crossing.clock)

  it('lies beside the parts, is listed and signed, and is read back', async () => {
    const medium = zMedium.parse(JSON.parse(await readFile(join(folder, 'medium.json'), 'utf8')))
    const names = (medium.parity ?? []).map(({ name }) => name)
    expect(names).toContain('bundle.par2')
    expect(names.length).toBeGreaterThan(1)
    const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8')
    for (const name of names) expect(sums).toContain(`  ${name}\n`)
    const whole = await done(['readback', folder, '--desk', crossing.low], crossing.clock)
    expect(result(whole, 'medium.parity')).toEqual([['recovery data', 'pass']])
    const bad = await damaged((copy) => flipBit(join(copy, names[1] ?? ''), 500))
    const ended = await sallyport(['readback', bad, '--desk', crossing.low], crossing.clock)
    expect([ended.code, result(ended.json, 'medium.parity')]).toEqual([3, [['recovery data', 'fail']]])
  })

  it.each([
    ['rotten', (copy: string) => overwrite(join(copy, 'bundle.tar.002'), 300_000, 60_000)],
    ['cut short', (copy: string) => truncate(join(copy, 'bundle.tar.003'), mega - 80_000)],
    [
      'rotten in several parts',
      async (copy: string) => {
        await overwrite(join(copy, 'bundle.tar.001'), 70_000, 20_000)
        await overwrite(join(copy, 'bundle.tar.003'), 10, 20_000)
      },
    ],
    ['longer than it was', (copy: string) => truncate(join(copy, 'bundle.tar.001'), mega + 5)],
  ])('repairs parts that are %s, to a copy that verifies', async (_, damage) => {
    const medium = await damaged(damage)
    const refused = await verify(medium)
    expect(refused.code).toBe(3)
    const { code, json, to } = await repair(medium)
    expect([code, json.ok]).toEqual([0, true])
    expect(await digestsOf(join(to, basename(folder)))).toEqual(await digestsOf(folder))
    const good = await verify(to)
    expect([good.code, good.json.outcome]).toEqual([0, 'passed'])
    await rm(to, { recursive: true })
  })

  it('uses only recovery data that is as it was written', async () => {
    const medium = await damaged(async (copy) => {
      await overwrite(join(copy, 'bundle.tar.002'), 300_000, 20_000)
      await flipBit(join(copy, 'bundle.par2'), 100)
      const [volume] = (await readdir(copy)).filter((name) => name.includes('.vol'))
      await flipBit(join(copy, volume ?? ''), 4000)
    })
    const { code, json, to } = await repair(medium)
    expect([code, json['damaged']]).toEqual([
      0,
      ['bundle.tar.002', 'bundle.par2', expect.stringMatching(/^bundle\.vol.*\.par2$/)],
    ])
    const good = await verify(to)
    expect([good.code, result(good.json, 'medium.parity')]).toEqual([0, [['recovery data', 'warn']]])
  })

  it.each([
    [
      'too much is damaged',
      'repair-failed',
      (copy: string) => overwrite(join(copy, 'bundle.tar.002'), 0, 900_000),
    ],
    ['a part is gone', 'repair-failed', (copy: string) => rm(join(copy, 'bundle.tar.002'))],
    [
      'a signature is damaged',
      'medium-not-proven',
      (copy: string) => flipBit(join(copy, 'waybill.sigstore.jsonl'), 900),
    ],
    ['the record is damaged', 'medium-not-proven', (copy: string) => flipBit(join(copy, 'medium.json'), 60)],
    [
      'no recovery data is whole',
      'repair-failed',
      async (copy: string) => {
        await flipBit(join(copy, 'bundle.tar.002'), 5)
        for (const name of await readdir(copy))
          if (name.endsWith('.par2')) await flipBit(join(copy, name), 80)
      },
    ],
  ])('leaves nothing where %s', async (_, failure, damage) => {
    const { code, json, to } = await repair(await damaged(damage))
    expect([code, json.failure.code]).toEqual([1, failure])
    expect(await readdir(to)).toEqual([])
  })

  it('refuses a medium without recovery data, a program that the policy does not name, and an inside target', async () => {
    const plain = await writeTo(crossing, id, 'plain')
    expect((await repair(plain)).json.failure.code).toBe('parity-none')
    const medium = await damaged((copy) => flipBit(join(copy, 'bundle.tar.002'), 5))
    const inside = await sallyport(
      ['repair', medium, '--desk', crossing.high, '--to', join(crossing.high, 'reports')],
      crossing.clock,
    )
    expect(inside.json.failure.code).toBe('medium-inside-desk')
    const { json, to } = await onPath('#!/bin/sh\nexit 0\n', () => repair(medium))
    expect(json.failure.code).toBe('program-differs')
    expect(await readdir(to)).toEqual([])
  })

  /** With another program of that name first on the PATH. */
  async function onPath<Result>(text: string, act: () => Promise<Result>): Promise<Result> {
    const fake = join(crossing.folder, `fake-${++count}`)
    await mkdir(fake)
    await writeFile(join(fake, 'par2'), text, { mode: 0o755 })
    const before = process.env['PATH']
    process.env['PATH'] = fake
    try {
      return await act()
    } finally {
      process.env['PATH'] = before
    }
  }

  it('protects each of several media by itself, and a repaired one joins the others', async () => {
    const size = String(8 * mega)
    const first = await writeTo(crossing, id, 'several-1', [
      '--of-size',
      size,
      '--parity',
      '10',
      '--new-plan',
    ])
    const second = await writeTo(crossing, id, 'several-2')
    const record = zMedium.parse(JSON.parse(await readFile(join(second, 'medium.json'), 'utf8')))
    expect([record.of, record.parity === undefined]).toEqual([2, false])
    expect((await stat(join(first, 'bundle.tar.001'))).size).toBeGreaterThan(mega)
    await overwrite(join(second, 'bundle.tar.002'), 1000, 20_000)
    const begun = await verify(first)
    expect(begun.code).toBe(5)
    expect((await verify(second)).code).toBe(3)
    const { code, to } = await repair(second)
    expect(code).toBe(0)
    const good = await verify(to)
    expect([good.code, good.json['media']]).toEqual([0, { here: 2, of: 2, missing: [] }])
    await decideBoth(crossing, good.json.id, 'accept')
  })

  it.each([
    ['ends with an error', '#!/bin/sh\necho "no memory" >&2\nexit 7\n', /^code 7, “no memory”$/],
    ['makes nothing', '#!/bin/sh\nexit 0\n', /^0 files of recovery data$/],
  ])('leaves nothing on the medium where the program %s', async (_, text, found) => {
    const digest = createHash('sha256').update(text).digest('hex')
    await policyWith(crossing, crossing.low, `programs:\n  par2: [sha256:${digest}]\n`, ++version)
    const to = join(crossing.folder, `failing-${++count}`)
    await mkdir(to)
    const words = ['write', id, '--desk', crossing.low, '--to', to, '--medium', '1']
    const { json } = await onPath(text, () => sallyport(words, crossing.clock))
    expect(json.failure.code).toBe('parity-failed')
    expect(json.failure.facts['found']).toMatch(found)
    expect(await readdir(to)).toEqual([])
  })

  it('takes 1 to 50 percent', async () => {
    for (const percent of ['0', '51', '-1', 'x', '1.5']) {
      const words = ['write', id, '--desk', crossing.low, '--to', crossing.folder, '--parity', percent]
      expect((await sallyport(words, crossing.clock)).code).toBe(2)
    }
  })
})
