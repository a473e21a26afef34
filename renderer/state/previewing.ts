import { useEffect, useRef, useState } from 'react'
import type { CallInput } from '../../shared/contract.ts'
import type { FailureView } from '../../shared/failure.ts'
import type { Previewed } from '../../shared/preview.ts'
import { call } from '../bridge.ts'
import { previewText, type RequestForm } from '../text/request-form.ts'
import type { FormItem } from '../text/request-item.ts'

/** What is known ahead of one thing that is asked for: `null` while it is asked about. */
export type Ahead = Previewed | null | undefined

export interface Previewing {
  /** Whether sources are asked while somebody writes. */
  readonly on: boolean
  readonly failure: FailureView | null
  /** What was found for an item as it stands; `undefined` where nobody asked. */
  readonly ahead: (item: FormItem) => Ahead
  readonly start: () => void
  /** Ends what is under way: other work can begin once it resolves. */
  readonly stop: () => Promise<void>
}

/** How long nobody must have typed before sources are asked, in milliseconds: half a name is nobody’s business. */
const rest = 1000

type Access = Pick<CallInput<'preview.start'>, 'auth' | 'ca' | 'clients' | 'certs' | 'proxy'>

const keyOf = (item: FormItem): string => JSON.stringify(item)

type Found =
  { readonly items: readonly Previewed[] } | { readonly items: null; readonly failure: FailureView }

/** Has main look ahead. @param begun gets the id of the job, by which it can be ended */
async function looked(asked: CallInput<'preview.start'>, begun: (id: string) => void): Promise<Found> {
  const started = await call('preview.start', asked)
  if (!started.ok) return { items: null, failure: started.failure }
  begun(started.value.job)
  const ended = await call('job.wait', { job: started.value.job })
  if (!ended.ok) return { items: null, failure: ended.failure }
  const { value } = ended
  if (value.kind === 'preview' && value.result !== undefined) return value.result
  return value.failure === undefined ? { items: [] } : { items: null, failure: value.failure }
}

/**
 * Looks ahead while a request is written: each thing that changed is asked about by itself, once it stands still.
 *
 * @param form `null` while there is none, or its items are wrong
 */
export function usePreviewing(
  form: RequestForm | null,
  text: string,
  folder: string | null,
  access: Access,
): Previewing {
  const [on, setOn] = useState(false)
  const [known, setKnown] = useState<ReadonlyMap<string, Previewed>>(new Map())
  const [asking, setAsking] = useState<ReadonlySet<string>>(new Set())
  const [failure, setFailure] = useState<FailureView | null>(null)
  const job = useRef<string | null>(null)
  const keys = form?.items.map(keyOf) ?? []
  const missing = keys.flatMap((key, at) => (known.has(key) ? [] : [at]))
  const open = on && asking.size === 0 && failure === null && missing.length > 0
  const about = `${missing.join()} ${keys.join()} ${folder ?? ''}`

  const ask = async (): Promise<void> => {
    setAsking(new Set(missing.map((at) => keys[at] ?? '')))
    const request = { text: previewText(text), folder }
    const found = await looked({ request, only: missing, ...access }, (id) => (job.current = id))
    if (found.items !== null) {
      const more = found.items.map((one) => [keys[one.index] ?? '', one] as const)
      setKnown((before) => new Map([...before, ...more]))
    } else if (found.failure.code !== 'cancelled') setFailure(found.failure)
    job.current = null
    setAsking(new Set())
  }
  // Who changes something has it asked again, also after a failure.
  useEffect(() => setFailure(null), [text, folder])
  useEffect(() => {
    if (!open) return
    const timer = setTimeout(() => void ask(), rest)
    return () => clearTimeout(timer)
    // `about` names all that is asked about.
  }, [open, about])
  const stop = async (): Promise<void> => {
    setOn(false)
    const running = job.current
    if (running === null) return
    await call('job.cancel', { job: running })
    await call('job.wait', { job: running })
  }
  useEffect(
    () => () => {
      if (job.current !== null) void call('job.cancel', { job: job.current })
    },
    [],
  )
  return {
    on,
    failure,
    ahead: (item) => (asking.has(keyOf(item)) ? null : known.get(keyOf(item))),
    start: () => setOn(true),
    stop,
  }
}
