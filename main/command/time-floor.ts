import { timeForm } from '../../shared/schema.ts'
import { UsageError } from './arguments.ts'
import { deskOption, officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines } from './officer.ts'

export const timeFloor: Command = {
  about:
    'Set the time that a desk takes for proven, or “none”: two security officers, each with their own key.',
  positional: ['TIME|none'],
  options: { ...deskOption, ...officerKeyOptions },
  async run(host, args) {
    const text = args.at(0)
    if (text !== 'none' && !timeForm.test(text))
      throw new UsageError(`A time such as 2026-11-22T09:14:00Z, or none; found “${text}”.`)
    await host.open(args, 'write')
    const at = text === 'none' ? null : text
    const done = await host.call('time.floor', { at, ...(await officerFrom(host, args, args.get('key'))) })
    const said = at === null ? 'No time is taken for proven any more.' : `It is taken for at least ${at}.`
    return { value: { ...done }, lines: pendingLines(said, done.pending) }
  },
}
