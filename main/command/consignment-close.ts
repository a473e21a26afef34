import { deskOption, type Command } from './command.ts'

export const consignmentClose: Command = {
  about: 'End the work on a consignment; its content may then be pruned.',
  positional: ['ID'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const done = await host.call('consignment.close', { id: args.at(0) })
    return { value: done, lines: [`Consignment ${done.id} is closed.`] }
  },
}
