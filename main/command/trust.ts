import { UsageError } from './arguments.ts'
import { deskOption, officerOptions, type Command } from './command.ts'
import { touchedLines } from './change.ts'
import { officerFrom, pendingLines } from './officer.ts'
import { absolute } from './paths.ts'

const officer = { ...officerOptions, key: { value: 'FILE' } } as const

export const trustRevoke: Command = {
  about: 'Revoke a key of either side, or a trusted root, for good.',
  positional: ['FINGERPRINT'],
  options: { ...deskOption, reason: { value: 'TEXT', required: true }, ...officer },
  async run(host, args) {
    await host.open(args, 'write')
    const done = await host.call('trust.revoke', {
      fingerprint: args.at(0),
      reason: args.need('reason'),
      ...(await officerFrom(host, args, args.get('key'))),
    })
    const said = `${done.name} (${done.fingerprint}) is revoked. Nothing signed with it counts here any more.`
    return { value: { ...done }, lines: [...pendingLines(said, done.pending), ...touchedLines(done)] }
  },
}

export const trustRootAdd: Command = {
  about: 'Install a file of trusted roots, by the fingerprint of the file typed from paper.',
  positional: ['FILE?'],
  options: {
    ...deskOption,
    'public-good': { value: null },
    name: { value: 'NAME', required: true },
    fingerprint: { value: 'HEX', required: true },
    ...officer,
  },
  async run(host, args) {
    const builtIn = args.has('public-good')
    if (builtIn === (args.at(0) !== '')) throw new UsageError('Either FILE or --public-good.')
    await host.open(args, 'write')
    const done = await host.call('root.add', {
      place: builtIn ? null : host.session.place('trusted-root', absolute(args.at(0))),
      name: args.need('name'),
      fingerprint: args.need('fingerprint'),
      ...(await officerFrom(host, args, args.get('key'))),
    })
    const said = `The trusted root ${done.name} is installed: ${done.authorities.length} keys and certificates.`
    return { value: { ...done }, lines: pendingLines(said, done.pending) }
  },
}

export const trustList: Command = {
  about: 'List whom and what a desk trusts, and what was revoked.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    const { trust, roots, peers, revoked } = await host.open(args, 'read')
    const lines = [
      `Trusted signers: ${trust.length}`,
      ...trust.map((one) => `  ${one.name}  ${one.roles.join(', ')}  ${one.fingerprint.hex}`),
      `Trusted roots: ${roots.length}`,
      ...roots.flatMap((one) => [
        `  ${one.name}  ${one.digest}  from ${one.origin}, ${one.at ?? ''}, ${one.by.join(' and ') || 'while founding'}`,
        ...one.authorities.map(
          (part) =>
            `    ${part.kind}  ${part.name}  ${part.fingerprint}  ${part.from ?? ''} to ${part.to ?? 'now'}`,
        ),
      ]),
      `Paired desks: ${peers.length}`,
      ...peers.map((one) => `  ${one.name}  ${one.side}  ${one.id}  seal ${one.seal ?? 'none'}`),
      `Revoked: ${revoked.length}`,
      ...revoked.map((one) => `  ${one.name}  ${one.fingerprint}  ${one.at}  ${one.reason}`),
    ]
    return { value: { trust, roots, peers, revoked }, lines }
  },
}

export const peerAdd: Command = {
  about: 'Pair with another desk: its card from a file, its id and seal typed from paper.',
  positional: ['CARD'],
  options: {
    ...deskOption,
    id: { value: 'HEX', required: true },
    seal: { value: 'HEX' },
    ...officer,
  },
  async run(host, args) {
    await host.open(args, 'write')
    const seal = args.get('seal')
    const done = await host.call('peer.add', {
      card: host.session.place('card', absolute(args.at(0))),
      id: args.need('id'),
      ...(seal === undefined ? {} : { seal }),
      ...(await officerFrom(host, args, args.get('key'))),
    })
    return {
      value: { ...done },
      lines: pendingLines(`The ${done.side} desk ${done.name} is paired.`, done.pending),
    }
  },
}
