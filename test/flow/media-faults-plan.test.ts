import { execFileSync } from 'node:child_process'
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession, type Session } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { copyOf, crosses, makeStage, type Stage } from '../support/failing/stage.ts'
import { Tally } from '../support/failing/tally.ts'
import { FailingVolume, missingFailing, type Fault } from '../support/failing/volume.ts'
import { failureOf } from '../support/failure-of.ts'

/* What is wrong with a medium before the first byte is said by the plan of a writing, and by the writing; nothing is begun. */

interface PlanFault {
  readonly kind: string
  readonly what: string
  readonly said: string
  readonly faults?: readonly Fault[]
  readonly free?: number
  /** Puts something at the place that is to be written to. */
  readonly put?: (place: string) => Promise<unknown> | undefined
}

const fails = (call: string, name: string): readonly Fault[] => [{ call, name, act: 'error', errno: 'EIO' }]
const instead = (what: string, put: NonNullable<PlanFault['put']>): PlanFault => ({
  ...{ kind: 'no medium there', what, said: 'medium-missing', put },
})

const table: readonly PlanFault[] = [
  { kind: 'full before', what: 'and says so', said: 'medium-full', free: 4_500_000 },
  {
    kind: 'EIO on another call',
    what: 'asking for room',
    said: 'medium-missing',
    faults: fails('statfs', ''),
  },
  {
    kind: 'EIO on another call',
    what: 'looking at it',
    said: 'medium-missing',
    faults: fails('getattr', '^$'),
  },
  instead('nothing', () => undefined),
  instead('a file', (place) => writeFile(place, '')),
  instead('a link to nothing', (place) => symlink('nowhere', place)),
  instead('a pipe', async (place) => execFileSync('mkfifo', [place])),
  instead('a device', async (place) => execFileSync('mknod', [place, 'c', '1', '5'])),
]

describe.skipIf(missingFailing() !== null)(
  'planning a medium that fails (needs root, FUSE and python3-fusepy)',
  () => {
    const tally = new Tally('plan')
    let stage: Stage
    let volume: FailingVolume
    let session: Session
    beforeAll(async () => {
      stage = await makeStage(false)
      const { crossing, lows } = stage
      volume = await FailingVolume.mount(join(crossing.folder, 'volume'))
      session = openSession({ clock: crossing.clock, network: openGate })
      const low = await copyOf(stage, lows[0] ?? '')
      await session.call('desk.open', { place: session.place('desk', low), mode: 'write' })
    })
    afterAll(async () => {
      await session.close()
      volume.unmount()
      await stage.crossing.dispose()
      tally.end()
    })

    it.each(table.map((one) => [`${one.kind}: ${one.what}`, one] as const))('%s', async (_, one) => {
      tally.put(one.kind)
      const place = one.put === undefined ? volume.path : join(volume.path, 'place')
      await one.put?.(join(volume.behind, 'place'))
      await volume.fail(one.faults ?? [], one.free)
      const asked = { id: stage.id, to: session.place('medium', place) }
      const before = await readdir(volume.behind)
      for (const call of ['write.plan', 'write.start'] as const)
        expect((await failureOf(session.call(call, asked))).code).toBe(one.said)
      expect(await readdir(volume.behind)).toEqual(before)
      await volume.clear()
      if (one.put !== undefined) await mkdir(place)
      const { free } = await session.call('write.plan', asked)
      expect(free).toBeGreaterThan(0)
      const { job } = await session.call('write.start', asked)
      expect((await session.call('job.wait', { job })).state).toBe('done')
      await crosses(stage, [place])
      await volume.clear()
      tally.survived(one.kind, 'refused')
    })
  },
)
