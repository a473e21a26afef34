import type { ReactNode } from 'react'
import type { Tried } from '../state/trial.ts'
import { triedWords } from '../text/tried.ts'
import { VerdictFacts } from './verdict-facts.tsx'

/** What a bundle or a waybill comes to by a policy that is not in force. */
export function TriedOn({ tried }: { readonly tried: Tried }): ReactNode {
  const { heading, means, why } = triedWords(tried)
  return (
    <section className="card" aria-labelledby="tried">
      <h2 id="tried">{heading}</h2>
      <p className="soft">{means}</p>
      <VerdictFacts verdict={tried.verdict} why={why} />
    </section>
  )
}
