import { visible } from '../../shared/names.ts'
import { deskOption, type Command } from './command.ts'

export const policyExplain: Command = {
  about: 'Say why each rule of the policy came out as it did for a consignment, by which evidence.',
  positional: ['ID'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const found = await host.call('policy.explain', { id: args.at(0) })
    const lines = [
      `Judged by the policy ${found.policy}${found.current ? '' : ', which is NO LONGER in force'}`,
      ...found.rules.flatMap((one) => [
        '',
        `${one.result.toUpperCase()}  ${one.title} (${one.id}), ${visible(one.subject)}`,
        `  Expected: ${visible(one.expected)}`,
        `  Found: ${visible(one.found)}`,
        `  ${one.means}`,
        `  Next: ${one.next}`,
        ...one.evidence.map((digest) => `  By ${digest}`),
      ]),
    ]
    return { value: { ...found }, lines }
  },
}
