import { deskOption, officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines } from './officer.ts'
import { absolute } from './paths.ts'
import { regoOption, ruleSets } from './rule-sets.ts'

export const policySet: Command = {
  about: 'Put a policy in force; its version must rise.',
  positional: ['FILE'],
  options: { ...deskOption, rego: regoOption, ...officerKeyOptions },
  async run(host, args) {
    await host.open(args, 'write')
    const set = await host.call('policy.set', {
      place: host.session.place('policy', absolute(args.at(0))),
      rego: ruleSets(host, args),
      ...(await officerFrom(host, args, args.get('key'))),
    })
    const said = `Policy version ${set.version} is in force (${set.digest}).`
    return { value: set, lines: pendingLines(said, set.pending) }
  },
}
