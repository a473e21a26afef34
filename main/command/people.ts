import { roles, signingRoles, type Role, type SigningRole } from '../../shared/schema.ts'
import { UsageError } from './arguments.ts'
import { deskOption, type Command } from './command.ts'
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
    key: { value: 'FILE.pub', required: true },
  },
  async run(host, args) {
    const chosen = rolesFrom<Role>(args.all('role'), roles)
    await host.open(args, 'write')
    const key = host.session.place('key', absolute(args.need('key')))
    const person = await host.call('person.add', {
      id: args.need('id'),
      name: args.need('name'),
      roles: chosen,
      key,
    })
    const lines = [
      `${person.name} (${person.id}) was added: ${person.roles.join(', ')}.`,
      ...fingerprintLines(person.fingerprint),
    ]
    return { value: { ...person }, lines }
  },
}

export const trustAdd: Command = {
  about: 'Trust a signer of the other side, by the fingerprint typed from paper.',
  positional: [],
  options: {
    ...deskOption,
    key: { value: 'FILE.pub', required: true },
    name: { value: 'PERSON', required: true },
    role: { value: signingRoles.join('|'), many: true, required: true },
    sender: { value: 'DESK' },
    channel: { value: 'NAME' },
    fingerprint: { value: 'HEX|"WORDS"', required: true },
  },
  async run(host, args) {
    const chosen = rolesFrom<SigningRole>(args.all('role'), signingRoles)
    await host.open(args, 'write')
    const sender = args.get('sender')
    const channel = args.get('channel')
    const signer = await host.call('trust.add', {
      key: host.session.place('key', absolute(args.need('key'))),
      name: args.need('name'),
      roles: chosen,
      fingerprint: args.need('fingerprint'),
      ...(sender === undefined ? {} : { sender }),
      ...(channel === undefined ? {} : { channel }),
    })
    const limits = `sender ${signer.senders?.join(', ') ?? 'any'}, channel ${signer.channels?.join(', ') ?? 'any'}`
    return {
      value: { ...signer },
      lines: [`${signer.name} is trusted to sign ${signer.roles.join(', ')}; ${limits}.`],
    }
  },
}

export const policySet: Command = {
  about: 'Put a policy in force; its version must rise.',
  positional: ['FILE'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const set = await host.call('policy.set', { place: host.session.place('policy', absolute(args.at(0))) })
    return { value: set, lines: [`Policy version ${set.version} is in force (${set.digest}).`] }
  },
}
