import { deskOption, signerOptions, type Command } from './command.ts'
import { signerFrom } from './signer.ts'

export const deskSeal: Command = {
  about: 'Seal a desk: each of two security officers runs this with their own key.',
  positional: [],
  options: { ...deskOption, ...signerOptions },
  async run(host, args) {
    await host.open(args, 'write')
    const done = await host.call('desk.seal', await signerFrom(host, args))
    const lines = done.sealed
      ? [
          'The desk is sealed. From now on two security officers make every change.',
          `Seal: ${done.seal}`,
          `  ${done.words.join(' ')}`,
          'Write it on paper: the other side types it when it pairs with this desk, and every report carries it.',
        ]
      : [`${args.need('person')} has signed. A second security officer must run the same with their own key.`]
    return { value: { ...done }, lines }
  },
}
