import { exitCodes } from '../../shared/verdict.ts'
import { deskOption, type Command } from './command.ts'
import { verdictLines } from './text.ts'

export const judge: Command = {
  about: 'Judge again what nobody decided yet, by what is in force now; halves of a decision are void then.',
  positional: ['ID'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const { id, outcome } = await host.call('verify.again', { id: args.at(0) })
    const { verdict, scope, waybill } = await host.call('consignment.show', { id })
    const lines = verdict === null || scope === null ? [] : verdictLines({ ...verdict, scope, waybill })
    return { value: { id, outcome, verdict }, lines, exit: exitCodes[outcome] }
  },
}
