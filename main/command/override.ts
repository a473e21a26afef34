import { timeForm } from '../../shared/schema.ts'
import { UsageError } from './arguments.ts'
import { deskOption, signerOptions, type Command } from './command.ts'
import { signerFrom } from './signer.ts'

export const override: Command = {
  about: 'Sign half of an exception from a check, with an end; two different people make one.',
  positional: ['ID'],
  options: {
    ...deskOption,
    check: { value: 'CHECK', required: true },
    subject: { value: 'TEXT' },
    reason: { value: 'TEXT', required: true },
    until: { value: 'TIME', required: true },
    ...signerOptions,
  },
  async run(host, args) {
    const until = args.need('until')
    if (!timeForm.test(until))
      throw new UsageError(`--until is a time such as 2026-12-24T12:00:00Z; found “${until}”.`)
    await host.open(args, 'write')
    const subject = args.get('subject')
    const done = await host.call('override.sign', {
      id: args.at(0),
      check: args.need('check'),
      reason: args.need('reason'),
      until,
      ...(subject === undefined ? {} : { subject }),
      ...(await signerFrom(host, args)),
    })
    const line = done.stands
      ? `The exception from ${done.check} is in force until ${done.until}. The verdict is now: ${done.outcome}.`
      : `${args.need('person')} signed. A second person must sign the same, with the same end.`
    return { value: { ...done }, lines: [line] }
  },
}
