import { useEffect, useState } from 'react'
import type { CallOutput } from '../../shared/contract.ts'
import type { FailureView } from '../../shared/failure.ts'
import type { MediumView } from '../../shared/media.ts'
import { call, type Result } from '../bridge.ts'
import { useMirror } from './mirror.ts'

interface Asked<Value> {
  readonly value: Value | null
  readonly failure: FailureView | null
}

// What was there stays until main has answered anew.
function useAsked<Value>(
  ask: () => Promise<{ ok: true; value: Value } | { ok: false; failure: FailureView }>,
  key: string,
): Asked<Value> {
  const turn = useMirror((mirror) => mirror.turn)
  const [asked, setAsked] = useState<Asked<Value>>({ value: null, failure: null })
  useEffect(() => {
    let latest = true
    void ask().then((answer) => {
      if (latest)
        setAsked(
          answer.ok ? { value: answer.value, failure: null } : { value: null, failure: answer.failure },
        )
    })
    return () => {
      latest = false
    }
  }, [turn, key])
  return asked
}

/** The register, asked again whenever the desk changes. */
export const useRegister = (): Asked<CallOutput<'media.list'>> =>
  useAsked((): Promise<Result<'media.list'>> => call('media.list', {}), 'list')

/** One medium with its history. */
export const useMedium = (label: string): Asked<MediumView> =>
  useAsked((): Promise<Result<'media.show'>> => call('media.show', { label }), label)

/** The numbers of a month; of the newest where none is named. */
export const useStatistics = (month: string | null): Asked<CallOutput<'statistics.show'>> =>
  useAsked(
    (): Promise<Result<'statistics.show'>> => call('statistics.show', month === null ? {} : { month }),
    month ?? '',
  )
