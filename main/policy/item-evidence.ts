import { pinNames, type PinName } from '../../shared/evidence.ts'
import type { Policy, PolicyIdentity } from '../../shared/policy.ts'
import type { Item } from '../../shared/waybill.ts'
import type { Assessed } from '../evidence/assess.ts'
import { made, type ItemCheckId, type RuleResult } from './rule-result.ts'

/** The part of an item that rules are about. */
export type About = Pick<Item, 'kind' | 'name' | 'root'> & Partial<Pick<Item, 'reference'>>

function isBy(one: Assessed, identity: PolicyIdentity): boolean {
  if ('key' in identity) return one.key === identity.fingerprint
  const { identity: signer } = one
  const { root, logs, scts } = identity
  const times = identity.time === 'desk-clock' ? 0 : identity.times
  // Under a root of its own it counts there alone; what is asked is the identity's number of operators.
  const counts = root === undefined ? one.counts : one.under.find((under) => under.root === root)?.counts
  return (
    signer !== null &&
    counts !== null &&
    counts !== undefined &&
    counts.logs >= logs &&
    counts.times >= times &&
    counts.scts >= scts &&
    signer.issuer === (identity.issuer ?? null) &&
    signer.name.value === identity.identity &&
    Object.entries(identity.pins).every(
      ([name, value]) => signer.extensions.get(pinNames[name as PinName]) === value,
    )
  )
}

type ByCertificate = Exclude<PolicyIdentity, { key: string }>

// What is usual is not said: one log, one time, one log of certificates, under any root of the desk.
const sayDemands = ({ root, logs, times, scts, time }: ByCertificate): string =>
  [
    ...(root === undefined ? [] : [`, under the root ${root}`]),
    ...(logs === 1 ? [] : [`, ${logs} logs`]),
    ...(time === 'desk-clock' ? [', at the clock of this desk, which proves no time'] : []),
    ...(times === 1 ? [] : [`, ${times} sources of time`]),
    ...(scts === 1 ? [] : [`, ${scts} logs of certificates`]),
  ].join('')

const sayIdentity = (identity: PolicyIdentity): string =>
  'key' in identity
    ? `${identity.name} (key ${identity.fingerprint})`
    : `${identity.name} (${identity.identity}, ${identity.issuer === undefined ? 'without an issuer' : `vouched for by ${identity.issuer}`}${sayDemands(identity)})`

/** Signed, about this, and not looked into: nobody knows what it says, and it says it of this item. */
export const isTooLarge = ({ view }: Assessed): boolean => view.unreadable?.code === 'statement.too-large'
export const tooLarge = (id: ItemCheckId, expected: string, one: Assessed): RuleResult =>
  made(
    id,
    'not-checked',
    'too-large',
    { expected, found: `a document that is too large to be read, signed by ${saySigner(one)}` },
    [one],
  )

/** Who signed a piece, in words. */
export function saySigner({ view }: Assessed): string {
  const signer = view.proven?.signer
  if (signer === undefined) return view.reason?.found ?? 'nobody known'
  return signer.kind === 'key'
    ? `the key ${signer.fingerprint}`
    : `${signer.name}, vouched for by ${signer.issuer}`
}

/** One signer, however often: a key, or whom an issuer vouched for. */
export const signerOf = ({ key, identity }: Assessed): string =>
  key ?? JSON.stringify([identity?.issuer, identity?.name.value])

/** Everything that is said of an item itself, not of a part of it. */
export class Evidence {
  readonly about: readonly Assessed[]
  /** With what is said of parts of it. */
  readonly all: readonly Assessed[]
  private readonly identities: ReadonlyMap<string, PolicyIdentity>

  constructor(item: About, all: readonly Assessed[], policy: Policy) {
    this.all = all
    // Beside the item is not about the item: what names another thing is no evidence here, whoever signed it.
    this.about = all.filter(
      ({ view }) => view.subject === item.root.digest && view.reason?.code !== 'statement.other-subject',
    )
    this.identities = new Map(policy.identities.map((one) => [one.name, one]))
  }

  named(name: string): PolicyIdentity[] {
    const found = this.identities.get(name)
    return found === undefined ? [] : [found]
  }

  /** Whether anybody whom the policy names at all signed it. */
  isByNamed(one: Assessed): boolean {
    return [...this.identities.values()].some((identity) => isBy(one, identity))
  }

  isBy(one: Assessed, names: readonly string[]): boolean {
    return names.flatMap((name) => this.named(name)).some((identity) => isBy(one, identity))
  }

  say(names: readonly string[]): string {
    return names
      .flatMap((name) => this.named(name))
      .map(sayIdentity)
      .join(' or ')
  }
}

/** Nothing of the kind, something of others, or something that nobody known vouches for: the last is not a failure. */
export function missing(
  id: ItemCheckId,
  expected: string,
  of: readonly Assessed[],
  why: readonly string[],
): RuleResult {
  const unknown = of.filter(({ view }) => view.result === 'unknown')
  const found = [
    ...why,
    ...unknown.map(({ view }) => `${view.reason?.means ?? ''} (${view.reason?.code ?? ''})`),
  ]
  const words = { expected, found: found.join('; ') || 'none' }
  if (unknown.length > 0) return made(id, 'not-checked', 'nobody-known', words, unknown)
  return made(id, 'fail', of.length === 0 ? 'none' : 'differs', words, of)
}
