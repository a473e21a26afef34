import { type Command } from './command.ts'
import { askFrom, askOptions } from './package-ask.ts'

export const packageCheck: Command = {
  about: 'Verify a trust package at a time; nothing is changed.',
  positional: ['FILE'],
  options: askOptions,
  async run(host, args) {
    await host.open(args, 'read')
    const found = await host.call('package.check', askFrom(host, args))
    const { root, timestamp, snapshot, targets } = found.versions
    const lines = [
      `The package proves the trusted root ${found.root}, at ${found.at}.`,
      `  Versions: root ${root}, timestamp ${timestamp}, snapshot ${snapshot}, targets ${targets}`,
    ]
    return { value: { ...found }, lines }
  },
}
