import type { z } from 'zod'
import { isDigest } from '../../shared/digest.ts'
import type { Verified, zExported } from '../../shared/contract.ts'
import { exitCodes } from '../../shared/verdict.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { accessOptions, deskOption, signerOptions, type Command, type Host } from './command.ts'
import { access } from './low.ts'
import { absolute } from './paths.ts'
import { size } from '../../shared/units.ts'
import { verdictLines } from './text.ts'

export const verify: Command = {
  about: 'Read a medium or a bundle tar into quarantine and make its verdict.',
  positional: ['PATH'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const medium = host.session.place('medium', absolute(args.at(0)))
    const done = await host.work<Verified>('verify.start', { medium })
    const lines = [...(done.id === undefined ? [] : [`Consignment: ${done.id}`]), ...verdictLines(done)]
    return { value: { ...done }, lines, exit: exitCodes[done.outcome] }
  },
}

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
    const passphrase = await host.passphrase(args.get('passphrase-file'), 'Passphrase: ')
    const reason = args.get('reason')
    const done = await host.call('decision.sign', {
      id: args.at(0),
      outcome,
      causes,
      person: args.need('person'),
      key: host.session.place('key', absolute(args.need('key'))),
      passphrase,
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

function targetFrom(host: Host, text: string): object {
  const [kind = '', ...rest] = text.split(':')
  const value = rest.join(':')
  if (value === '') throw new UsageError('--to is oci-layout:DIR, dir:DIR or registry:HOST[/PREFIX].')
  if (kind === 'oci-layout' || kind === 'dir') {
    return { kind, place: host.session.place('export', absolute(value)) }
  }
  if (kind !== 'registry') throw new UsageError('--to is oci-layout:DIR, dir:DIR or registry:HOST[/PREFIX].')
  const cut = value.indexOf('/')
  return cut < 0
    ? { kind, host: value, prefix: '' }
    : { kind, host: value.slice(0, cut), prefix: value.slice(cut + 1).replace(/\/+$/, '') }
}

export const exporting: Command = {
  about: 'Export accepted content.',
  positional: ['ID'],
  options: { ...deskOption, to: { value: 'TARGET', required: true }, ...accessOptions },
  async run(host, args) {
    const target = targetFrom(host, args.need('to'))
    await host.open(args, 'write')
    const done = await host.work<z.infer<typeof zExported>>('export.start', {
      id: args.at(0),
      target,
      ...access(host, args),
    })
    const lines = [
      `Exported to ${done.target}: ${done.blobs} blobs, ${size(done.bytes)}.`,
      ...done.written.map((one) => `  ${one.reference}  ${one.digest}`),
    ]
    return { value: { ...done }, lines }
  },
}

export const ledgerVerify: Command = {
  about: 'Recompute the whole ledger; writes nothing.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    const place = host.session.place('desk', absolute(args.need('desk')))
    const found = await host.call('ledger.verify', { place })
    const { bad, differing } = found
    const lines = found.intact
      ? [`The ledger is intact: ${found.size} events, root ${found.root}.`, `  ${found.words.join(' ')}`]
      : [
          ...(bad === null
            ? []
            : [
                `Line ${bad.line} is the first bad one.`,
                `  Expected: ${bad.expected}`,
                `  Found:    ${bad.found}`,
              ]),
          ...differing.map((name) => `${name} is not what the ledger says.`),
          'Call the security officer. Nothing was changed.',
        ]
    return { value: { ...found }, lines, exit: found.intact ? 0 : 3 }
  },
}
