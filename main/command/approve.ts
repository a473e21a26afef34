import { signingRoles } from '../../shared/schema.ts'
import { findingsOf } from '../../shared/rules/findings.ts'
import { UsageError } from './arguments.ts'
import { deskOption, signerOptions, type Command } from './command.ts'
import { archiveLinesOf, findingLinesOf } from './findings.ts'
import { signerFrom } from './signer.ts'

export const approve: Command = {
  about: 'Sign the waybill of a consignment.',
  positional: ['ID'],
  options: { ...deskOption, role: { value: signingRoles.join('|'), required: true }, ...signerOptions },
  async run(host, args) {
    const role = signingRoles.find((one) => one === args.need('role'))
    if (role === undefined) throw new UsageError(`--role is one of ${signingRoles.join(', ')}.`)
    const { card } = await host.open(args, 'write')
    // At the wrong side nothing is looked at: the act itself says so.
    const shown = card.side === 'low' ? await host.call('consignment.show', { id: args.at(0) }) : null
    const content = shown?.content ?? []
    // Before the passphrase: nobody signs what was only counted.
    host.tell([...archiveLinesOf(shown?.archives ?? []), ...findingLinesOf(content)])
    const done = await host.call('approval.sign', {
      id: args.at(0),
      role,
      ...(await signerFrom(host, args)),
    })
    const missing =
      done.missing.length === 0 ? 'It is released.' : `Still missing: ${done.missing.join(', ')}.`
    return {
      value: { ...done, findings: findingsOf(content) },
      lines: [`${args.need('person')} signed ${done.waybill} (${role}). ${missing}`],
    }
  },
}
