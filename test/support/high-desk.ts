import { expect } from 'vitest'
import type { CheckId } from '../../shared/text/checks.ts'
import { sallyport, type Ended, type Said } from './command-line.ts'
import { decideBoth, signing, type Crossing } from './desks.ts'
import { expectRefused } from './refusal.ts'

/** What reading a path came to. */
export interface Verified {
  readonly code: number
  readonly said: Said
}

/** Reading and deciding at the high desk of whichever crossing is in use. */
export function highDesk(of: () => Crossing) {
  const verify = async (path: string): Promise<Verified> => {
    const ended = await sallyport(['verify', path, '--desk', of().high], of().clock)
    return { code: ended.code, said: ended.json }
  }
  return {
    verify,
    /** Reads, expects a pass, and two people accept; gives the consignment. */
    accepted: async (path: string): Promise<string> => {
      const { code, said } = await verify(path)
      expect({ code, failed: said.checks.filter((one) => one.result === 'fail') }).toEqual({
        code: 0,
        failed: [],
      })
      await decideBoth(of(), said.id, 'accept')
      return said.id
    },
    /** Half a decision, whatever comes of it. */
    half: (id: string, outcome: string, person: 'dave' | 'erin', more: string[] = []): Promise<Ended> =>
      sallyport(
        ['decide', id, '--desk', of().high, `--${outcome}`, ...more, ...signing(of(), person)],
        of().clock,
      ),
    /** Refused or held by a rule, exit code 4. */
    refused: (path: string, id: CheckId): Promise<Said> => expectRefused(of(), path, 4, id),
  }
}

export const foundOf = (said: Said, id: CheckId): string =>
  said.checks.find((one) => one.id === id && one.result !== 'pass')?.found ?? ''
