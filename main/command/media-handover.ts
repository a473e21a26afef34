import type { ConsignmentView } from '../../shared/views.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, type Command } from './command.ts'

/** Which copy has which seal: `2=004417`, or the number alone where only one copy may leave. */
function mediaFrom(args: Arguments, { media }: ConsignmentView) {
  const leaving = media.filter(({ readBack }) => readBack === 'passed')
  return args.all('seal').map((text) => {
    const [, number, seal = ''] = /^(?:([1-9][0-9]{0,3})=)?(.+)$/.exec(text) ?? []
    const found = leaving.filter(({ copy }) => number === undefined || copy === Number(number))
    const [one] = found
    if (one === undefined) throw new UsageError(`--seal ${text}: no such copy was read back.`)
    if (found.length > 1) throw new UsageError('--seal is COPY=NUMBER where several copies may leave.')
    return { run: one.run, seal }
  })
}

export const mediaHandover: Command = {
  about: 'Record that media of a consignment leave, each with the number of its seal.',
  positional: ['ID'],
  options: {
    ...deskOption,
    seal: { value: '[COPY=]NUMBER', many: true, required: true },
    to: { value: 'TEXT', required: true },
    from: { value: 'TEXT' },
    place: { value: 'TEXT' },
    purpose: { value: 'TEXT' },
    expected: { value: 'DAY' },
  },
  async run(host, args) {
    await host.open(args, 'write')
    const id = args.at(0)
    const media = mediaFrom(args, await host.call('consignment.show', { id }))
    const more = ['from', 'place', 'purpose', 'expected'].flatMap((name) => {
      const text = args.get(name)
      return text === undefined ? [] : [[name, text] as const]
    })
    const done = await host.call('custody.hand', {
      ...{ id, media, to: args.need('to') },
      ...Object.fromEntries(more),
    })
    return {
      value: { ...done },
      lines: [
        `Recorded: ${done.media.map(({ copy, seal }) => `copy ${copy} with seal ${seal}`).join(', ')} went to ${done.to}.`,
        `Print the sheet that goes along: sallyport sheet ${id} --kind custody --desk FOLDER --out FILE`,
      ],
    }
  },
}
