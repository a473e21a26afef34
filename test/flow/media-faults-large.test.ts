import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyport } from '../support/command-line.ts'
import { makeCrossing, release, writeFiles, writeRequest, type Crossing } from '../support/desks.ts'
import { crosses, saidOf } from '../support/failing/stage.ts'
import { Tally } from '../support/failing/tally.ts'
import { FailingVolume, missingFailing } from '../support/failing/volume.ts'

/*
 * Large parts are flushed as they are written. A system tells an error of such a flush once, and the last flush then says that
 * all is well: it is not.
 */

const mega = 1024 * 1024

describe.skipIf(missingFailing() !== null)('a large part (needs root, FUSE and python3-fusepy)', () => {
  const tally = new Tally('large')
  let crossing: Crossing
  let volume: FailingVolume
  let id: string
  const sent = new Map([['large.bin', Buffer.alloc(150 * mega)]])
  beforeAll(async () => {
    crossing = await makeCrossing()
    const items = await writeFiles(crossing, Object.fromEntries(sent))
    id = await release(crossing, await writeRequest(crossing, items))
    volume = await FailingVolume.mount(join(crossing.folder, 'volume'))
  })
  afterAll(async () => {
    volume.unmount()
    await crossing.dispose()
    tally.end()
  })

  it.each(['EIO', 'ENOSPC'])('%s of a flush in the middle is not forgotten', async (errno) => {
    tally.put('EIO on fsync')
    await volume.fail([{ call: 'fdatasync', name: '^bundle\\.tar', times: 1, act: 'error', errno }])
    const words = ['write', id, '--desk', crossing.low, '--to', volume.path]
    const ended = await sallyport(words, crossing.clock)
    expect([volume.met(), ended.code, saidOf(ended)]).toEqual([1, 1, 'medium-failed'])
    expect(ended.json.failure.happened).toContain(errno)
    await volume.fail([])
    const again = await sallyport(words, crossing.clock)
    expect(again.code).toBe(0)
    const back = await sallyport(['readback', volume.path, '--desk', crossing.low], crossing.clock)
    expect(saidOf(back)).toBe(null)
    await crosses({ crossing, id, lows: [], media: [], sent }, [volume.path])
    await volume.clear()
    tally.survived('EIO on fsync', 'refused')
  })
})
