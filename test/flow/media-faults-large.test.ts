import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyport, type Ended } from '../support/command-line.ts'
import { makeCrossing, release, writeFiles, writeRequest, type Crossing } from '../support/desks.ts'
import { crosses, makeStage, saidOf, type Stage } from '../support/failing/stage.ts'
import { Tally } from '../support/failing/tally.ts'
import { FailingVolume, missingFailing } from '../support/failing/volume.ts'

/*
 * Faults that take their time. Large parts are flushed as they are written: a system tells an error of such a flush once, and the
 * last flush then says that all is well; it is not. A call that does not come back is given up with the writing.
 */

const tally = new Tally('large')
const part = '^bundle\\.tar'
const large = new Map([['large.bin', Buffer.alloc(150 * 1024 * 1024)]])

describe.skipIf(missingFailing() !== null)('writing for long (needs root, FUSE and python3-fusepy)', () => {
  let crossing: Crossing
  let small: Stage
  let volume: FailingVolume
  beforeAll(async () => {
    crossing = await makeCrossing()
    small = await makeStage(false)
    volume = await FailingVolume.mount(join(crossing.folder, 'volume'))
  })
  afterAll(async () => {
    volume.unmount()
    await small.crossing.dispose()
    await crossing.dispose()
    tally.end()
  })
  const write = (of: Crossing, id: string, signal?: AbortSignal): Promise<Ended> =>
    sallyport(['write', id, '--desk', of.low, '--to', volume.path], of.clock, signal)

  it('an error of a flush in the middle is not forgotten', async () => {
    tally.put('EIO on fsync')
    const items = await writeFiles(crossing, Object.fromEntries(large))
    const id = await release(crossing, await writeRequest(crossing, items))
    await volume.fail([{ call: 'fdatasync', name: part, times: 1, act: 'error', errno: 'EIO' }])
    const ended = await write(crossing, id)
    expect([volume.met(), ended.code, saidOf(ended)]).toEqual([1, 1, 'medium-failed'])
    expect(await readdir(volume.path)).toEqual([])
    await volume.fail([])
    expect((await write(crossing, id)).code).toBe(0)
    await crosses({ crossing, id, lows: [], media: [], sent: large }, [volume.path])
    await volume.clear()
    tally.survived('EIO on fsync', 'refused')
  })

  it('a call that does not come back holds up nobody who gives up', async () => {
    tally.put('hangs')
    await volume.fail([{ call: 'write', name: part, times: 1, act: 'slow', ms: 1200 }])
    const abort = new AbortController()
    const running = write(small.crossing, small.id, abort.signal)
    while (volume.met() === 0) await pause(5)
    abort.abort()
    const ended = await running
    expect([ended.code, saidOf(ended)]).toEqual([130, 'cancelled'])
    await volume.fail([])
    expect(await readdir(volume.path)).toEqual([])
    expect((await write(small.crossing, small.id)).code).toBe(0)
    await crosses(small, [volume.path])
    tally.survived('hangs', 'refused')
  })
})
