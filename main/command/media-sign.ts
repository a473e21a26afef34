import { deskOption, signerOptions, type Command } from './command.ts'
import { actedLines } from './media-lines.ts'
import { numberOf } from './refused-show.ts'
import { signerFrom } from './signer.ts'

export const mediaSign: Command = {
  about: 'Sign, as the second person, an act on the register that waits.',
  positional: ['NUMBER'],
  options: { ...deskOption, ...signerOptions },
  async run(host, args) {
    const number = numberOf(args.at(0))
    await host.open(args, 'write')
    const done = await host.call('media.sign', { number, ...(await signerFrom(host, args)) })
    return { value: { ...done }, lines: actedLines('It stands now.', done) }
  },
}
