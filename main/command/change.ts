import type { ChangeView } from '../../shared/changes.ts'
import { visible } from '../../shared/names.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, signerOptions, type Command, type Host } from './command.ts'
import { absolute } from './paths.ts'

const words = { pending: 'waits', stale: 'stale', 'in-force': 'in force', withdrawn: 'withdrawn' } as const

function numberFrom(args: Arguments): number {
  const text = args.at(0)
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new UsageError(`The number of a change; found “${text}”.`)
  return Number(text)
}

async function signerFrom(
  host: Host,
  args: Arguments,
): Promise<{ readonly person: string; readonly key: string; readonly passphrase: string }> {
  const passphrase = await host.passphrase(args.get('passphrase-file'), 'Passphrase: ')
  const key = host.session.place('key', absolute(args.need('key')))
  return { person: args.need('person'), key, passphrase }
}

function linesOf(one: ChangeView): string[] {
  const { number, state, sentence, proposed, signed, withdrawn, version, before, digest } = one
  return [
    `Change ${number} (${words[state]}): ${visible(sentence)}`,
    `  Proposed by ${proposed.name}, ${proposed.at}`,
    ...(signed === null ? [] : [`  Signed by ${signed.name}, ${signed.at}`]),
    ...(withdrawn === null ? [] : [`  Withdrawn by ${withdrawn.name}, ${withdrawn.at}`]),
    `  Version ${version}, from state ${before}`,
    `  Digest ${digest}`,
  ]
}

export const changeList: Command = {
  about: 'List the changes that officers asked for and signed.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const { changes } = await host.call('change.list', {})
    const lines = changes.length === 0 ? ['No change was asked for.'] : changes.flatMap(linesOf)
    return { value: { changes }, lines }
  },
}

export const changeShow: Command = {
  about: 'Show one change, with everything it says.',
  positional: ['N'],
  options: deskOption,
  async run(host, args) {
    const number = numberFrom(args)
    await host.open(args, 'read')
    const change = await host.call('change.show', { number })
    return { value: { ...change }, lines: [...linesOf(change), visible(change.text)] }
  },
}

export const changeSign: Command = {
  about: 'Sign a change as the second security officer; with this it is in force.',
  positional: ['N'],
  options: { ...deskOption, ...signerOptions },
  async run(host, args) {
    const number = numberFrom(args)
    await host.open(args, 'write')
    const done = await host.call('change.sign', { number, ...(await signerFrom(host, args)) })
    const lines = [`Change ${number} is in force: ${visible(done.sentence)}.`, ...touchedLines(done)]
    return { value: { ...done }, lines }
  },
}

export const changeWithdraw: Command = {
  about: 'Withdraw a change that waits.',
  positional: ['N'],
  options: { ...deskOption, ...signerOptions },
  async run(host, args) {
    const number = numberFrom(args)
    await host.open(args, 'write')
    const done = await host.call('change.withdraw', { number, ...(await signerFrom(host, args)) })
    return { value: { ...done }, lines: [`Change ${number} is withdrawn. Nothing of it is in force.`] }
  },
}

export const deskSeal: Command = {
  about: 'Seal a desk: each of two security officers runs this with their own key.',
  positional: [],
  options: { ...deskOption, ...signerOptions },
  async run(host, args) {
    await host.open(args, 'write')
    const done = await host.call('desk.seal', await signerFrom(host, args))
    const lines = done.sealed
      ? [
          'The desk is sealed. From now on two security officers make every change.',
          `Seal: ${done.seal}`,
          `  ${done.words.join(' ')}`,
          'Write it on paper: the other side types it when it pairs with this desk, and every report carries it.',
        ]
      : [`${args.need('person')} has signed. A second security officer must run the same with their own key.`]
    return { value: { ...done }, lines }
  },
}

/** What a revocation did to consignments. */
export function touchedLines(done: {
  readonly judged: readonly string[]
  readonly flagged: readonly string[]
}): string[] {
  return [
    ...done.judged.map((id) => `Judged again, because it is not decided: ${id}`),
    ...done.flagged.map((id) => `Flagged: ${id} was accepted or released with this key.`),
  ]
}
