import type { LongResult } from '../../shared/contract.ts'
import { size } from '../../shared/units.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, type Command } from './command.ts'
import { ejectLines } from './drive-lines.ts'
import { absolute } from './paths.ts'

function bytesOf(args: Arguments, option: string): number | undefined {
  const text = args.get(option)
  if (text !== undefined && !/^[1-9][0-9]{0,15}$/.test(text))
    throw new UsageError(`--${option} is a number of bytes.`)
  return text === undefined ? undefined : Number(text)
}

function numberOf(args: Arguments, option: string, most: number, what: string): number | undefined {
  const text = args.get(option)
  if (text === undefined) return undefined
  if (!/^[1-9][0-9]{0,2}$/.test(text) || Number(text) > most) throw new UsageError(`--${option} is ${what}.`)
  return Number(text)
}

/** What was asked, without what was not said. */
function asked(args: Arguments): {
  partSize?: number
  mediumSize?: number
  medium?: number
  parity?: number
  anew?: boolean
} {
  const partSize = bytesOf(args, 'part-size')
  const mediumSize = bytesOf(args, 'of-size')
  const medium = numberOf(args, 'medium', 999, 'the number of a medium')
  const parity = numberOf(args, 'parity', 50, 'a number of percent, 1 to 50')
  return {
    ...(partSize === undefined ? {} : { partSize }),
    ...(mediumSize === undefined ? {} : { mediumSize }),
    ...(medium === undefined ? {} : { medium }),
    ...(parity === undefined ? {} : { parity }),
    ...(args.has('new-plan') ? { anew: true } : {}),
  }
}

function titleOf({ folder, medium }: LongResult<'write.start'>): string {
  const { n, of, copy } = medium
  return of === 1
    ? `Written to ${folder}, copy ${copy}.`
    : `Medium ${n} of ${of} is written to ${folder}, copy ${copy}.`
}

export const write: Command = {
  about: 'Write a released consignment to a medium, or to the next of several.',
  positional: ['ID'],
  options: {
    ...deskOption,
    to: { value: 'FOLDER', required: true },
    'of-size': { value: 'BYTES' },
    medium: { value: 'NUMBER' },
    'part-size': { value: 'BYTES' },
    parity: { value: 'PERCENT' },
    'new-plan': { value: null },
  },
  async run(host, args) {
    const wanted = asked(args)
    await host.open(args, 'write')
    const to = host.session.place('medium', absolute(args.need('to')))
    const done = await host.work('write.start', { id: args.at(0), to, ...wanted })
    const lines = [
      titleOf(done),
      ...done.parts.map((part) => `  ${part.name}  ${size(part.size)}  ${part.sha256}`),
      ...ejectLines(done.device),
      'Take the medium out, put it back in, and read it back.',
    ]
    return { value: { ...done, folder: `${args.need('to').replace(/\/+$/, '')}/${done.folder}` }, lines }
  },
}
