import type { CallOutput } from '../../shared/contract.ts'
import { isDigest } from '../../shared/digest.ts'
import { together } from '../../shared/text/people.ts'
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

function awaited({ people, missing }: CallOutput<'decision.sign'>): string {
  if (missing > 1) return `Of ${people.length + missing}, ${missing} more people must sign the same.`
  return `${people.length === 1 ? 'A second' : 'One more'} person must sign the same.`
}

export const decide: Command = {
  about:
    'Sign half of a decision; two different people make one, or as many as the policy asks for to accept.',
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
        ? `${args.need('person')} signed. ${awaited(done)}`
        : `The content is ${words[done.outcome]}, by ${together(done.people)}.`
    return { value: { ...done }, lines: [line] }
  },
}
