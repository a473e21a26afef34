import type { ChangeView } from '../../shared/changes.ts'
import { visible } from '../../shared/names.ts'
import { UsageError, type Arguments } from './arguments.ts'

const words = { pending: 'waits', stale: 'stale', 'in-force': 'in force', withdrawn: 'withdrawn' } as const

/** The number of a change, as the first argument. @throws UsageError */
export function numberFrom(args: Arguments): number {
  const text = args.at(0)
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new UsageError(`The number of a change; found “${text}”.`)
  return Number(text)
}

/** A change, for people. */
export function changeLines(one: ChangeView): string[] {
  const { number, state, sentence, details, proposed, signed, withdrawn, version, before, digest } = one
  return [
    `Change ${number} (${words[state]}): ${visible(sentence)}`,
    ...details.map((one) => `  ${visible(one)}`),
    `  Proposed by ${proposed.name}, ${proposed.at}`,
    ...(signed === null ? [] : [`  Signed by ${signed.name}, ${signed.at}`]),
    ...(withdrawn === null ? [] : [`  Withdrawn by ${withdrawn.name}, ${withdrawn.at}`]),
    `  Version ${version}, from state ${before}`,
    `  Digest ${digest}`,
  ]
}
