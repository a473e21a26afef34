import { UsageError } from './arguments.ts'
import { deskOption, type Command } from './command.ts'
import { fingerprintLines } from './text.ts'
import { absolute } from './paths.ts'

export const deskCreate: Command = {
  about: 'Make a desk in a new or empty folder.',
  positional: ['FOLDER'],
  options: {
    side: { value: 'low|high', required: true },
    name: { value: 'NAME', required: true },
    marking: { value: 'TEXT' },
  },
  async run(host, args) {
    const side = args.need('side')
    if (side !== 'low' && side !== 'high') throw new UsageError('--side is low or high.')
    const marking = args.get('marking')
    const place = host.session.place('desk', absolute(args.at(0)))
    const made = await host.call('desk.create', {
      place,
      side,
      name: args.need('name'),
      ...(marking === undefined ? {} : { marking }),
    })
    const lines = [
      `The ${side} desk “${made.name}” was made.`,
      `Desk id: ${made.id}`,
      'Station key:',
      ...fingerprintLines(made.station),
    ]
    return { value: made, lines }
  },
}

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
      ...view.changes.map((one) => `Change ${one.number} (${one.state}): ${one.sentence}`),
      `People: ${view.people.length}`,
      ...view.people.map(
        (person) => `  ${person.id}  ${person.name}  ${person.roles.join(', ')}  ${person.fingerprint.hex}`,
      ),
      `Trusted signers: ${view.trust.length}`,
      ...view.trust.map(
        (signer) =>
          `  ${signer.name}  ${signer.roles.join(', ')}  sender ${signer.senders?.join(', ') ?? 'any'}  channel ${signer.channels?.join(', ') ?? 'any'}  ${signer.fingerprint.hex}`,
      ),
      `Policy: version ${view.policy.document.version}, ${view.policy.digest}`,
      ...view.streams.map((stream) => `Stream ${stream.channel}: number ${stream.sequence}`),
      `Ledger: ${view.ledger.size} events, root ${view.ledger.root}`,
    ]
    return { value: { ...view }, lines }
  },
}
