import { isDigest } from '../../shared/digest.ts'
import { UsageError } from './arguments.ts'
import { deskOption, officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines } from './officer.ts'

export const causeLift: Command = {
  about: 'Let content pass again that was named as a cause of rejection: two security officers.',
  positional: ['DIGEST'],
  options: { ...deskOption, ...officerKeyOptions },
  async run(host, args) {
    const digest = args.at(0)
    if (!isDigest(digest)) throw new UsageError(`The digest is sha256:<64 hex digits>; found “${digest}”.`)
    await host.open(args, 'write')
    const done = await host.call('cause.lift', {
      digest,
      ...(await officerFrom(host, args, args.get('key'))),
    })
    return { value: { ...done }, lines: pendingLines(`${digest} is no longer a cause.`, done.pending) }
  },
}
