import { deskOption, type Command } from './command.ts'
import { absolute } from './paths.ts'

export const ledgerVerify: Command = {
  about: 'Recompute the whole ledger; writes nothing.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    const place = host.session.place('desk', absolute(args.need('desk')))
    const found = await host.call('ledger.verify', { place })
    const { bad, differing } = found
    const lines = found.intact
      ? [`The ledger is intact: ${found.size} events, root ${found.root}.`, `  ${found.words.join(' ')}`]
      : [
          ...(bad === null
            ? []
            : [
                `Line ${bad.line} is the first bad one.`,
                `  Expected: ${bad.expected}`,
                `  Found:    ${bad.found}`,
              ]),
          ...differing.map((name) => `${name} is not what the ledger says.`),
          'Call the security officer. Nothing was changed.',
        ]
    return { value: { ...found }, lines, exit: found.intact ? 0 : 3 }
  },
}
