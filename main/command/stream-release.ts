import type { CallInput } from '../../shared/contract.ts'
import { isDigest, type Digest } from '../../shared/digest.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines, touchedLines } from './officer.ts'

type Recovery = NonNullable<CallInput<'stream.release'>['recovery']>

/** A number of the order: 1 to 2^53 − 1. @throws UsageError */
export function orderNumber(text: string, option: string): number {
  const number = /^[1-9][0-9]{0,15}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(number)) throw new UsageError(`--${option} needs a number; found “${text}”.`)
  return number
}

function digestFrom(text: string, option: string): Digest {
  if (!isDigest(text)) throw new UsageError(`--${option} needs a digest, sha256: and 64 hex digits.`)
  return text
}

function acceptedFrom(text: string): Recovery['accepted'] {
  if (text === 'none') return null
  const cut = text.indexOf(':')
  if (cut < 0) throw new UsageError('--accepted is N:DIGEST, or none.')
  const sequence = orderNumber(text.slice(0, cut), 'accepted')
  return { sequence, digest: digestFrom(text.slice(cut + 1), 'accepted') }
}

function recoveryFrom(args: Arguments): { readonly recovery?: Recovery } {
  const { epoch, accepted } = { epoch: args.get('epoch'), accepted: args.get('accepted') }
  const rejected = args.all('rejected').map((text) => digestFrom(text, 'rejected'))
  if (epoch === undefined && accepted === undefined && rejected.length === 0) return {}
  if (epoch === undefined || accepted === undefined) {
    throw new UsageError('A recovery states --epoch N and --accepted N:DIGEST, or --accepted none.')
  }
  return { recovery: { epoch: orderNumber(epoch, 'epoch'), accepted: acceptedFrom(accepted), rejected } }
}

export const streamRelease: Command = {
  about: 'Release what holds a bundle in its stream; two security officers do it together.',
  positional: ['ID'],
  options: {
    ...deskOption,
    epoch: { value: 'N' },
    accepted: { value: 'N:DIGEST|none' },
    rejected: { value: 'DIGEST', many: true },
    ...officerKeyOptions,
  },
  async run(host, args) {
    const recovery = recoveryFrom(args)
    await host.open(args, 'write')
    const officer = await officerFrom(host, args, args.get('key'))
    const done = await host.call('stream.release', { id: args.at(0), ...recovery, ...officer })
    const said = `The hold (${done.row}) is released for ${done.id}. Anything further holds again.`
    return { value: { ...done }, lines: [...pendingLines(said, done.pending), ...touchedLines(done)] }
  },
}
