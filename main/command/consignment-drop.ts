import { deskOption, type Command } from './command.ts'

export const consignmentDrop: Command = {
  about: 'Give a consignment up; a released one is voided.',
  positional: ['ID'],
  options: { ...deskOption, reason: { value: 'TEXT', required: true } },
  async run(host, args) {
    await host.open(args, 'write')
    const done = await host.call('consignment.drop', { id: args.at(0), reason: args.need('reason') })
    const next = 'If it was released, its number is void now, and every later bundle of its stream says so.'
    return { value: done, lines: [`Consignment ${done.id} was dropped.`, next] }
  },
}
