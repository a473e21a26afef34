import { visible } from '../../shared/names.ts'
import { deskOption, type Command } from './command.ts'
import { absolute } from './paths.ts'

export const policyKeep: Command = {
  about: 'Give a desk the file of a rule set again that its policy names by digest.',
  positional: ['FILE.wasm'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const place = host.session.place('rule-set', absolute(args.at(0)))
    const kept = await host.call('policy.keep', { place })
    return {
      value: { ...kept },
      lines: [`Kept for the rule set ${visible(kept.names.join(', '))} (${kept.digest}).`],
    }
  },
}
