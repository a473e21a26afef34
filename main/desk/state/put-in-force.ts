import { currentHalves, isDecided } from '../../../shared/rules/decision.ts'
import type { Digest } from '../../../shared/digest.ts'
import { parsePolicy } from '../../policy/parse.ts'
import type { Change } from './change.ts'
import { namedByPolicy } from './check-change.ts'
import { moveChannel, noteRelease, raiseEpoch, notePutBack } from './order.ts'
import type { DeskState } from './state.ts'

/** What the landing key is called among what was revoked. */
export const landingKeyName = 'the landing key'

interface When {
  readonly at: string
  /** Names of the officers; none while the desk is founding. */
  readonly by: readonly string[]
  /** Of the change, where officers signed it. */
  readonly digest: Digest | null
  /** The version of the rules that the event was made under. */
  readonly rules: number
}

// What nobody has accepted or rejected loses what the key did to it, also after a hold; what stands is flagged by the
// views. Under the first rules halves of a hold outlived it: those are kept, and counted only by those rules.
function voidHalves(state: DeskState, fingerprint: string, rules: number): void {
  for (const one of state.consignments.values()) {
    // What is sealed stays so; half a sealing that nobody can stand by any more does not wait for the other.
    one.sealing = one.sealing.filter((half) => half.fingerprint !== fingerprint)
    if (!isDecided(one.decided)) {
      one.overrides = one.overrides.filter((half) => half.fingerprint !== fingerprint)
      // Those under a hold that stood are spent: they count for nothing, and tell where the next round begins.
      const gone = currentHalves(one.halves).filter((half) => half.fingerprint === fingerprint)
      one.halves =
        one.decided === null || rules >= 2
          ? one.halves.filter((half) => !gone.includes(half))
          : one.halves.map((half) => (gone.includes(half) ? { ...half, outlived: true } : half))
    }
    if (one.releasedAt === null && one.approvals.some((other) => other.fingerprint === fingerprint)) {
      one.approvals = one.approvals.filter((other) => other.fingerprint !== fingerprint)
      if (one.state === 'signing' && one.approvals.length === 0) one.state = 'collected'
    }
    if (one.state === 'deciding' && one.halves.length === 0) one.state = 'arrived'
  }
}

function revoke(state: DeskState, fingerprint: string, reason: string, { at, rules }: When): void {
  const person = state.people.find((one) => one.fingerprint === fingerprint)
  const signer = state.trust.find((one) => one.fingerprint === fingerprint)
  const root = state.roots.find((one) => one.digest === `sha256:${fingerprint}`)
  const named = namedByPolicy(state, fingerprint)
  const landing = state.landing?.fingerprint === fingerprint ? landingKeyName : undefined
  const name = person?.name ?? signer?.name ?? root?.name ?? named?.name ?? landing ?? fingerprint
  state.revoked.set(fingerprint, { fingerprint, name, person: person?.id ?? null, at, reason })
  // New lists: a reading that is under way keeps the one it began with.
  state.trust = state.trust.filter((one) => one.fingerprint !== fingerprint)
  state.roots = state.roots.filter((one) => one !== root)
  if (state.landing?.fingerprint === fingerprint) state.landing = null
  voidHalves(state, fingerprint, rules)
}

type Unblocking = Extract<
  Change,
  {
    kind: 'time.floor' | 'cause.lift' | 'desk.restored' | 'stream.release' | 'stream.epoch' | 'stream.move'
  }
>

// The acts by which officers let a desk go on that something holds up.
function unblock(state: DeskState, change: Unblocking, { at, by }: When): void {
  switch (change.kind) {
    case 'time.floor':
      state.floor = change.at
      return
    case 'cause.lift':
      state.causes.delete(change.digest)
      return
    case 'desk.restored': {
      const { kept, found } = change
      state.restored = [...state.restored, { at, by, kept, found }]
      notePutBack(state.order)
      return
    }
    case 'stream.release':
      noteRelease(state.order, change)
      return
    case 'stream.epoch':
      raiseEpoch(state.order, change.channel, change.to)
      return
    case 'stream.move':
      moveChannel(state.order, change.channel, change.to)
  }
}

/** Takes a change into the state. Whether it may be is asked before (`check-change.ts`). */
export function putInForce(state: DeskState, change: Change, when: When): void {
  switch (change.kind) {
    case 'desk.seal': {
      const nameOf = (id: string): string => state.people.find((one) => one.id === id)?.name ?? id
      const officers = change.officers.map((one) => ({ ...one, name: nameOf(one.id) }))
      state.seal = when.digest === null ? null : { digest: when.digest, at: when.at, officers }
      state.founding = state.seal === null
      return
    }
    case 'person.add':
      state.people = [...state.people, change.person]
      return
    case 'person.key': {
      const { id, fingerprint, key, algorithm } = change
      const old = state.people.find((one) => one.id === id)
      if (old !== undefined) revoke(state, old.fingerprint, 'replaced by another key', when)
      state.people = state.people.map((one) =>
        one.id === id ? { ...one, fingerprint, key, algorithm } : one,
      )
      return
    }
    case 'trust.add':
      state.trust = [...state.trust, change.signer]
      return
    case 'trust.revoke':
      revoke(state, change.fingerprint, change.reason, when)
      state.people = state.people.filter((one) => one.fingerprint !== change.fingerprint)
      return
    case 'root.add':
      // A package brings a newer file under the same name.
      state.roots = [
        ...state.roots.filter((one) => one.name !== change.root.name),
        { ...change.root, at: when.at, by: when.by },
      ]
      if (change.root.tuf !== null) state.packages.set(change.root.name, change.root.tuf)
      return
    case 'peer.add':
      state.peers = [...state.peers.filter((one) => one.id !== change.peer.id), change.peer]
      return
    case 'landing.key': {
      const { fingerprint, key, locked } = change
      state.landing = { fingerprint, key, locked, at: when.at, by: when.by }
      return
    }
    case 'policy.set': {
      const { source, digest } = change
      state.policy = { source, digest, document: parsePolicy(Buffer.from(source, 'utf8')) }
      return
    }
    default:
      unblock(state, change, when)
  }
}
