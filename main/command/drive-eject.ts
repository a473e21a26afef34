import type { Command } from './command.ts'

export const driveEject: Command = {
  about: 'Unmount all of a drive and let it go, so that it can be taken out.',
  positional: ['DEVICE'],
  options: {},
  async run(host, args) {
    const device = args.at(0)
    const value = await host.call('drive.eject', { device })
    return { value, lines: [`${device} can be taken out now.`] }
  },
}
