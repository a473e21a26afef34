import { deskOption, type Command } from './command.ts'
import { absolute } from './paths.ts'

export const repair: Command = {
  about: 'Repair a damaged medium to a copy in a folder, by its recovery data.',
  positional: ['PATH'],
  options: { ...deskOption, to: { value: 'FOLDER', required: true } },
  async run(host, args) {
    await host.open(args, 'write')
    const medium = host.session.place('medium', absolute(args.at(0)))
    const to = host.session.place('medium', absolute(args.need('to')))
    const done = await host.work('repair.start', { medium, to })
    const { n, of, copy } = done.medium
    const lines = [
      done.damaged.length === 0
        ? 'Nothing was damaged. A copy was made all the same.'
        : `Repaired: ${done.damaged.join(', ')}.`,
      `Copied to ${done.folder} (medium ${n} of ${of}, copy ${copy}).`,
      ...(done.silent === false
        ? ['? NOT CHECKED: whether the program that repaired it opened a connection.']
        : []),
      'It is still to be verified like any other medium.',
    ]
    return { value: { ...done, folder: `${args.need('to').replace(/\/+$/, '')}/${done.folder}` }, lines }
  },
}
