import { deskOption, type Command } from './command.ts'
import { firstFrom, firstOptions } from './media-lines.ts'

export const mediaArrive: Command = {
  about:
    'Record that media arrived: the number of the seal on the sheet and on the bag; a difference is refused.',
  positional: [],
  options: {
    ...deskOption,
    transfer: { value: 'ID' },
    label: { value: 'LABEL' },
    sheet: { value: 'NUMBER', required: true },
    bag: { value: 'NUMBER', required: true },
    broken: { value: null },
    from: { value: 'TEXT' },
    place: { value: 'TEXT' },
    ...firstOptions,
  },
  async run(host, args) {
    await host.open(args, 'write')
    const more = ['transfer', 'label', 'from', 'place'].flatMap((name) => {
      const text = args.get(name)
      return text === undefined ? [] : [[name, text] as const]
    })
    const done = await host.call('custody.arrive', {
      ...{ sheet: args.need('sheet'), bag: args.need('bag'), whole: !args.has('broken') },
      ...Object.fromEntries(more),
      ...(await firstFrom(host, args)),
    })
    const { seal } = done.arrival
    return {
      value: { ...done },
      lines: done.alarm
        ? [
            `Seal ${seal.bag}, as the sheet says. But a difference was recorded before.`,
            'Only a security officer clears it: the same again, with --person and --key.',
          ]
        : [`Seal ${seal.bag}, as the sheet says, and whole. Recorded.`],
      exit: done.alarm ? 3 : 0,
    }
  },
}
