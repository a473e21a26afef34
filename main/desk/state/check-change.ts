import { deskIdOf } from '../../bundle/waybill.ts'
import { Failure } from '../../platform/failure.ts'
import { digestOf } from '../../platform/hash.ts'
import { parsePolicy } from '../../policy/parse.ts'
import { KeyError, readSpki } from '../../sigstore/public-key.ts'
import { leastVersions } from '../../trust/package.ts'
import { TufError } from '../../trust/tuf.ts'
import type { PolicyIdentity } from '../../../shared/policy.ts'
import type { Change } from './change.ts'
import type { InstalledRoot, Person, Tuf } from './entries.ts'
import { isDecided } from '../../../shared/rules/decision.ts'
import { excludedPair, isSame } from '../../../shared/rules/roles.ts'
import { rulesNow } from '../../../shared/rules/version.ts'
import { personHere, type DeskState } from './state.ts'
import { epochOf } from './order.ts'

export const leastOfficers = 2

/** The people who may change a sealed desk, by their ids. */
export function officersOf(state: Pick<DeskState, 'people'>): Person[] {
  return state.people
    .filter((person) => person.roles.includes('security-officer'))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

function checkKey(state: DeskState, fingerprint: string, key: string): void {
  let found = ''
  try {
    found = readSpki(Buffer.from(key, 'base64')).fingerprint
  } catch (error) {
    found = error instanceof KeyError ? error.message : 'something else'
  }
  if (found !== fingerprint)
    throw new Failure('key-unreadable', { expected: `the key ${fingerprint}`, found })
  const revoked = state.revoked.get(fingerprint)
  if (revoked !== undefined) {
    throw new Failure('key-revoked', { found: revoked.name, at: revoked.at, reason: revoked.reason })
  }
}

// The landing key lies in the folder of the desk: nobody signs with it.
function checkNotLanding({ landing }: DeskState, fingerprint: string): void {
  if (landing?.fingerprint === fingerprint)
    throw new Failure('landing-key-taken', { found: 'the landing of this desk' })
}

function checkOwnKey(state: DeskState, fingerprint: string, key: string): void {
  checkKey(state, fingerprint, key)
  checkNotLanding(state, fingerprint)
}

function checkPerson(state: DeskState, person: Person, rules: number): void {
  checkOwnKey(state, person.fingerprint, person.key)
  const pair = excludedPair(person.roles)
  if (pair !== null) {
    throw new Failure('roles-exclude', { person: person.name, first: pair[0], second: pair[1] })
  }
  const same = state.people.find((one) => isSame(personHere(one), personHere(person), rules))
  if (same !== undefined) throw new Failure('person-exists', { person: same.id })
}

function checkNewKey(state: DeskState, change: Extract<Change, { kind: 'person.key' }>): void {
  if (!state.people.some((one) => one.id === change.id)) {
    throw new Failure('person-unknown', { person: change.id })
  }
  checkOwnKey(state, change.fingerprint, change.key)
  if (state.people.some((one) => one.fingerprint === change.fingerprint)) {
    throw new Failure('person-exists', { person: change.id })
  }
}

/** The identity by this key whose signatures of content the policy counts. */
export function namedByPolicy(state: DeskState, fingerprint: string): PolicyIdentity | undefined {
  return state.policy.document.identities.find((one) => 'key' in one && one.fingerprint === fingerprint)
}

function checkRevocation(state: DeskState, fingerprint: string): void {
  const known =
    state.people.some((one) => one.fingerprint === fingerprint) ||
    state.trust.some((one) => one.fingerprint === fingerprint) ||
    state.roots.some((one) => one.digest === `sha256:${fingerprint}`) ||
    state.landing?.fingerprint === fingerprint ||
    namedByPolicy(state, fingerprint) !== undefined
  if (!known) throw new Failure('revoke-unknown', { found: fingerprint })
  if (state.founding) return
  const left = officersOf(state).filter((one) => one.fingerprint !== fingerprint).length
  if (left < leastOfficers) throw new Failure('officers-too-few', { expected: leastOfficers, found: left })
}

function checkSeal(state: DeskState, officers: readonly { id: string; fingerprint: string }[]): void {
  if (state.seal !== null) throw new Failure('desk-sealed', { found: state.seal.at })
  const here = officersOf(state)
  if (here.length < leastOfficers) {
    throw new Failure('officers-too-few', { expected: leastOfficers, found: here.length })
  }
  const same = here.every(
    (one, i) => one.id === officers[i]?.id && one.fingerprint === officers[i].fingerprint,
  )
  if (!same || here.length !== officers.length) {
    throw new Failure('bad-input', {
      found: 'other officers',
      expected: here.map((one) => one.id).join(', '),
    })
  }
}

function checkContent(change: { readonly digest: string; readonly source: string }): void {
  const found = digestOf(change.source)
  if (found !== change.digest) throw new Failure('desk-damaged', { expected: change.digest, found })
}

// Since version 4 of the rules: new keys of timestamp and snapshot let their versions begin anew (TUF 5.3.11).
function leastOf(last: Tuf, next: Tuf, rules: number): Tuf['versions'] {
  if (rules < 4) return last.versions
  try {
    return leastVersions({ root: Buffer.from(last.root), versions: last.versions }, Buffer.from(next.root))
  } catch (error) {
    // What cannot be read says nothing of new keys.
    if (error instanceof TufError) return last.versions
    throw error
  }
}

function checkRoot(state: DeskState, root: InstalledRoot, rules: number): void {
  const { name, digest, tuf } = root
  checkContent(root)
  const revoked = state.revoked.get(digest.slice('sha256:'.length))
  if (revoked !== undefined) {
    throw new Failure('key-revoked', { found: revoked.name, at: revoked.at, reason: revoked.reason })
  }
  const last = state.packages.get(name)
  const known = state.roots.find((one) => one.name === name || one.digest === digest)
  const renews = tuf !== null && known !== undefined && known.tuf !== null && known.name === name
  if (known !== undefined && !renews) throw new Failure('root-exists', { found: known.name })
  if (tuf === null || last === undefined) return
  const least = leastOf(last, tuf, rules)
  const falls = (['root', 'timestamp', 'snapshot', 'targets'] as const).find(
    (part) => tuf.versions[part] < least[part],
  )
  if (falls !== undefined) {
    throw new Failure('package-older', {
      part: falls,
      found: tuf.versions[falls],
      expected: least[falls],
    })
  }
  const [found, before] = [tuf.reference.at, last.reference.at]
  if (rules >= 4 && found < before)
    throw new Failure('reference-time', { found, expected: `not before ${before}` })
}

/** How far one raise of an epoch may go: a slip of the hand does not end a channel. */
export const mostRaise = 1000

function checkEpoch(state: DeskState, channel: string, to: number, least: number): void {
  const now = epochOf(state.order, channel)
  const most = Math.min(now + mostRaise, Number.MAX_SAFE_INTEGER)
  if (to < now + least || to > most) {
    throw new Failure('epoch-range', { channel, found: to, expected: `${now + least} to ${most}` })
  }
}

function needHigh(state: DeskState): void {
  const found = state.card.side
  if (found !== 'high') throw new Failure('wrong-side', { expected: 'high', found })
}

// A desk that is paired with, hears from or gives a channel to another one means another one.
function checkOther(state: DeskState, change: Change, rules: number): void {
  if (rules < 3) return
  const named =
    change.kind === 'peer.add'
      ? [change.peer.id]
      : change.kind === 'trust.add'
        ? (change.signer.senders ?? [])
        : change.kind === 'stream.move'
          ? [change.to]
          : []
  const own = deskIdOf(state.card)
  if (named.includes(own)) throw new Failure('own-desk', { found: own })
}

// Whether the row holds it now is asked when it is proposed: what is not named holds again all the same.
function checkRelease(state: DeskState, change: Extract<Change, { kind: 'stream.release' }>): void {
  needHigh(state)
  const { consignment, waybill, row, recovery } = change
  const one = state.consignments.get(consignment)
  if (one?.waybill !== waybill) throw new Failure('consignment-unknown', { found: consignment })
  if (isDecided(one.decided) || !state.order.entries.has(waybill)) {
    throw new Failure('consignment-state', { found: one.state, expected: 'seen and not decided' })
  }
  if ((row === 'order.state') !== (recovery !== null)) throw new Failure('recovery-needed', { found: row })
  if (recovery !== null && one.channel !== null) checkEpoch(state, one.channel, recovery.epoch, 0)
}

// A key of its own: a seal must never be somebody's signature, or the other way round.
function checkLanding(
  state: DeskState,
  { fingerprint, key }: Extract<Change, { kind: 'landing.key' }>,
): void {
  needHigh(state)
  checkKey(state, fingerprint, key)
  const { algorithm } = readSpki(Buffer.from(key, 'base64'))
  if (algorithm !== 'p256') throw new Failure('key-unreadable', { expected: 'ECDSA P-256', found: algorithm })
  const station = readSpki(Buffer.from(state.card.station, 'base64'))
  const owner =
    [...state.people, ...state.trust].find((one) => one.fingerprint === fingerprint)?.name ??
    (station.fingerprint === fingerprint ? 'this station' : namedByPolicy(state, fingerprint)?.name)
  if (owner !== undefined) throw new Failure('landing-key-taken', { found: owner })
  if (state.landing?.fingerprint === fingerprint)
    throw new Failure('nothing-to-change', { found: fingerprint })
}

function checkMove(state: DeskState, { channel, to }: Extract<Change, { kind: 'stream.move' }>): void {
  needHigh(state)
  if (state.order.owners.get(channel) === to) throw new Failure('channel-owner', { channel, found: to })
}

/**
 * Whether a change may be made from this state. Asked when it is proposed, when it is signed, and at each replay.
 *
 * @throws Failure of the rule that it breaks
 */
export function checkChange(state: DeskState, change: Change, rules = rulesNow): void {
  checkOther(state, change, rules)
  switch (change.kind) {
    case 'desk.seal':
      checkSeal(state, change.officers)
      return
    case 'person.add':
      checkPerson(state, change.person, rules)
      return
    case 'person.key':
      checkNewKey(state, change)
      return
    case 'trust.add': {
      const { fingerprint, key } = change.signer
      checkOwnKey(state, fingerprint, key)
      const known = state.trust.find((one) => one.fingerprint === fingerprint)
      if (known !== undefined) throw new Failure('trust-exists', { found: known.name })
      return
    }
    case 'trust.revoke':
      checkRevocation(state, change.fingerprint)
      return
    case 'root.add':
      checkRoot(state, change.root, rules)
      return
    case 'peer.add':
      return
    case 'time.floor':
      if (change.at === state.floor) throw new Failure('nothing-to-change', { found: change.at ?? 'no time' })
      return
    case 'cause.lift':
      if (!state.causes.has(change.digest)) throw new Failure('cause-none', { found: change.digest })
      return
    case 'desk.restored':
      return
    case 'policy.set': {
      checkContent(change)
      const { version, identities } = parsePolicy(Buffer.from(change.source, 'utf8'))
      for (const one of identities) if ('key' in one) checkNotLanding(state, one.fingerprint)
      const current = state.policy.document.version
      if (version !== change.version || version <= current) {
        throw new Failure('policy-version', { found: version, expected: current })
      }
      return
    }
    case 'landing.key':
      checkLanding(state, change)
      return
    case 'stream.release':
      checkRelease(state, change)
      return
    case 'stream.epoch':
      checkEpoch(state, change.channel, change.to, 1)
      return
    case 'stream.move':
      checkMove(state, change)
  }
}
