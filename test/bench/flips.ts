import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { locate } from '../../main/bundle/locate.ts'
import { checkRange, type CheckRangeInput } from '../../main/bundle/check-task.ts'
import { groundOf } from '../../main/desk/judging/ground.ts'
import { openDesk } from '../../main/desk/disk/open.ts'
import type { Digest } from '../../shared/digest.ts'
import type { Pool } from '../../main/platform/workers.ts'
import type { Ground } from '../../main/verify/types.ts'
import { verifyMedium } from '../../main/verify/verify.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { honestContent } from '../support/forge.ts'
import { line } from './measure.ts'

/** Flips that were tried and how many of them were refused; `passed` names those that were not. */
export interface Flips {
  readonly tried: number
  readonly refused: number
  readonly passed: readonly string[]
}

// The work of a thread, done here: a bundle of some kilobytes is not worth a message.
const here: Pool = {
  size: 1,
  run: (_name, input) => {
    const { signal } = new AbortController()
    const context = { signal, advance: () => undefined, finished: () => undefined, check: () => undefined }
    return Promise.resolve(checkRange(input as CheckRangeInput, context) as never)
  },
  close: () => Promise.resolve(),
}

async function outcomeOf(
  path: string,
  ground: Ground,
  content: ReadonlyMap<Digest, Buffer>,
): Promise<string> {
  const located = await locate(path)
  const keeper = {
    place: () => Promise.resolve(null),
    keep: () => Promise.resolve(),
    discard: () => Promise.resolve(),
    pieces: () => Promise.reject(new Error('no pieces on one medium')),
    before: () => Promise.resolve(null),
    join: () => Promise.resolve(),
    lend: () => Promise.reject(new Error('nothing is lent')),
    read: (digest: Digest) => Promise.resolve(content.get(digest) ?? Buffer.alloc(0)),
  }
  const { signal } = new AbortController()
  const nothing = (): void => undefined
  const items = { name: nothing, change: nothing, advance: nothing }
  const tools = { pool: here, signal, step: nothing, advance: nothing, items }
  const register = {
    drives: [{ notAsked: 'drive-not-known' }],
    seal: () => ({ notAsked: 'seal-not-recorded' }),
    came: () => ({ media: [], of: 1, seal: null }),
  }
  const reading = await verifyMedium(
    {
      given: [{ located, serial: null }],
      earlier: () => [],
      register,
      ground,
      keeper: () => Promise.resolve(keeper),
    },
    tools,
  )
  return reading.verdict.outcome
}

async function flip(crossing: Crossing, folder: string, count: number): Promise<Flips> {
  const { desk } = await openDesk(crossing.high, 'read', crossing.clock, () => undefined)
  const ground = groundOf(desk)
  const content = await honestContent(folder)
  const paths = readdirSync(folder).map((name) => join(folder, name))
  const bytes = new Map(paths.map((path) => [path, readFileSync(path)]))
  const total = [...bytes.values()].reduce((sum, one) => sum + one.length, 0)
  const tar = join(folder, 'bundle.tar')
  for (const path of [folder, tar]) {
    if ((await outcomeOf(path, ground, content)) !== 'passed')
      throw new Error('the honest bundle does not pass')
  }
  const passed: string[] = []
  for (let i = 0; i < count; i++) {
    // Every other time the tar alone, else any bit of the medium.
    const alone = i % 2 === 0
    let at = randomInt(alone ? (bytes.get(tar)?.length ?? 1) : total)
    let path = alone ? tar : (paths[0] ?? tar)
    if (!alone)
      for (const [name, { length }] of bytes) {
        path = name
        if (at < length) break
        at -= length
      }
    const before = bytes.get(path) ?? Buffer.alloc(0)
    const changed = Buffer.from(before)
    const bit = randomInt(8)
    changed[at] = (changed[at] ?? 0) ^ (1 << bit)
    writeFileSync(path, changed)
    const outcome = await outcomeOf(alone ? tar : folder, ground, content)
    if (outcome === 'passed') passed.push(`${path}, byte ${at}, bit ${bit}`)
    writeFileSync(path, before)
  }
  return { tried: count, refused: count - passed.length, passed }
}

/** Flips single random bits of a small bundle, as a bare tar and as a medium, in this process. All must be refused. */
export async function bitFlips(count: number): Promise<Flips> {
  const crossing = await makeCrossing()
  try {
    const { folder } = await makeBundle(crossing, 'medium', {
      'notes.txt': 'notes\n',
      'more.txt': 'm'.repeat(700),
    })
    const flips = await flip(crossing, folder, count)
    line(
      'bit flips',
      `${flips.tried} tried, ${flips.refused} refused${flips.passed.map((one) => `; PASSED: ${one}`).join('')}`,
    )
    return flips
  } finally {
    await crossing.dispose()
  }
}
