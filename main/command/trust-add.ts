import { signingRoles, type SigningRole } from '../../shared/schema.ts'
import { alikeLines } from './alike.ts'
import { deskOption, officerOptions, type Command } from './command.ts'
import { officerFrom, pendingLines, twoKeys } from './officer.ts'
import { absolute } from './paths.ts'
import { rolesFrom } from './roles.ts'

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
    const { trust } = await host.open(args, 'write')
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
    return {
      value: { ...signer },
      lines: [...pendingLines(said, signer.pending), ...alikeLines(signer, trust)],
    }
  },
}
