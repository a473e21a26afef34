import { roles, signingRoles, type Role, type SigningRole } from '../../shared/schema.ts'
import { UsageError } from './arguments.ts'
import { touchedLines } from './change.ts'
import { deskOption, officerOptions, type Command } from './command.ts'
import { officerFrom, pendingLines, twoKeys } from './officer.ts'
import { absolute } from './paths.ts'
import { fingerprintLines } from './text.ts'

function rolesFrom<Name extends string>(words: readonly string[], known: readonly Name[]): Name[] {
  return words.map((word) => {
    const role = known.find((one) => one === word)
    if (role === undefined) throw new UsageError(`--role is one of ${known.join(', ')}; found “${word}”.`)
    return role
  })
}

export const personAdd: Command = {
  about: 'Add a person of this desk, with roles and public key.',
  positional: [],
  options: {
    ...deskOption,
    id: { value: 'ID', required: true },
    name: { value: 'NAME', required: true },
    role: { value: 'ROLE', many: true, required: true },
    key: { value: 'FILE.pub|FILE', many: true, required: true },
    ...officerOptions,
  },
  async run(host, args) {
    const chosen = rolesFrom<Role>(args.all('role'), roles)
    const keys = twoKeys(args)
    await host.open(args, 'write')
    const key = host.session.place('key', absolute(keys.about))
    const person = await host.call('person.add', {
      id: args.need('id'),
      name: args.need('name'),
      roles: chosen,
      key,
      ...(await officerFrom(host, args, keys.own)),
    })
    const said = `${person.name} (${person.id}) was added: ${person.roles.join(', ')}.`
    const lines = [...pendingLines(said, person.pending), ...fingerprintLines(person.fingerprint)]
    return { value: { ...person }, lines }
  },
}

export const personKey: Command = {
  about: 'Replace a person’s key; the old one is revoked.',
  positional: [],
  options: {
    ...deskOption,
    id: { value: 'ID', required: true },
    key: { value: 'FILE.pub|FILE', many: true, required: true },
    ...officerOptions,
  },
  async run(host, args) {
    const keys = twoKeys(args)
    await host.open(args, 'write')
    const done = await host.call('person.key', {
      id: args.need('id'),
      key: host.session.place('key', absolute(keys.about)),
      ...(await officerFrom(host, args, keys.own)),
    })
    const said = `The key of ${done.name} was replaced. The old one is revoked.`
    const lines = [
      ...pendingLines(said, done.pending),
      ...fingerprintLines(done.fingerprint),
      ...touchedLines(done),
    ]
    return { value: { ...done }, lines }
  },
}

export const trustAdd: Command = {
  about: 'Trust a signer of the other side, by the fingerprint typed from paper.',
  positional: [],
  options: {
    ...deskOption,
    key: { value: 'FILE.pub|FILE', many: true, required: true },
    name: { value: 'PERSON', required: true },
    role: { value: signingRoles.join('|'), many: true, required: true },
    sender: { value: 'DESK' },
    channel: { value: 'NAME' },
    fingerprint: { value: 'HEX|"WORDS"', required: true },
    ...officerOptions,
  },
  async run(host, args) {
    const chosen = rolesFrom<SigningRole>(args.all('role'), signingRoles)
    const keys = twoKeys(args)
    await host.open(args, 'write')
    const sender = args.get('sender')
    const channel = args.get('channel')
    const signer = await host.call('trust.add', {
      key: host.session.place('key', absolute(keys.about)),
      name: args.need('name'),
      roles: chosen,
      fingerprint: args.need('fingerprint'),
      ...(sender === undefined ? {} : { sender }),
      ...(channel === undefined ? {} : { channel }),
      ...(await officerFrom(host, args, keys.own)),
    })
    const limits = `sender ${signer.senders?.join(', ') ?? 'any'}, channel ${signer.channels?.join(', ') ?? 'any'}`
    const said = `${signer.name} is trusted to sign ${signer.roles.join(', ')}; ${limits}.`
    return { value: { ...signer }, lines: pendingLines(said, signer.pending) }
  },
}

export const policySet: Command = {
  about: 'Put a policy in force; its version must rise.',
  positional: ['FILE'],
  options: { ...deskOption, ...officerOptions, key: { value: 'FILE' } },
  async run(host, args) {
    await host.open(args, 'write')
    const set = await host.call('policy.set', {
      place: host.session.place('policy', absolute(args.at(0))),
      ...(await officerFrom(host, args, args.get('key'))),
    })
    const said = `Policy version ${set.version} is in force (${set.digest}).`
    return { value: set, lines: pendingLines(said, set.pending) }
  },
}
