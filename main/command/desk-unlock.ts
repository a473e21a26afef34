import { deskOption, type Command } from './command.ts'
import { absolute } from './paths.ts'

export const deskUnlock: Command = {
  about:
    'Lift the lock of a holder that is gone on another computer, or that nobody can ask; it goes on the record.',
  positional: [],
  options: { ...deskOption, reason: { value: 'TEXT', required: true } },
  async run(host, args) {
    const place = host.session.place('desk', absolute(args.need('desk')))
    const done = await host.call('desk.unlock', { place, reason: args.need('reason') })
    return { value: done, lines: ['The desk is free.', ...done.recovered] }
  },
}
