import { way } from './access.ts'
import { deskOption, wayOptions, type Command } from './command.ts'
import { absolute } from './paths.ts'

export const packageMake: Command = {
  about: 'Collect a trust package: what proves the trusted root of a TUF repository.',
  positional: ['FILE'],
  options: {
    ...deskOption,
    from: { value: 'URL|FOLDER', required: true },
    root: { value: 'ROOT.json', required: true },
    ...wayOptions,
  },
  async run(host, args) {
    await host.open(args, 'read')
    const from = args.need('from')
    const made = await host.work('package.make', {
      from: /^https?:\/\//.test(from)
        ? { url: from }
        : { folder: host.session.place('folder', absolute(from)) },
      root: host.session.place('trusted-root', absolute(args.need('root'))),
      to: host.session.place('package', absolute(args.at(0))),
      ...way(host, args),
    })
    const lines = [
      `The trust package is in ${args.at(0)} (${made.digest}), verified at ${made.at}.`,
      'The other side types the fingerprint of the first root. Take it there on paper:',
      `  ${made.anchor}`,
    ]
    return { value: { ...made, file: args.at(0) }, lines }
  },
}
