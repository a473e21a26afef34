import { size } from '../../shared/units.ts'
import { capacityWords } from '../../shared/text/media.ts'
import { deskOption, type Command } from './command.ts'
import { ejectLines } from './drive-lines.ts'
import { absolute } from './paths.ts'

export const mediaTest: Command = {
  about: 'Test the whole capacity of an empty medium; with --fill only write, and read when it was out.',
  positional: ['LABEL'],
  options: { ...deskOption, at: { value: 'PATH', required: true }, fill: { value: null } },
  async run(host, args) {
    await host.open(args, 'write')
    const at = host.session.place('medium', absolute(args.need('at')))
    const done = await host.work('capacity.start', { label: args.at(0), at, fill: args.has('fill') })
    const { label, filled, capacity, device } = done
    if (capacity === null) {
      const lines = [
        `${label} was filled with ${size(filled ?? 0)}.`,
        ...ejectLines(device),
        'Take it out, put it back in, and test it again: then it is read.',
      ]
      return { value: { ...done }, lines }
    }
    return {
      value: { ...done },
      lines: [`The capacity of ${label}: ${capacityWords(capacity)}.`],
      exit: capacity.passed ? 0 : 3,
    }
  },
}
