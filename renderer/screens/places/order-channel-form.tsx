import { useState, type ReactNode } from 'react'
import { isName } from '../../../shared/names.ts'
import type { DeskView } from '../../../shared/views.ts'
import { Field } from '../../parts/field.tsx'
import { useBarred } from '../../state/closed.ts'
import { useMirror } from '../../state/mirror.ts'
import { askedAlready } from '../../text/order.ts'

/** What forms about a channel begin with: which one it is, where it goes, and why it cannot be asked for. */
interface ChannelForm {
  readonly channel: string
  /** What this desk knows of it. */
  readonly known: DeskView['channels'][number] | undefined
  readonly to: string
  readonly setTo: (to: string) => void
  /** Names the channel, where it is not fixed. */
  readonly field: ReactNode
  /** What is still missing of the channel itself. */
  readonly missing: readonly string[]
  /** @param asked whether it was asked for and waits */
  readonly closed: (asked: boolean) => string | null
}

/** @param fixed the channel, or `null` for one that is still to be named */
export function useChannelForm(fixed: string | null): ChannelForm {
  const [typed, setTyped] = useState('')
  const [to, setTo] = useState('')
  const channel = fixed ?? typed.trim()
  const known = useMirror((mirror) => mirror.desk?.channels.find((one) => one.channel === channel))
  const barred = useBarred('stream')
  const field =
    fixed === null ? (
      <Field
        label="Channel"
        value={typed}
        onChange={setTyped}
        error={typed === '' || isName(typed) ? '' : 'Letters, digits and . _ / @ : + - only.'}
        hint="As on the request, for example payments."
      />
    ) : null
  return {
    channel,
    known,
    to,
    setTo,
    field,
    missing: isName(channel) ? [] : ['the channel'],
    closed: (asked) => barred ?? (asked ? askedAlready : null),
  }
}
