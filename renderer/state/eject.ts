import { useState } from 'react'
import type { Drive } from '../../shared/drives.ts'
import type { FailureView } from '../../shared/failure.ts'
import { driveTitle } from '../../shared/text/drives.ts'
import { call } from '../bridge.ts'

interface Ejecting {
  /** What is under way or done, to be shown and spoken. */
  readonly said: string
  readonly failure: FailureView | null
  readonly clear: () => void
  readonly eject: (drive: Drive) => Promise<void>
}

/** Lets go of drives, one after the other. @param after what is asked anew then */
export function useEject(after: () => Promise<void>): Ejecting {
  const [said, setSaid] = useState('')
  const [failure, setFailure] = useState<FailureView | null>(null)
  const eject = async (drive: Drive): Promise<void> => {
    setFailure(null)
    setSaid(`${driveTitle(drive)} is being let go. Leave it in.`)
    const answer = await call('drive.eject', { device: drive.device })
    setSaid(answer.ok ? `${driveTitle(drive)} can be taken out now.` : '')
    if (!answer.ok) setFailure(answer.failure)
    await after()
  }
  const clear = (): void => {
    setSaid('')
    setFailure(null)
  }
  return { said, failure, clear, eject }
}
