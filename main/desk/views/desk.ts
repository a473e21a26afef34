import { isHex64 } from '../../../shared/digest.ts'
import type { DeskView } from '../../../shared/views.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import { fingerprintOf, wordsOf } from '../../trust/fingerprint.ts'
import type { Desk } from '../desk.ts'
import { lastAccepted } from '../../../shared/rules/stream-memory.ts'
import { epochOf } from '../state/order.ts'
import { releasedStreams } from '../state/streams.ts'
import { personView, signerView } from './people.ts'
import { trustParts } from './trust.ts'

function streamViews(desk: Desk): DeskView['streams'] {
  if (desk.state.card.side === 'low') {
    return [...releasedStreams(desk.state).values()].map(
      ({ sequence, digest, channel, desk: destination }) => ({
        sender: desk.id,
        channel,
        destination,
        sequence,
        digest,
        lost: false,
      }),
    )
  }
  const { order } = desk.state
  return [...order.streams.values()].map((one) => {
    const { sender, channel, destination } = one.stream
    const last = lastAccepted(one, epochOf(order, channel))
    const lost = one.recovered < order.putBack
    return { sender, channel, destination, sequence: last?.sequence ?? 0, digest: last?.digest ?? null, lost }
  })
}

// Every channel that something is known of: by a bundle of it, or because officers said something about it.
function channelViews({ state }: Desk): DeskView['channels'] {
  const { order, card } = state
  const named =
    card.side === 'low'
      ? [...state.consignments.values()].flatMap((one) => one.channel ?? [])
      : [...[...order.streams.values()].map((one) => one.stream.channel), ...order.owners.keys()]
  return [...new Set([...named, ...order.epochs.keys()])].sort().map((channel) => ({
    channel,
    epoch: epochOf(order, channel),
    owner: order.owners.get(channel) ?? null,
  }))
}

function putBackView({ putBack }: Desk): DeskView['putBack'] {
  if (putBack === null) return null
  const headOf = ({ size, root }: typeof putBack.kept): { size: number; root: string } => ({
    size,
    root: root.toString('hex'),
  })
  return { kept: headOf(putBack.kept), found: headOf(putBack.found) }
}

function namedDesks(desk: Desk): DeskView['desks'] {
  const { card, peers, consignments } = desk.state
  const names = new Map([[desk.id, card.name]])
  for (const { sender } of consignments.values()) {
    if (sender !== null && isHex64(sender.id)) names.set(sender.id, sender.name)
  }
  for (const { id, name } of peers) names.set(id, name)
  return [...names].map(([id, name]) => ({ id, name }))
}

/** Everything about a desk that both faces show. */
export function deskView(desk: Desk): DeskView {
  const { state } = desk
  const head = desk.head()
  const root = head.root.toString('hex')
  const { fingerprint } = readSpki(Buffer.from(state.card.station, 'base64'))
  return {
    id: desk.id,
    card: state.card,
    station: fingerprintOf(fingerprint),
    marking: state.marking,
    founding: state.founding,
    writable: desk.writing,
    people: state.people.map(personView),
    trust: state.trust.map(signerView),
    ...trustParts(desk),
    policy: state.policy,
    streams: streamViews(desk),
    channels: channelViews(desk),
    desks: namedDesks(desk),
    causes: [...state.causes],
    ledger: { size: head.size, root, words: wordsOf(root) },
    clock: { now: desk.now(), floor: state.floor },
    putBack: putBackView(desk),
    flags: [...state.flags],
    recovered: [...desk.recovered],
    warnings: [...desk.warnings],
  }
}
