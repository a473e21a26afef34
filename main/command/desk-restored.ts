import { deskOption, officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines } from './officer.ts'

export const deskRestored: Command = {
  about: 'Record that a desk was put back, as from a backup: two security officers, each with their own key.',
  positional: [],
  options: { ...deskOption, ...officerKeyOptions },
  async run(host, args) {
    await host.open(args, 'write')
    const done = await host.call('desk.restored', await officerFrom(host, args, args.get('key')))
    const { kept, found } = done
    const said =
      'It is recorded that this desk was put back. Each stream is lost until its recovery is recorded.'
    return {
      value: { ...done },
      lines: [
        ...pendingLines(said, done.pending),
        `  Known of it: ${kept.size} events, root ${kept.root}`,
        `  Found:       ${found.size} events, root ${found.root}`,
      ],
    }
  },
}
