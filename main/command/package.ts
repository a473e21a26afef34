import type { CallInput } from '../../shared/contract.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, officerOptions, type Command, type Host } from './command.ts'
import { officerFrom, pendingLines } from './officer.ts'
import { absolute } from './paths.ts'

export const packageMake: Command = {
  about: 'Collect a trust package: what proves the trusted root of a TUF repository.',
  positional: ['FILE'],
  options: {
    ...deskOption,
    from: { value: 'URL|FOLDER', required: true },
    root: { value: 'ROOT.json', required: true },
  },
  async run(host, args) {
    await host.open(args, 'read')
    const from = args.need('from')
    const made = await host.call('package.make', {
      from: /^https?:\/\//.test(from)
        ? { url: from }
        : { folder: host.session.place('folder', absolute(from)) },
      root: host.session.place('trusted-root', absolute(args.need('root'))),
      to: host.session.place('package', absolute(args.at(0))),
    })
    const lines = [
      `The trust package is in ${args.at(0)} (${made.digest}), verified at ${made.at}.`,
      'The other side types the fingerprint of the first root. Take it there on paper:',
      `  ${made.anchor}`,
    ]
    return { value: { ...made, file: args.at(0) }, lines }
  },
}

const askOptions = {
  ...deskOption,
  name: { value: 'NAME', required: true },
  fingerprint: { value: 'HEX' },
  at: { value: 'TIME' },
  timestamp: { value: 'FILE.tsr' },
} as const

function askFrom(host: Host, args: Arguments): CallInput<'package.check'> {
  const [at, timestamp, fingerprint] = [args.get('at'), args.get('timestamp'), args.get('fingerprint')]
  if ((at === undefined) === (timestamp === undefined)) {
    throw new UsageError('Exactly one of --at TIME (as the officers state it) and --timestamp FILE.')
  }
  return {
    place: host.session.place('package', absolute(args.at(0))),
    name: args.need('name'),
    reference:
      timestamp === undefined
        ? { at: at ?? '' }
        : { timestamp: host.session.place('package', absolute(timestamp)) },
    ...(fingerprint === undefined ? {} : { fingerprint }),
  }
}

export const packageCheck: Command = {
  about: 'Verify a trust package at a time; nothing is changed.',
  positional: ['FILE'],
  options: askOptions,
  async run(host, args) {
    await host.open(args, 'read')
    const found = await host.call('package.check', askFrom(host, args))
    const { root, timestamp, snapshot, targets } = found.versions
    const lines = [
      `The package proves the trusted root ${found.root}, at ${found.at}.`,
      `  Versions: root ${root}, timestamp ${timestamp}, snapshot ${snapshot}, targets ${targets}`,
    ]
    return { value: { ...found }, lines }
  },
}

export const packageAdd: Command = {
  about: 'Install the trusted root of a package, at a time that the officers or a timestamp attest.',
  positional: ['FILE'],
  options: { ...askOptions, ...officerOptions, key: { value: 'FILE' } },
  async run(host, args) {
    await host.open(args, 'write')
    const ask = askFrom(host, args)
    const done = await host.call('package.add', {
      ...ask,
      ...(await officerFrom(host, args, args.get('key'))),
    })
    const said = `The trusted root ${done.name} is installed: ${done.authorities.length} keys and certificates.`
    return { value: { ...done }, lines: pendingLines(said, done.pending) }
  },
}
