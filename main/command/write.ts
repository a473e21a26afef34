import { size } from '../../shared/units.ts'
import { UsageError } from './arguments.ts'
import { deskOption, type Command } from './command.ts'
import { ejectLines } from './drive-lines.ts'
import { absolute } from './paths.ts'

export const write: Command = {
  about: 'Write a released consignment to a medium.',
  positional: ['ID'],
  options: { ...deskOption, to: { value: 'FOLDER', required: true }, 'part-size': { value: 'BYTES' } },
  async run(host, args) {
    const text = args.get('part-size')
    if (text !== undefined && !/^[1-9][0-9]{0,15}$/.test(text))
      throw new UsageError('--part-size is a number of bytes.')
    await host.open(args, 'write')
    const to = host.session.place('medium', absolute(args.need('to')))
    const input = { id: args.at(0), to, ...(text === undefined ? {} : { partSize: Number(text) }) }
    const done = await host.work('write.start', input)
    const lines = [
      `Written to ${done.folder}, copy ${done.medium.copy}.`,
      ...done.parts.map((part) => `  ${part.name}  ${size(part.size)}  ${part.sha256}`),
      ...ejectLines(done.device),
      'Take the medium out, put it back in, and read it back.',
    ]
    return { value: { ...done, folder: `${args.need('to').replace(/\/+$/, '')}/${done.folder}` }, lines }
  },
}
