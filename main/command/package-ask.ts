import type { CallInput } from '../../shared/contract.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, type Host } from './command.ts'
import { absolute } from './paths.ts'

/** What a command that verifies a trust package is told. */
export const askOptions = {
  ...deskOption,
  name: { value: 'NAME', required: true },
  fingerprint: { value: 'HEX' },
  at: { value: 'TIME' },
  timestamp: { value: 'FILE.tsr' },
} as const

/** What is asked of a package. @throws UsageError */
export function askFrom(host: Host, args: Arguments): CallInput<'package.check'> {
  const [at, timestamp, fingerprint] = [args.get('at'), args.get('timestamp'), args.get('fingerprint')]
  if ((at === undefined) === (timestamp === undefined)) {
    throw new UsageError('Exactly one of --at TIME (as the officers state it) and --timestamp FILE.')
  }
  return {
    place: host.session.place('package', absolute(args.at(0))),
    name: args.need('name'),
    reference:
      timestamp === undefined
        ? { at: at ?? '' }
        : { timestamp: host.session.place('package', absolute(timestamp)) },
    ...(fingerprint === undefined ? {} : { fingerprint }),
  }
}
