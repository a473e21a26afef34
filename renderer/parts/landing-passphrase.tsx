import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import type { LandingShown } from '../state/landing.ts'
import { inOneLine } from './failure.tsx'
import { Field } from './field.tsx'

/** The passphrase of the landing key for one act, where the key has one. It is cleared when it is used. */
export interface LandingPassphrase {
  readonly needed: boolean
  readonly ready: boolean
  readonly text: string
  readonly type: (text: string) => void
  readonly fault: FailureView | null
  /** Gives what a call takes, and forgets it. */
  readonly take: () => { readonly passphrase?: string }
  /** Says a refusal: at the field where it is about the passphrase, at the top of the page otherwise. */
  readonly tell: (failure: FailureView) => void
}

/** @param used whether the act uses the landing key at all */
export function useLandingPassphrase(
  landing: LandingShown | null,
  fail: (failure: FailureView | null) => void,
  used = true,
): LandingPassphrase {
  const [text, setText] = useState('')
  const [fault, setFault] = useState<FailureView | null>(null)
  const needed = used && landing?.key?.locked === true
  const type = (typed: string): void => {
    setText(typed)
    setFault(null)
  }
  const take = (): { readonly passphrase?: string } => {
    setText('')
    setFault(null)
    return needed ? { passphrase: text } : {}
  }
  const tell = (failure: FailureView): void => {
    if (needed && failure.code === 'landing-locked') setFault(failure)
    else fail(failure)
  }
  return { needed, ready: !needed || text !== '', text, type, fault, take, tell }
}

/** Its field; nothing where the key has none. */
export function LandingPassphraseField(props: {
  readonly given: LandingPassphrase
  /** The page's primary act, which Enter does as well; `null` while it is closed. */
  readonly enter?: (() => void) | null
}): ReactNode {
  const { given, enter = null } = props
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (given.fault !== null) input.current?.focus()
  }, [given.fault])
  if (!given.needed) return null
  return (
    <Field
      label="Passphrase of the landing key"
      value={given.text}
      onChange={given.type}
      secret
      focus={input}
      onEnter={given.ready ? enter : null}
      error={given.fault === null ? '' : inOneLine(given.fault)}
    />
  )
}
