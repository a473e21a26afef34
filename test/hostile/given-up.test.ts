import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSession } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { makeCrossing, release, writeFiles, writeRequest, type Crossing } from '../support/desks.ts'
import { eventsOf } from '../support/forged-desk.ts'
import { makeOfficers } from '../support/officers.ts'
import { bothRun, streamsOf } from '../support/streams.ts'

let crossing: Crossing
const { released, written, again, accept, low, approve } = streamsOf(() => crossing)

beforeEach(async () => {
  crossing = await makeCrossing()
})
afterEach(() => crossing.dispose())

/** A request for many files: to read what is known of them takes longer than to give them up. */
async function requestMany(): Promise<string> {
  const files = Array.from({ length: 60 }, (_, n): [string, string] => [`file-${n}.txt`, `${n}`])
  return writeRequest(crossing, await writeFiles(crossing, Object.fromEntries(files)))
}
/** Asks for the waybill and, while it is made, gives the consignment up; gives how the making ended. */
async function makeAndDrop(id: string): Promise<string> {
  const session = openSession({ clock: crossing.clock, network: openGate })
  try {
    await session.call('desk.open', { place: session.place('desk', crossing.low), mode: 'write' })
    const { job } = await session.call('waybill.make', { id })
    await session.call('consignment.drop', { id, reason: 'Not needed' })
    const ended = await session.call('job.wait', { job })
    return ended.failure?.code ?? ended.state
  } finally {
    await session.close()
  }
}
const sealed = async (): Promise<number> =>
  (await eventsOf(crossing.low)).filter((one) => one.type === 'waybill.sealed').length
const stateOf = async (id: string): Promise<string> => (await low('consignment', 'show', id)).json.state

describe('a consignment that is given up while its waybill is made again', () => {
  it('stays given up: the making ends as out of date, nothing of it is signed, its number is free', async () => {
    const { id } = (await low('collect', await requestMany())).json
    const records = join(crossing.low, 'consignments', id)
    const [before, files] = [await sealed(), await readdir(records)]
    expect(await makeAndDrop(id)).toBe('waybill-old')
    expect({ sealed: await sealed(), state: await stateOf(id) }).toEqual({ sealed: before, state: 'dropped' })
    expect((await readdir(records)).filter((name) => name.startsWith('waybill'))).toEqual(
      files.filter((name) => name.startsWith('waybill')),
    )
    for (const ended of [await approve(id, 'prepare'), await low('collect', id)])
      expect(ended.json.failure.code).toBe('consignment-state')
    await accept(await written(await released('next'), 'm-next'))
  })

  it('is void where it was released, and is made again only when that is asked for anew', async () => {
    const id = await release(crossing, await requestMany())
    const officers = await makeOfficers(crossing, crossing.low)
    await officers.seal()
    await bothRun(officers, 'stream', 'epoch', 'payments', '--to', '2')
    const before = await sealed()
    expect(await makeAndDrop(id)).toBe('waybill-old')
    expect({ sealed: await sealed(), state: await stateOf(id) }).toEqual({ sealed: before, state: 'dropped' })
    await again(id)
    expect(await stateOf(id)).toBe('released')
  })
})
