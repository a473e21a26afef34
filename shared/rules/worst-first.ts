import type { Check } from '../verdict.ts'

/** Results, worst first. */
export const worst: readonly Check['result'][] = ['fail', 'not-checked', 'overridden', 'warn', 'pass']

/** The checks, worst first, otherwise in the order in which they were made. */
export function worstFirst(checks: readonly Check[]): readonly Check[] {
  return worst.flatMap((result) => checks.filter((check) => check.result === result))
}
