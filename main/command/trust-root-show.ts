import type { Command } from './command.ts'
import { fingerprintLines } from './text.ts'
import { absolute } from './paths.ts'

export const trustRootShow: Command = {
  about: 'Show what a file of trusted roots holds, each root with its fingerprint. Nothing is installed.',
  positional: ['FILE'],
  options: {},
  async run(host, args) {
    const { roots } = await host.call('root.show', {
      place: host.session.place('trusted-root', absolute(args.at(0))),
    })
    const lines = roots.flatMap(({ fingerprint, authorities, unusable }, i) => [
      `Root ${i + 1} of ${roots.length}:`,
      ...fingerprintLines(fingerprint),
      ...authorities.map(
        ({ kind, name, from, to }) => `    ${kind}  ${name}  ${from ?? ''} to ${to ?? 'now'}`,
      ),
      ...unusable.map((sentence) => `    Not used: ${sentence}`),
    ])
    return { value: { roots }, lines }
  },
}
