import { isDigest } from '../../shared/digest.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, signerOptions, type Command } from './command.ts'
import { signerFrom } from './signer.ts'

function outcomeFrom(args: Arguments): 'accept' | 'reject' | 'hold' {
  const chosen = (['accept', 'reject', 'hold'] as const).filter((one) => args.has(one))
  const [only] = chosen
  if (only === undefined || chosen.length > 1)
    throw new UsageError('Exactly one of --accept, --reject and --hold.')
  return only
}

export const decide: Command = {
  about: 'Sign half of a decision; two different people make one.',
  positional: ['ID'],
  options: {
    ...deskOption,
    accept: { value: null },
    reject: { value: null },
    hold: { value: null },
    reason: { value: 'TEXT' },
    cause: { value: 'DIGEST', many: true },
    ...signerOptions,
  },
  async run(host, args) {
    const outcome = outcomeFrom(args)
    const causes = args.all('cause').map((cause) => {
      if (!isDigest(cause)) throw new UsageError(`--cause is sha256:<64 hex digits>; found “${cause}”.`)
      return cause
    })
    await host.open(args, 'write')
    const reason = args.get('reason')
    const done = await host.call('decision.sign', {
      id: args.at(0),
      outcome,
      causes,
      ...(await signerFrom(host, args)),
      ...(reason === undefined ? {} : { reason }),
    })
    const words = { accept: 'accepted', reject: 'rejected', hold: 'held' }
    const line =
      done.outcome === null
        ? `${args.need('person')} signed. A second person must sign the same.`
        : `The content is ${words[done.outcome]}, by ${done.people.join(' and ')}.`
    return { value: { ...done }, lines: [line] }
  },
}
