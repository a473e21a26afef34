import { deskOption, officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines } from './officer.ts'
import { absolute } from './paths.ts'

export const peerAdd: Command = {
  about: 'Pair with another desk: its card from a file, its id and seal typed from paper.',
  positional: ['CARD'],
  options: {
    ...deskOption,
    id: { value: 'HEX', required: true },
    seal: { value: 'HEX' },
    ...officerKeyOptions,
  },
  async run(host, args) {
    await host.open(args, 'write')
    const seal = args.get('seal')
    const done = await host.call('peer.add', {
      card: host.session.place('card', absolute(args.at(0))),
      id: args.need('id'),
      ...(seal === undefined ? {} : { seal }),
      ...(await officerFrom(host, args, args.get('key'))),
    })
    return {
      value: { ...done },
      lines: pendingLines(`The ${done.side} desk ${done.name} is paired.`, done.pending),
    }
  },
}
