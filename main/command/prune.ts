import { size } from '../../shared/units.ts'
import { deskOption, type Command } from './command.ts'

export const prune: Command = {
  about: 'Let go of what is rejected, recorded and no longer pinned.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const done = await host.call('prune.run', {})
    return {
      value: { ...done },
      lines: [
        `${done.blobs} blobs (${size(done.bytes)}) of ${done.consignments.length} consignments were removed.`,
      ],
    }
  },
}
