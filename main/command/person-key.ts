import { deskOption, officerOptions, type Command } from './command.ts'
import { officerFrom, pendingLines, touchedLines, twoKeys } from './officer.ts'
import { absolute } from './paths.ts'
import { fingerprintLines } from './text.ts'

export const personKey: Command = {
  about: 'Replace a person’s key; the old one is revoked.',
  positional: [],
  options: {
    ...deskOption,
    id: { value: 'ID', required: true },
    key: { value: 'FILE.pub|FILE', many: true, required: true },
    ...officerOptions,
  },
  async run(host, args) {
    const keys = twoKeys(args)
    await host.open(args, 'write')
    const done = await host.call('person.key', {
      id: args.need('id'),
      key: host.session.place('key', absolute(keys.about)),
      ...(await officerFrom(host, args, keys.own)),
    })
    const said = `The key of ${done.name} was replaced. The old one is revoked.`
    const lines = [
      ...pendingLines(said, done.pending),
      ...fingerprintLines(done.fingerprint),
      ...touchedLines(done),
    ]
    return { value: { ...done }, lines }
  },
}
