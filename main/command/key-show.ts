import type { Command } from './command.ts'
import { absolute } from './paths.ts'
import { fingerprintLines } from './text.ts'

export const keyShow: Command = {
  about: 'Show the fingerprint of a public key.',
  positional: ['FILE.pub'],
  options: {},
  async run(host, args) {
    const found = await host.call('key.show', { place: host.session.place('key', absolute(args.at(0))) })
    return {
      value: found,
      lines: [`${found.algorithm}, fingerprint:`, ...fingerprintLines(found.fingerprint)],
    }
  },
}
