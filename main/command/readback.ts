import { exitCodes } from '../../shared/verdict.ts'
import { deskOption, type Command } from './command.ts'
import { drivenLines } from './drive-lines.ts'
import { absolute } from './paths.ts'
import { verdictLines } from './text.ts'

export const readback: Command = {
  about: 'Read a medium back at the desk that wrote it.',
  positional: ['PATH'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const medium = host.session.place('medium', absolute(args.at(0)))
    const done = await host.work('readback.start', { medium })
    return {
      value: { ...done },
      lines: [...verdictLines(done), ...drivenLines(done)],
      exit: exitCodes[done.outcome],
    }
  },
}
