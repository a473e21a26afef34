import { deskOption, type Command } from './command.ts'

export const consignmentShow: Command = {
  about: 'Show one consignment.',
  positional: ['ID'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const one = await host.call('consignment.show', { id: args.at(0) })
    const lines = [
      `${one.name} · ${one.state} · number ${one.sequence ?? '–'} of channel ${one.channel ?? '–'}`,
      `Waybill: ${one.waybill ?? 'none yet'}`,
      ...one.flags.map((flag) => `ALARM: ${flag}`),
      ...(one.stale === null ? [] : [`${one.stale} Next: sallyport collect ${one.id} --desk FOLDER`]),
      ...one.content.map((item) => `  ${item.kind}  ${item.reference}  ${item.root.digest}`),
      ...one.steps.map((step) => `${step.state.padEnd(8)} ${step.step}: ${step.result}`),
    ]
    return { value: { ...one }, lines }
  },
}
