import { randomBytes } from 'node:crypto'
import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zMedium, type Medium } from '../../main/bundle/medium.ts'
import { done, sallyport, type Said } from '../support/command-line.ts'
import {
  decideBoth,
  makeBundle,
  makeCrossing,
  release,
  signing,
  writeFiles,
  writeRequest,
  writeTo,
  type Crossing,
} from '../support/desks.ts'
import { flipBit } from '../support/media.ts'

const mega = 1024 * 1024
/** Media of this size take about 4 MB of a bundle: the rest is for the small files and the file system. */
const small = String(8 * mega + 200_000)

const failing = ({ checks }: Said): [string, string, string][] =>
  checks.filter(({ result }) => result === 'fail').map(({ id, subject, reason }) => [id, subject, reason])
const byId = ({ checks }: Said, id: string): readonly { result: string; found: string; reason: string }[] =>
  checks.filter((check) => check.id === id).map(({ result, found, reason }) => ({ result, found, reason }))

const recordOf = async (folder: string): Promise<Medium> =>
  zMedium.parse(JSON.parse(await readFile(join(folder, 'medium.json'), 'utf8')))

describe('a bundle on several media', () => {
  let crossing: Crossing
  let id: string
  /** Folders of the media, the first first. */
  let media: string[]
  beforeAll(async () => {
    crossing = await makeCrossing()
    const files = {
      'large.bin': randomBytes(6 * mega),
      'middle.bin': randomBytes(3 * mega),
      'small.txt': 'small\n',
      'empty.txt': '',
    }
    id = await release(crossing, await writeRequest(crossing, await writeFiles(crossing, files)))
    media = [await writeTo(crossing, id, 'one', ['--of-size', small])]
    for (const name of ['two', 'three']) media.push(await writeTo(crossing, id, name))
  })
  afterAll(() => crossing.dispose())

  /** A high desk of its own, as it was when it was founded. */
  const newHigh = async (name: string): Promise<string> => {
    const folder = join(crossing.folder, `high-${name}`)
    await cp(crossing.high, folder, { recursive: true })
    return folder
  }
  const verify = async (high: string, ...paths: string[]): Promise<{ code: number; json: Said }> =>
    sallyport(['verify', ...paths, '--desk', high], crossing.clock)
  const write = (extra: string[]): ReturnType<typeof sallyport> =>
    sallyport(['write', id, '--desk', crossing.low, ...extra], crossing.clock)

  it('lays it end to end, each medium with its own record', async () => {
    const records = await Promise.all(media.map(recordOf))
    expect(records.map(({ number, of, copy }) => [number, of, copy])).toEqual([
      [1, 3, 1],
      [2, 3, 1],
      [3, 3, 1],
    ])
    expect(records.flatMap(({ parts }) => parts.map(({ name }) => name))).toEqual([
      'bundle.tar.001',
      'bundle.tar.002',
      'bundle.tar.003',
    ])
    const tar = Buffer.concat(
      await Promise.all(media.map((folder, i) => readFile(join(folder, `bundle.tar.00${i + 1}`)))),
    )
    expect(tar.subarray(-1024).every((byte) => byte === 0)).toBe(true)
    expect(tar.toString('latin1', 0, 12)).toBe('waybill.json')
    const shown = await done(['consignment', 'show', id, '--desk', crossing.low], crossing.clock)
    expect(shown.state).toBe('written')
  })

  it('reads each of them back by itself, and is read back once all are', async () => {
    for (const [i, folder] of media.entries()) {
      const came = await done(['readback', folder, '--desk', crossing.low], crossing.clock)
      expect(came.outcome).toBe('passed')
      expect(byId(came, 'content.blob')[0]?.result).toBe('pass')
      const { state } = await done(['consignment', 'show', id, '--desk', crossing.low], crossing.clock)
      expect(state).toBe(i < 2 ? 'written' : 'read-back')
    }
  })

  it('takes them one after the other in any order, and passes with the last', async () => {
    const high = await newHigh('one-by-one')
    const [first, second, third] = media as [string, string, string]
    const one = await verify(high, third)
    expect([one.code, one.json.outcome, one.json['media']]).toEqual([
      5,
      'not-checked',
      { here: 1, of: 3, missing: [1, 2] },
    ])
    expect(byId(one.json, 'medium.all')).toEqual([
      { result: 'not-checked', reason: 'missing', found: '1 of 3 here; still to be read: 1, 2' },
    ])
    expect(byId(one.json, 'graph.complete')[0]?.reason).toBe('stopped-before')
    const report = join(crossing.folder, 'half.html')
    await done(['report', one.json.id, '--desk', high, '--format', 'html', '--out', report], crossing.clock)
    const page = await readFile(report, 'utf8')
    expect(page).toContain('Medium 3 of 3, copy 1')
    expect(page).not.toContain('Medium 1 of 3, copy 1')
    expect(page).toContain('It was not proven that the bytes are what was signed.')
    const refused = await sallyport(
      ['decide', one.json.id, '--desk', high, '--accept', ...signing(crossing, 'dave')],
      crossing.clock,
    )
    expect(refused.json.failure.code).toBe('verdict-not-passed')
    const two = await verify(high, first)
    expect([two.code, two.json['media']]).toEqual([5, { here: 2, of: 3, missing: [2] }])
    const three = await verify(high, second)
    expect([three.code, three.json.outcome, three.json['media']]).toEqual([
      0,
      'passed',
      { here: 3, of: 3, missing: [] },
    ])
    expect(three.json.id).toBe(one.json.id)
    await decideBoth({ ...crossing, high }, three.json.id, 'accept')
    const out = join(crossing.folder, 'out')
    await done(['export', three.json.id, '--desk', high, '--to', `dir:${out}`], crossing.clock)
    const sent = await readFile(join(crossing.folder, 'request', 'large.bin'))
    expect((await readFile(join(out, 'files', 'large.bin'))).equals(sent)).toBe(true)
  })

  it('takes all of them together, and says what is missing of two', async () => {
    const high = await newHigh('together')
    const two = await verify(high, media[2]!, media[0]!)
    expect([two.code, two.json['media']]).toEqual([5, { here: 2, of: 3, missing: [2] }])
    const all = await verify(high, ...media)
    expect([all.code, all.json['media']]).toEqual([0, { here: 3, of: 3, missing: [] }])
  })

  it('names the medium and the part that is damaged, keeps the others, and takes its second copy', async () => {
    const high = await newHigh('damaged')
    const again = await writeTo(crossing, id, 'two-again', ['--medium', '2'])
    expect(await recordOf(again)).toMatchObject({
      number: 2,
      of: 3,
      copy: 2,
    })
    const broken = await writeTo(crossing, id, 'two-broken', ['--medium', '2'])
    // In a piece of a content: only the digest of the part can tell.
    await flipBit(join(broken, 'bundle.tar.002'), 1000)
    await verify(high, media[0]!)
    const bad = await verify(high, broken)
    expect([bad.code, bad.json['media']]).toEqual([3, { here: 1, of: 3, missing: [2, 3] }])
    expect(failing(bad.json)).toContainEqual(['medium.part', 'medium 2: bundle.tar.002', 'damaged'])
    await verify(high, media[2]!)
    const good = await verify(high, again)
    expect([good.code, good.json.outcome]).toEqual([0, 'passed'])
    await rm(join(broken, '..'), { recursive: true })
  })

  it('says of a part that is cut off which medium it is on', async () => {
    const high = await newHigh('cut')
    const broken = await writeTo(crossing, id, 'three-cut', ['--medium', '3'])
    await truncate(join(broken, 'bundle.tar.003'), 1000)
    const bad = await verify(high, broken)
    expect(bad.code).toBe(3)
    expect(failing(bad.json)).toEqual([['medium.part', 'medium 3: bundle.tar.003', 'differs']])
    expect(bad.json['media']).toEqual({ here: 0, of: 3, missing: [1, 2, 3] })
    await rm(join(broken, '..'), { recursive: true })
  })

  it('does not count a medium beside whose parts something else is wrong', async () => {
    const high = await newHigh('strange')
    const strange = join(crossing.folder, 'strange', basename(media[1]!))
    await cp(media[1]!, strange, { recursive: true })
    await writeFile(join(strange, 'setup.exe'), 'x')
    const bad = await verify(high, strange)
    expect([bad.code, bad.json['media']]).toEqual([3, { here: 0, of: 3, missing: [1, 2, 3] }])
    expect(failing(bad.json)).toEqual([['medium.set', 'medium 2: the folder', 'set']])
    const others = await verify(high, media[0]!, media[2]!)
    expect([others.code, others.json['media']]).toEqual([5, { here: 2, of: 3, missing: [2] }])
    expect((await verify(high, media[1]!)).code).toBe(0)
  })

  it('believes nothing that it kept: what was changed in quarantine fails, and all are read again', async () => {
    const high = await newHigh('changed')
    const one = await verify(high, media[0]!)
    await verify(high, media[1]!)
    const blobs = join(high, 'store', 'quarantine', one.json.id, 'blobs', 'sha256')
    const pieces = (await readdir(blobs)).filter((name) => name.endsWith('.half'))
    expect(pieces.length).toBeGreaterThan(0)
    await flipBit(join(blobs, pieces[0]!), 5)
    const bad = await verify(high, media[2]!)
    expect([bad.code, bad.json.outcome]).toEqual([3, 'failed'])
    expect(failing(bad.json).map(([check, , reason]) => [check, reason])).toEqual([
      ['content.blob', 'joined'],
    ])
    const after = await verify(high, media[0]!)
    expect(after.json['media']).toEqual({ here: 1, of: 3, missing: [2, 3] })
    const all = await verify(high, media[1]!, media[2]!)
    expect([all.code, all.json.outcome]).toEqual([0, 'passed'])
  })

  it('names a medium of another bundle, of another cutting, and one that is there twice', async () => {
    const high = await newHigh('mixed')
    const other = await makeBundle(crossing, 'other', { 'large.bin': randomBytes(9 * mega) }, [
      '--of-size',
      small,
    ])
    const strange = await verify(high, media[0]!, other.folder)
    expect(strange.code).toBe(3)
    expect(failing(strange.json)).toEqual([['medium.all', 'what was given as number 2', 'other-bundle']])
    const twice = await verify(high, media[0]!, media[0]!)
    expect(failing(twice.json)).toEqual([['medium.all', 'what was given as number 2', 'twice']])
    const cut = await writeTo(crossing, id, 'cut-anew', ['--of-size', String(9 * mega), '--new-plan'])
    const mixed = await verify(high, media[0]!, cut)
    expect(failing(mixed.json)).toEqual([['medium.all', 'what was given as number 2', 'other-plan']])
    // One after the other it is another beginning of the same bundle: what was read stays, and is named.
    const begun = await verify(high, cut)
    expect(begun.code).toBe(5)
    expect(byId(begun.json, 'medium.all')[0]?.found).toMatch(
      /cut in another way, and read before: medium 1 of 3/,
    )
    const whole = await verify(high, media[1]!, media[2]!)
    expect([whole.code, whole.json['media']]).toEqual([0, { here: 3, of: 3, missing: [] }])
  })

  it('refuses media that are too small, another size than the plan’s, and a number that is not there', async () => {
    const to = join(crossing.folder, 'refusals')
    const refused = async (extra: string[]): Promise<string> =>
      (await write(['--to', crossing.folder, ...extra])).json.failure.code
    expect(await refused(['--of-size', '1000'])).toBe('medium-size')
    expect(await refused(['--of-size', String(20 * mega)])).toBe('plan-kept')
    expect(await refused(['--medium', '9'])).toBe('medium-number')
    for (const wrong of [
      ['--medium', '0'],
      ['--of-size', 'x'],
      ['--medium', 'two'],
    ])
      expect((await write(['--to', to, ...wrong])).code).toBe(2)
    expect(await readdir(crossing.folder)).not.toContain('refusals')
  })
})
