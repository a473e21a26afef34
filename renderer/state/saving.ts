import { useState } from 'react'
import type { Choice } from '../../shared/calls/place.ts'
import type { FailureView } from '../../shared/failure.ts'
import type { Result } from '../bridge.ts'
import { choose } from './place.ts'

/** A file that a page has saved. */
export interface Saved {
  readonly file: string
  readonly sha256: string
}

/** Saving of what a page shows, to places that somebody chooses. */
export interface Saving {
  readonly busy: boolean
  /** What was saved so far, the last one last; a file that was saved again stands once. */
  readonly saved: readonly Saved[]
  readonly save: (
    choice: Choice,
    write: (place: string) => Promise<Result<'report.save' | 'sheet.save' | 'statistics.save'>>,
  ) => void
}

/** @param fail is told a failure, and `null` when it is tried anew */
export function useSaving(fail: (failure: FailureView | null) => void): Saving {
  const [busy, setBusy] = useState(false)
  const [saved, setSaved] = useState<readonly Saved[]>([])
  const run = async (...[choice, write]: Parameters<Saving['save']>): Promise<void> => {
    const chosen = await choose(choice, fail)
    if (chosen === null) return
    setBusy(true)
    const answer = await write(chosen.place)
    setBusy(false)
    if (!answer.ok) {
      fail(answer.failure)
      return
    }
    const { file, sha256 } = answer.value
    setSaved((before) => [...before.filter((other) => other.file !== file), { file, sha256 }])
  }
  return { busy, saved, save: (choice, write) => void run(choice, write) }
}
