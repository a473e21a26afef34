import type { Change } from '../state/change.ts'

const rowWords = {
  'order.equivocation': 'another bundle with its number',
  'order.state': 'the lost memory of its stream',
  'order.gap': 'the gap before it',
} as const

function releaseWords(change: Extract<Change, { kind: 'stream.release' }>): string {
  const { waybill, row, rests, recovery } = change
  const named = [
    ...rests.others,
    ...rests.missing.map(({ from, to }) => (from === to ? `number ${from}` : `numbers ${from} to ${to}`)),
    ...(rests.end === null ? [] : [`it follows ${rests.end.digest ?? 'on nothing'}`]),
    ...(rests.head === null ? [] : [rests.head]),
  ]
  const stated =
    recovery === null
      ? []
      : [
          `epoch ${recovery.epoch}`,
          recovery.accepted === null
            ? 'nothing accepted'
            : `accepted up to number ${recovery.accepted.sequence}, ${recovery.accepted.digest}`,
          ...(recovery.rejected.length === 0 ? [] : [`rejected ${recovery.rejected.join(', ')}`]),
        ]
  const why = [...named, ...stated].join('; ')
  return `The bundle ${waybill} may go on in spite of ${rowWords[row]}${why === '' ? '' : ` (${why})`}`
}

/** What a change does, as a plain sentence without its full stop; `nameOf` says whose a fingerprint is. */
export function changeWords(change: Change, nameOf: (fingerprint: string) => string): string {
  switch (change.kind) {
    case 'desk.seal':
      return `The desk is sealed with the keys of ${change.officers.map((one) => one.id).join(', ')}`
    case 'person.add':
      return `${change.person.name} (${change.person.id}) is added, as ${change.person.roles.join(', ')}`
    case 'person.key':
      return `The key of ${change.id} is replaced by ${change.fingerprint}; the old key is revoked`
    case 'trust.add': {
      const { name, roles, senders, channels } = change.signer
      const limits = `sender ${senders?.join(', ') ?? 'any'}, channel ${channels?.join(', ') ?? 'any'}`
      return `${name} is trusted to ${roles.join(', ')}; ${limits}`
    }
    case 'trust.revoke':
      return `${nameOf(change.fingerprint)} is revoked (${change.fingerprint}): ${change.reason}`
    case 'root.add':
      return `The trusted root ${change.root.name} is installed (${change.root.digest})`
    case 'peer.add': {
      const { name, side, seal } = change.peer
      return `The ${side} desk ${name} is paired, ${seal === null ? 'while it is founding' : `with the seal ${seal}`}`
    }
    case 'time.floor':
      return change.at === null
        ? 'No time is taken for proven any more'
        : `The time that is taken for proven is set to ${change.at}`
    case 'cause.lift':
      return `The content ${change.digest} is no longer a cause of rejection`
    case 'desk.restored': {
      const { kept, found } = change
      return `This desk was put back: ${found.size} events, root ${found.root}, where ${kept.size} events, root ${kept.root}, were known`
    }
    case 'landing.key':
      return `What lands is sealed by the key ${change.fingerprint}, ${change.locked ? 'whose file has a passphrase' : 'whose file has NO passphrase'}`
    case 'policy.set':
      return `Policy version ${change.version} comes into force`
    case 'stream.release':
      return releaseWords(change)
    case 'stream.epoch':
      return `The epoch of channel ${change.channel} is raised to ${change.to}`
    case 'stream.move':
      return `Channel ${change.channel} is moved to the sender ${change.to}`
  }
}
