import { UsageError } from './arguments.ts'
import { deskOption, officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines } from './officer.ts'
import { absolute } from './paths.ts'

export const trustRootAdd: Command = {
  about: 'Install a file of trusted roots, by the fingerprint of the file typed from paper.',
  positional: ['FILE?'],
  options: {
    ...deskOption,
    'public-good': { value: null },
    name: { value: 'NAME', required: true },
    fingerprint: { value: 'HEX', required: true },
    ...officerKeyOptions,
  },
  async run(host, args) {
    const builtIn = args.has('public-good')
    if (builtIn === (args.at(0) !== '')) throw new UsageError('Either FILE or --public-good.')
    await host.open(args, 'write')
    const done = await host.call('root.add', {
      place: builtIn ? null : host.session.place('trusted-root', absolute(args.at(0))),
      name: args.need('name'),
      fingerprint: args.need('fingerprint'),
      ...(await officerFrom(host, args, args.get('key'))),
    })
    const said = `The trusted root ${done.name} is installed: ${done.authorities.length} keys and certificates.`
    return { value: { ...done }, lines: pendingLines(said, done.pending) }
  },
}
