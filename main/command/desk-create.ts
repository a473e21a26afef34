import { UsageError } from './arguments.ts'
import type { Command } from './command.ts'
import { absolute } from './paths.ts'
import { fingerprintLines } from './text.ts'

export const deskCreate: Command = {
  about: 'Make a desk in a new or empty folder.',
  positional: ['FOLDER'],
  options: {
    side: { value: 'low|high', required: true },
    name: { value: 'NAME', required: true },
    marking: { value: 'TEXT' },
  },
  async run(host, args) {
    const side = args.need('side')
    if (side !== 'low' && side !== 'high') throw new UsageError('--side is low or high.')
    const marking = args.get('marking')
    const place = host.session.place('desk', absolute(args.at(0)))
    const made = await host.call('desk.create', {
      place,
      side,
      name: args.need('name'),
      ...(marking === undefined ? {} : { marking }),
    })
    const lines = [
      `The ${side} desk “${made.name}” was made.`,
      `Desk id: ${made.id}`,
      'Station key:',
      ...fingerprintLines(made.station),
    ]
    return { value: made, lines }
  },
}
