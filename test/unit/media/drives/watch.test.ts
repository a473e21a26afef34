import { describe, expect, it } from 'vitest'
import type { FoundDrive } from '../../../../main/media/drives/found.ts'
import { DriveWatch } from '../../../../main/media/drives/watch.ts'
import { foundDrive } from '../../../support/made-drives.ts'

const here = foundDrive()
const out = foundDrive({ mounted: [] })
const none: readonly FoundDrive[] = []

/** What is said at the end of looks, the drive being what is named then. */
async function seen(
  looks: readonly (readonly FoundDrive[] | Error)[],
  now: FoundDrive | null = here,
  written = here,
): Promise<string> {
  let at = 0
  const watch = new DriveWatch(async () => {
    const look = looks[at++]
    if (look === undefined || look instanceof Error) throw look ?? new Error('no look')
    return look
  }, 1_000_000)
  watch.follow('run', written)
  while (at < looks.length) await watch.look()
  const level = watch.level('run', now)
  watch.end()
  return level
}

const nameless = foundDrive({ serial: null })
const namelessOut = foundDrive({ serial: null, mounted: [] })
const other = foundDrive({ serial: 'OTHER' })

describe('how far a medium was seen to be out', () => {
  it.each<[string, string, Promise<string>]>([
    ['nothing happened', 'not-shown', seen([[here], [here]])],
    ['nobody looked', 'not-shown', seen([])],
    ['every look failed', 'not-shown', seen([new Error('busy'), new Error('busy'), [here]])],
    ['it left and is not back', 'not-shown', seen([[here], none], null)],
    ['it left, and another drive came', 'not-shown', seen([none, [other]], other)],
    [
      'it left and came back, but the bytes are on another drive',
      'not-shown',
      seen([none, [here, other]], other),
    ],
    [
      'a drive without a serial left and came back',
      'remounted',
      seen([none, [nameless]], nameless, nameless),
    ],
    [
      'a drive of which nothing is known',
      'not-shown',
      seen(
        [none, [foundDrive({ serial: null, volume: null })]],
        foundDrive({ serial: null, volume: null }),
        foundDrive({ serial: null, volume: null }),
      ),
    ],
    ['it was unmounted only', 'not-shown', seen([[here], [out]], out)],
    ['it was unmounted and mounted again', 'remounted', seen([[out], [here]])],
    ['the same without a serial', 'remounted', seen([[namelessOut], [nameless]], nameless, nameless)],
    ['it left and came back', 'seen-to-leave', seen([[here], none, [out], [here]])],
    [
      'it left and came back under another name',
      'seen-to-leave',
      seen([none, [foundDrive({ device: '/dev/sdc1' })]], foundDrive({ device: '/dev/sdc1' })),
    ],
  ])('%s: %s', async (_, level, found) => expect(await found).toBe(level))

  it('of a writing that this session does not know: not shown', () => {
    const watch = new DriveWatch(async () => [], 1_000_000)
    expect([watch.level('other', here), watch.level(null, here)]).toEqual(['not-shown', 'not-shown'])
  })

  it('looks by itself, and not after its end', async () => {
    let looks = 0
    const watch = new DriveWatch(async () => {
      looks += 1
      return [here]
    }, 5)
    watch.follow('run', here)
    while (looks < 3) await new Promise((resolve) => setTimeout(resolve, 5))
    watch.end()
    const then = looks
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(looks - then).toBeLessThanOrEqual(1)
    watch.follow('again', here)
    expect(watch.level('again', here)).toBe('not-shown')
  })

  it('keeps the 64 media that were written last', async () => {
    let drives: readonly FoundDrive[] = []
    const watch = new DriveWatch(async () => drives, 1_000_000)
    for (let i = 0; i < 65; i++) watch.follow(`run ${i}`, here)
    await watch.look()
    drives = [here]
    await watch.look()
    expect([watch.level('run 0', here), watch.level('run 1', here)]).toEqual(['not-shown', 'seen-to-leave'])
    watch.end()
  })
})
