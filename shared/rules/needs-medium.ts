import type { Verdict } from '../verdict.ts'

/** Whether it can only be judged anew with the medium: not everything on it was read. */
export function needsMedium(verdict: Pick<Verdict, 'checks'> | null): boolean {
  return verdict?.checks.some((check) => check.reason === 'stopped-before') === true
}
