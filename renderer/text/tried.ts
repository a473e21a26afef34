import type { Tried } from '../state/trial.ts'
import { count } from './format.ts'
import { headingOf } from './verdict.ts'

// Nothing was proven of a waybill that was only read: its answer is about the policy, not about content.
function waybillAnswer({ verdict: { outcome, counts } }: Tried): string {
  if (outcome === 'passed') return 'nothing in it is against this policy'
  const parts = [
    ...(counts.fail > 0 ? [`${count(counts.fail, 'rule')} would refuse it`] : []),
    ...(counts.notChecked > 0 ? [`${count(counts.notChecked, 'rule')} could not be asked`] : []),
  ]
  return parts.join(', ')
}

interface TriedWords {
  readonly heading: string
  readonly means: string
  /** Why checks were not reached. */
  readonly why: string
}

/** What a trial came to, and what was not asked by it. */
export function triedWords(tried: Tried): TriedWords {
  const { kind, label, verdict } = tried
  return kind === 'bundle'
    ? {
        heading: `${label}, tried: ${headingOf(verdict)}`,
        means: 'Nothing was decided or kept.',
        why: 'reading stopped',
      }
    : {
        heading: `${label}, tried: ${waybillAnswer(tried)}`,
        means:
          'Only the waybill was read: who signed it and what speaks for its items was not asked. Nothing was decided or kept.',
        why: 'a waybill alone does not say',
      }
}
