import { deskOption, officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines, touchedLines } from './officer.ts'

export const trustRevoke: Command = {
  about: 'Revoke a key of either side, or a trusted root, for good.',
  positional: ['FINGERPRINT'],
  options: { ...deskOption, reason: { value: 'TEXT', required: true }, ...officerKeyOptions },
  async run(host, args) {
    await host.open(args, 'write')
    const done = await host.call('trust.revoke', {
      fingerprint: args.at(0),
      reason: args.need('reason'),
      ...(await officerFrom(host, args, args.get('key'))),
    })
    const said = `${done.name} (${done.fingerprint}) is revoked. Nothing signed with it counts here any more.`
    return { value: { ...done }, lines: [...pendingLines(said, done.pending), ...touchedLines(done)] }
  },
}
