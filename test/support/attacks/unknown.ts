import type { ReasonCode } from '../../../shared/reason.ts'
import type { BundlePlan } from '../authority/bundle.ts'
import { assessed } from './evidence.ts'
import type { Attack } from './attack.ts'

const evidence = (
  name: string,
  code: ReasonCode,
  plan: BundlePlan,
  roots: 'known' | 'none' = 'known',
): Attack => ({
  name,
  code,
  given: null,
  refusal: async () => {
    const [one] = await assessed(
      [{ content: 'envelope', ...plan }],
      ...(roots === 'none' ? [{ roots: [], keys: [] }] : []),
    )
    const reason = one?.view.reason
    if (reason === null || reason === undefined) return null
    const found = reason.code as ReasonCode
    // What this desk merely does not know must never be told as proven, nor as false.
    if (one?.view.result !== 'unknown') throw new Error(`${found} is told as ${one?.view.result}`)
    return { code: found, expected: reason.expected, found: reason.found }
  },
})

/** Evidence by people whom the desk does not know: neither proven nor false. */
export const unknownAttacks: readonly Attack[] = [
  evidence('a key that the desk does not know', 'key.unknown', { signer: 'key' }),
  evidence('a certificate, on a desk without roots', 'log.unknown', {}, 'none'),
  evidence('a bundle without a log, on a desk without roots', 'log.none', { logs: [] }, 'none'),
]
