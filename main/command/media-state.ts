import { statedStates } from '../../shared/rules/media.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, type Command } from './command.ts'
import { actedLines, firstFrom, firstOptions } from './media-lines.ts'

const how = ['method', 'tool', 'verified', 'place'] as const

function dispositionFrom(args: Arguments) {
  if (!how.some((name) => args.has(name))) return {}
  const [method = '', tool = '', verified = '', place = ''] = how.map((name) => args.need(name))
  return { disposition: { method, tool, verified, place } }
}

export const mediaState: Command = {
  about: 'Say that a medium is in another state; of one sanitised or destroyed also how.',
  positional: ['LABEL', 'STATE'],
  options: {
    ...deskOption,
    reason: { value: 'TEXT', required: true },
    method: { value: 'TEXT' },
    tool: { value: 'TEXT' },
    verified: { value: 'TEXT' },
    place: { value: 'TEXT' },
    ...firstOptions,
  },
  async run(host, args) {
    const [label, word] = [args.at(0), args.at(1)]
    const state = statedStates.find((one) => one === word)
    if (state === undefined) throw new UsageError(`STATE is one of ${statedStates.join(', ')}.`)
    await host.open(args, 'write')
    const done = await host.call('media.state', {
      ...{ label, state, reason: args.need('reason') },
      ...dispositionFrom(args),
      ...(await firstFrom(host, args)),
    })
    return { value: { ...done }, lines: actedLines(`${label} is ${state} now.`, done) }
  },
}
