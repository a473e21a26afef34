import type { ReactNode } from 'react'
import type { CheckResult } from '../../shared/verdict.ts'
import { resultWords } from '../text/words.ts'

/** A state as sign and word; its colour is never the only carrier. */
export function Badge({ result, text }: { readonly result: CheckResult; readonly text?: string }): ReactNode {
  const { sign, word } = resultWords[result]
  return (
    <span className={`badge ${result}`}>
      <span aria-hidden="true">{sign}</span>
      {text ?? word}
    </span>
  )
}

/** A state that is no judgement: waiting, working. */
export function PlainBadge({ text }: { readonly text: string }): ReactNode {
  return <span className="badge">{text}</span>
}
