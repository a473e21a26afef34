import { UsageError } from './arguments.ts'
import { deskOption, signerOptions, type Command } from './command.ts'
import { actedLines } from './media-lines.ts'
import { signerFrom } from './signer.ts'

export const mediaSign: Command = {
  about: 'Sign, as the second person, an act on the register that waits.',
  positional: ['NUMBER'],
  options: { ...deskOption, ...signerOptions },
  async run(host, args) {
    if (!/^[1-9][0-9]{0,9}$/.test(args.at(0)))
      throw new UsageError(`“${args.at(0)}” is not a number that “media show” lists.`)
    const number = Number(args.at(0))
    await host.open(args, 'write')
    const done = await host.call('media.sign', { number, ...(await signerFrom(host, args)) })
    return { value: { ...done }, lines: actedLines('It stands now.', done) }
  },
}
