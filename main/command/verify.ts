import { exitCodes } from '../../shared/verdict.ts'
import { deskOption, type Command } from './command.ts'
import { drivenLines } from './drive-lines.ts'
import { absolute } from './paths.ts'
import { verdictLines } from './text.ts'

export const verify: Command = {
  about: 'Read a medium or a bundle tar into quarantine and make its verdict.',
  positional: ['PATH'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const medium = host.session.place('medium', absolute(args.at(0)))
    const done = await host.work('verify.start', { medium })
    const lines = [
      ...(done.id === undefined ? [] : [`Consignment: ${done.id}`]),
      ...verdictLines(done),
      ...drivenLines(done),
    ]
    return { value: { ...done }, lines, exit: exitCodes[done.outcome] }
  },
}
