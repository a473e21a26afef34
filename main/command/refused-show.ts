import { UsageError } from './arguments.ts'
import { deskOption, type Command } from './command.ts'
import { verdictLines } from './text.ts'

/** The number of a refused reading, as `refused list` shows it. */
export function numberOf(text: string): number {
  if (!/^[1-9][0-9]{0,9}$/.test(text)) throw new UsageError(`${text} is not a number of “refused list”.`)
  return Number(text)
}

export const refusedShow: Command = {
  about: 'Show the verdict on a medium that was refused before anything of it was kept.',
  positional: ['NUMBER'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const { reading, verdict } = await host.call('refused.show', { sequence: numberOf(args.at(0)) })
    const { at, scope, waybill } = reading
    const lines = [
      `Read ${at} from a ${scope}.`,
      ...(verdict === null
        ? ['Its verdict was not kept: an earlier version read it. The ledger has its outcome and digest.']
        : verdictLines({ ...verdict, scope, waybill })),
    ]
    return { value: { reading, verdict }, lines }
  },
}
