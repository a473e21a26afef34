import { cp, mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, type Ended } from '../support/command-line.ts'
import { release, writeFiles, writeRequest } from '../support/desks.ts'
import { mend, partOn } from '../support/failing/damage.ts'
import { copyOf, crosses, failing, makeStage, saidOf, stateAt, type Stage } from '../support/failing/stage.ts'
import { Tally } from '../support/failing/tally.ts'

/*
 * Media of three that are swapped between two steps, or mixed: for another bundle's, another cutting's, another copy, one another.
 * Nothing of another is taken for what was signed; then the right ones come, and all that was sent crosses.
 */

const tally = new Tally('swapped')
const kind = 'swapped or mixed'

describe.concurrent('media that are swapped or mixed', () => {
  let stage: Stage
  /** Media of another bundle of the same sender, cut like this one. */
  let others: string[]
  /** This bundle, cut in another way, and a second copy of its second medium. */
  let otherCut: string
  let copy: string
  const own = (number: number): string => stage.media[number - 1] ?? ''

  beforeAll(async () => {
    stage = await makeStage(true)
    const { crossing, id } = stage
    const write = async (low: string, of: string, ...words: string[]): Promise<string> => {
      const to = join(low, '..', `to-${(await readdir(join(low, '..'))).length}`)
      await mkdir(to)
      return (await done(['write', of, '--desk', low, '--to', to, ...words], crossing.clock)).folder
    }
    const size = (bytes: number): string[] => ['--of-size', String(4 * 1024 * 1024 + bytes)]
    const low = await copyOf(stage, stage.lows.at(-1) ?? '', 'low')
    copy = await write(low, id, '--medium', '2')
    otherCut = await write(low, id, ...size(400_000), '--new-plan')
    const items = await writeFiles(crossing, { 'other.bin': Buffer.alloc(700_000, 'other') })
    const second = await release({ ...crossing, low }, await writeRequest(crossing, items))
    others = [await write(low, second, ...size(300_000))]
    for (const number of [2, 3]) others.push(await write(low, second, '--medium', String(number)))
  })
  afterAll(async () => {
    await stage.crossing.dispose()
    tally.end()
  })

  const verify = (high: string, ...paths: string[]): Promise<Ended> =>
    sallyport(['verify', ...paths, '--desk', high], stage.crossing.clock)
  /** A high desk that has read the first medium. */
  const begun = async (): Promise<string> => {
    const high = await copyOf(stage, stage.crossing.high)
    expect((await verify(high, own(1))).json['media']).toEqual({ here: 1, of: 3, missing: [2, 3] })
    return high
  }
  /** The right media come, and what was read before counts. */
  const goesOn = async (high: string): Promise<void> => {
    await crosses(stage, [own(2), own(3)], high)
    tally.survived(kind, 'refused')
    await rm(high, { recursive: true })
  }
  /** A copy of the second medium on which some files are another's. */
  const mixed = async (from: string, ...names: string[]): Promise<string> => {
    const folder = await copyOf(stage, own(2), basename(own(2)))
    for (const name of names) await mend(folder, from, name)
    return folder
  }
  const refuses = async (folder: string, said: string): Promise<void> => {
    tally.put(kind)
    const low = await copyOf(stage, stage.lows.at(-1) ?? '')
    const back = await sallyport(['readback', folder, '--desk', low], stage.crossing.clock)
    expect([back.code, failing(back)]).toEqual([3, expect.arrayContaining([said])])
    const high = await begun()
    const ended = await verify(high, folder)
    expect([ended.code, failing(ended)]).toEqual([3, expect.arrayContaining([said])])
    await goesOn(high)
  }

  it('another copy of the same medium is as good', async () => {
    tally.put(kind)
    const high = await begun()
    expect((await verify(high, copy)).json['media']).toEqual({ here: 2, of: 3, missing: [3] })
    await crosses(stage, [own(3)], high)
    tally.survived(kind, 'passed')
  })

  it('a medium of another bundle counts for that one alone', async () => {
    tally.put(kind)
    const high = await begun()
    const ended = await verify(high, others[1] ?? '')
    expect(ended.code).not.toBe(0)
    const shown = (await done(['consignment', 'list', '--desk', high], stage.crossing.clock))['consignments']
    expect(shown).toHaveLength(2)
    await goesOn(high)
  })

  it('a medium of another bundle beside one of this is named', async () => {
    tally.put(kind)
    const high = await begun()
    expect(failing(await verify(high, own(2), others[2] ?? ''))).toEqual(['medium.all other-bundle'])
    await goesOn(high)
  })

  it('a medium of another cutting beside one of this is named; after it, it is another beginning', async () => {
    tally.put(kind)
    const high = await begun()
    expect(failing(await verify(high, own(2), otherCut))).toContain('medium.all other-plan')
    expect((await verify(high, otherCut)).code).toBe(5)
    await crosses(stage, [own(1), own(2), own(3)], high)
    tally.survived(kind, 'refused')
  })

  it('the same medium twice is named', async () => {
    tally.put(kind)
    const high = await begun()
    expect(failing(await verify(high, own(2), own(2)))).toEqual(['medium.all twice'])
    await goesOn(high)
  })

  it('the part of another medium under the name of this one', async () => {
    const folder = await mixed(own(1))
    const part = await partOn(folder)
    await rm(join(folder, part))
    await cp(join(own(1), await partOn(own(1))), join(folder, part))
    await refuses(folder, 'medium.part damaged')
  })

  it('the part of another bundle', async () => {
    await refuses(await mixed(others[1] ?? '', 'bundle.tar.002'), 'medium.part differs')
  })

  it('the part of another cutting', async () => {
    const folder = await mixed(own(2))
    await rm(join(folder, 'bundle.tar.002'))
    await cp(join(otherCut, 'bundle.tar.001'), join(folder, 'bundle.tar.002'))
    await refuses(folder, 'medium.part differs')
  })

  it('parts of two media on one', async () => {
    await refuses(await mixed(own(1), 'bundle.tar.001'), 'medium.set set')
  })

  it('the record of another medium', async () => {
    await refuses(await mixed(own(3), 'medium.json', 'medium.sigstore.json'), 'medium.set set')
  })

  it('the record of another copy', async () => {
    await refuses(await mixed(copy, 'medium.json', 'medium.sigstore.json'), 'medium.sums differs')
  })

  it('the record of another bundle', async () => {
    const from = others[1] ?? ''
    await refuses(await mixed(from, 'medium.json', 'medium.sigstore.json'), 'medium.record record')
  })

  it('half a record of another copy', async () => {
    await refuses(await mixed(copy, 'medium.json'), 'medium.record record')
  })

  it('the signatures of another bundle', async () => {
    await refuses(await mixed(others[1] ?? '', 'waybill.sigstore.jsonl'), 'signatures.line altered')
  })

  it('another medium that comes back to be read back is that one, and the other stays unread', async () => {
    tally.put(kind)
    const low = await copyOf(stage, stage.lows.at(-1) ?? '')
    const words = (path: string): string[] => ['readback', path, '--desk', low]
    for (const medium of [own(1), own(1), own(2)])
      expect(saidOf(await sallyport(words(medium), stage.crossing.clock))).toBe(null)
    expect(await stateAt(stage, low, stage.id)).toMatchObject(['written', {}])
    const strange = await sallyport(words(others[1] ?? ''), stage.crossing.clock)
    expect([strange.code, failing(strange)]).toEqual([3, ['waybill.own differs']])
    expect(saidOf(await sallyport(words(own(3)), stage.crossing.clock))).toBe(null)
    expect(await stateAt(stage, low, stage.id)).toMatchObject(['read-back', {}])
    await crosses(stage, stage.media)
    tally.survived(kind, 'refused')
  })
})
