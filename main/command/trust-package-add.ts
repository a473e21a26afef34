import { officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines } from './officer.ts'
import { askFrom, askOptions } from './package-ask.ts'

export const packageAdd: Command = {
  about: 'Install the trusted root of a package, at a time that the officers or a timestamp attest.',
  positional: ['FILE'],
  options: { ...askOptions, ...officerKeyOptions },
  async run(host, args) {
    await host.open(args, 'write')
    const ask = askFrom(host, args)
    const done = await host.call('package.add', {
      ...ask,
      ...(await officerFrom(host, args, args.get('key'))),
    })
    const said = `The trusted root ${done.name} is installed: ${done.authorities.length} keys and certificates.`
    return { value: { ...done }, lines: pendingLines(said, done.pending) }
  },
}
