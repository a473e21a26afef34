import { visible } from '../../shared/names.ts'
import { alikeLines } from './alike.ts'
import { deskOption, type Command } from './command.ts'

export const trustList: Command = {
  about: 'List whom and what a desk trusts, and what was revoked.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    const { trust, roots, peers, revoked, desks } = await host.open(args, 'read')
    const lines = [
      `Trusted signers: ${trust.length}`,
      ...trust.flatMap((one) => [
        `  ${one.name}  ${one.roles.join(', ')}  ${one.fingerprint.hex}`,
        ...(one.senders ?? []).map(
          (id) =>
            `    sender ${visible(desks.find((desk) => desk.id === id)?.name ?? 'of no known name')}  ${id}`,
        ),
        ...alikeLines(one, trust),
      ]),
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
