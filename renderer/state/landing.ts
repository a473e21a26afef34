import { useEffect, useState } from 'react'
import type { CallOutput } from '../../shared/contract.ts'
import { call } from '../bridge.ts'
import { useMirror } from './mirror.ts'

/** The landing key in force, who seals by the policy, and the last signed list. */
export type LandingShown = CallOutput<'landing.show'>

/** What main says of the landing, asked for anew whenever something changed; `null` until it has answered. */
export function useLanding(): LandingShown | null {
  const turn = useMirror((mirror) => mirror.turn)
  const [shown, setShown] = useState<LandingShown | null>(null)
  useEffect(() => {
    void call('landing.show', {}).then((answer) => setShown(answer.ok ? answer.value : null))
  }, [turn])
  return shown
}
