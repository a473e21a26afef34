import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { done, sallyport, type Ended, type Said } from './command-line.ts'
import { decideBoth, release, signing, writeFiles, writeRequest, writeTo, type Crossing } from './desks.ts'
import type { Officers } from './officers.ts'

/** What two desks do to a stream, through the command line, of whichever crossing is in use. */
export function streamsOf(of: () => Crossing) {
  const low = (...words: string[]): Promise<Ended> => sallyport([...words, '--desk', of().low], of().clock)
  const collect = async (name: string, extra: Record<string, string> = {}): Promise<string> => {
    const items = await writeFiles(of(), { [`${name}.txt`]: `content of ${name}\n` })
    const request = await writeRequest(of(), items, extra)
    return (await done(['collect', request, '--desk', of().low], of().clock)).id
  }
  const approve = (id: string, role: 'prepare' | 'release'): Promise<Ended> =>
    low('approve', id, '--role', role, ...signing(of(), role === 'prepare' ? 'bob' : 'carol'))
  return {
    low,
    collect,
    approve,
    /** Collected and signed by two. */
    released: async (name: string, extra: Record<string, string> = {}): Promise<string> => {
      const items = await writeFiles(of(), { [`${name}.txt`]: `content of ${name}\n` })
      return release(of(), await writeRequest(of(), items, extra))
    },
    /** Makes the waybill again and has it signed by two. */
    again: async (id: string): Promise<void> => {
      await done(['collect', id, '--desk', of().low], of().clock)
      for (const role of ['prepare', 'release'] as const) {
        const ended = await approve(id, role)
        if (ended.code !== 0) throw new Error(ended.stdout)
      }
    },
    written: (id: string, name: string): Promise<string> => writeTo(of(), id, name),
    drop: (id: string): Promise<Said> =>
      done(['consignment', 'drop', id, '--desk', of().low, '--reason', 'The medium was lost'], of().clock),
    /** The failure's code of a command of the low desk that must fail. */
    codeOf: async (...words: string[]): Promise<string> => {
      const ended = await low(...words)
      expect(ended.code).toBe(1)
      return ended.json.failure.code
    },
    verify: (path: string): Promise<Ended> => sallyport(['verify', path, '--desk', of().high], of().clock),
    /** The first row of the order that does not pass; `passes` where all do. */
    row: async (path: string): Promise<string> => {
      const ended = await sallyport(['verify', path, '--desk', of().high], of().clock)
      const failed = ended.json.checks.filter((one) => one.result === 'fail')
      const order = failed.find((one) => one.id.startsWith('order.'))
      if (order !== undefined) return `${order.id} ${order.reason}`
      return failed.length === 0 ? 'passes' : (failed[0]?.id ?? '')
    },
    accept: async (path: string): Promise<string> => {
      const ended = await sallyport(['verify', path, '--desk', of().high], of().clock)
      const failed = ended.json.checks.filter((one) => one.result === 'fail')
      expect({ code: ended.code, failed }).toEqual({ code: 0, failed: [] })
      await decideBoth(of(), ended.json.id, 'accept')
      return ended.json.id
    },
  }
}

/** Two officers run the same command, one after the other; gives the second answer. */
export async function bothRun(officers: Officers, ...words: string[]): Promise<Said> {
  for (const place of [0, 1]) {
    const ended = await officers.at(...words, ...officers.signs(place))
    if (ended.code !== 0) throw new Error(ended.stdout)
    if (place === 1) return ended.json
    expect(ended.json['pending']).not.toBeNull()
  }
  throw new Error('not reached')
}

/** Writes over some bytes in the middle of a bundle, as a bad stick does. */
export async function damage(folder: string): Promise<void> {
  const file = await open(join(folder, 'bundle.tar'), 'r+')
  const { size } = await file.stat()
  await file.write(Buffer.alloc(64, 0x5a), 0, 64, Math.floor(size / 2))
  await file.close()
}
