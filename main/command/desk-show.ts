import { visible } from '../../shared/names.ts'
import { alikeLines } from './alike.ts'
import { deskOption, type Command } from './command.ts'
import { fingerprintLines } from './text.ts'

export const deskShow: Command = {
  about: 'Show a desk: card, people, trust, policy, streams.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    const view = await host.open(args, 'read')
    const lines = [
      `${view.card.name} · ${view.card.side} · ${view.marking}${view.founding ? ' · founding' : ''}`,
      `Desk id: ${view.id}`,
      'Station key:',
      ...fingerprintLines(view.station),
      view.seal === null
        ? 'Seal: none. This desk is still being founded: one person can change people, trust and policy.'
        : `Seal: ${view.seal.digest}, ${view.seal.at}, ${view.seal.officers.map((one) => one.name).join(' and ')}`,
      ...(view.putBack === null
        ? []
        : [
            `PUT BACK: this account knows it with ${view.putBack.kept.size} events, root ${view.putBack.kept.root}.`,
            '  Nothing can be recorded but that: “desk restored”, by two security officers.',
          ]),
      ...view.flags.map((one) => `Attention, event ${one.sequence}: ${visible(one.sentence)}.`),
      ...view.changes.map((one) => `Change ${one.number} (${one.state}): ${one.sentence}`),
      `People: ${view.people.length}`,
      ...view.people.flatMap((person) => [
        `  ${person.id}  ${person.name}  ${person.roles.join(', ')}  ${person.fingerprint.hex}`,
        ...alikeLines(person, view.people),
      ]),
      `Trusted signers: ${view.trust.length}`,
      ...view.trust.flatMap((signer) => [
        `  ${signer.name}  ${signer.roles.join(', ')}  sender ${signer.senders?.join(', ') ?? 'any'}  channel ${signer.channels?.join(', ') ?? 'any'}  ${signer.fingerprint.hex}`,
        ...alikeLines(signer, view.trust),
      ]),
      `Policy: version ${view.policy.document.version}, ${view.policy.digest}`,
      ...view.channels.map(
        ({ channel, epoch, owner }) =>
          `Channel ${channel}: epoch ${epoch}${owner === null ? '' : `, of sender ${owner}`}`,
      ),
      ...view.streams.map(
        ({ channel, sequence, lost }) => `Stream ${channel}: number ${sequence}${lost ? ', LOST' : ''}`,
      ),
      ...view.causes.map((cause) => `Cause of a rejection: ${cause}`),
      `Ledger: ${view.ledger.size} events, root ${view.ledger.root}`,
    ]
    return { value: { ...view }, lines }
  },
}
