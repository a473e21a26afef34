import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { openSession, type Session } from '../../main/desk/session.ts'
import type { HeadsPort } from '../../main/ledger/kept-head.ts'
import { inLanes } from '../../main/platform/lanes.ts'
import { openGate } from '../../main/platform/network.ts'
import type { Crossing } from './desks.ts'

/** A copy of a desk's folder, and a session to look at it with. */
export interface DeskCopy {
  readonly folder: string
  readonly session: Session
}

/**
 * Several copies of one desk, on which cases are tried side by side: what is wrong with a ledger is believed only after
 * a second look, and the time between the two is nobody's.
 */
export class DeskCopies {
  private readonly free: DeskCopy[] = []
  private readonly all: DeskCopy[] = []

  static async make(crossing: Crossing, desk: string, heads?: HeadsPort): Promise<DeskCopies> {
    const copies = new DeskCopies()
    for (let n = 1; n <= 8; n++) {
      const folder = join(crossing.folder, `copy-${n}`)
      await cp(desk, folder, { recursive: true })
      const ports = { clock: crossing.clock, network: openGate, ...(heads && { heads }) }
      const one = { folder, session: openSession(ports) }
      copies.free.push(one)
      copies.all.push(one)
    }
    return copies
  }

  /** Tries every case on some copy; what a case leaves in the folder is the next one's to replace. */
  async each<Case, Result>(
    cases: readonly Case[],
    act: (copy: DeskCopy, one: Case) => Promise<Result>,
  ): Promise<Result[]> {
    return inLanes(cases, this.all.length, async (one) => {
      const copy = this.free.pop()
      if (copy === undefined) throw new Error('more cases at a time than copies')
      try {
        return await act(copy, one)
      } finally {
        this.free.push(copy)
      }
    })
  }

  async end(): Promise<void> {
    for (const { session } of this.all) await session.close()
  }
}
