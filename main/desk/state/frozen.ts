import { parsePolicy } from '../../policy/parse.ts'
import type { Digest } from '../../../shared/digest.ts'
import { newConsignment, type Consignment } from './consignment.ts'
import type { OrderState, StreamState } from './order.ts'
import type { DeskState } from './state.ts'

/* A state as plain JSON and back: for a snapshot, and to hold two states against each other. */

type Pairs<Value> = readonly (readonly [string, Value])[]

/** What is a map or a set in a state, or is read from another field of it. */
type Other = 'policy' | 'consignments' | 'order' | 'causes' | 'packages' | 'revoked'
type OrderOther = 'entries' | 'streams' | 'owners' | 'epochs' | 'heads' | 'ended'
type HeadsOf = OrderState['heads'] extends Map<string, infer Heads> ? Heads : never
type ValueOf<Kept> = Kept extends Map<string, infer Value> ? Value : never

/** A consignment without what is as in a new one. */
type FrozenConsignment = Pick<Consignment, 'id' | 'updated'> & Partial<Consignment>

/** A state without maps, sets and what is read from text. */
export interface FrozenState extends Omit<DeskState, Other> {
  readonly policy: Omit<DeskState['policy'], 'document'>
  readonly consignments: readonly FrozenConsignment[]
  readonly causes: readonly Digest[]
  readonly packages: Pairs<ValueOf<DeskState['packages']>>
  readonly revoked: Pairs<ValueOf<DeskState['revoked']>>
  readonly order: Omit<OrderState, OrderOther> & {
    readonly streams: Pairs<StreamState>
    readonly owners: Pairs<string>
    readonly epochs: Pairs<number>
    readonly heads: Pairs<HeadsOf>
    readonly ended: Pairs<string>
  }
}

const blank = Object.entries(newConsignment('', ''))

function withoutDefaults(one: Consignment): FrozenConsignment {
  const { id, updated } = one
  const isDefault = (value: unknown, usual: unknown): boolean =>
    value === usual || (Array.isArray(value) && value.length === 0)
  const given = blank.filter(([name, usual]) => !isDefault(one[name as keyof Consignment], usual))
  return { id, updated, ...Object.fromEntries(given.map(([name]) => [name, one[name as keyof Consignment]])) }
}

/** The same state as plain data. It shares its parts with the state: nobody may change them while it is in use. */
export function freeze(state: DeskState): FrozenState {
  const { policy, consignments, causes, packages, revoked, order, ...rest } = state
  const { streams, owners, epochs, heads, ended, putBack } = order
  return {
    ...rest,
    policy: { digest: policy.digest, source: policy.source },
    consignments: [...consignments.values()].map(withoutDefaults),
    causes: [...causes],
    packages: [...packages],
    revoked: [...revoked],
    order: {
      putBack,
      streams: [...streams],
      owners: [...owners],
      epochs: [...epochs],
      heads: [...heads],
      ended: [...ended],
    },
  }
}

function entriesOf(streams: Iterable<StreamState>): OrderState['entries'] {
  const entries: OrderState['entries'] = new Map()
  for (const state of streams) {
    for (const entry of state.seen) {
      const known = entries.get(entry.digest)
      if (known === undefined) entries.set(entry.digest, [{ state, entry }])
      else known.push({ state, entry })
    }
  }
  return entries
}

/**
 * The state again.
 *
 * @param consignments those of the state: the largest part, made when somebody first asks for one
 * @throws Failure `policy-form` when its policy is none
 */
export function thaw(
  frozen: Omit<FrozenState, 'consignments'>,
  consignments: () => FrozenState['consignments'],
): DeskState {
  const { policy, causes, packages, revoked, order, ...rest } = frozen
  const streams = new Map(order.streams)
  let made: DeskState['consignments'] | null = null
  return {
    ...rest,
    policy: { ...policy, document: parsePolicy(Buffer.from(policy.source, 'utf8')) },
    get consignments() {
      made ??= new Map(
        consignments().map((one) => [one.id, { ...newConsignment(one.id, one.updated), ...one }]),
      )
      return made
    },
    causes: new Set(causes),
    packages: new Map(packages),
    revoked: new Map(revoked),
    order: {
      putBack: order.putBack,
      entries: entriesOf(streams.values()),
      streams,
      owners: new Map(order.owners),
      epochs: new Map(order.epochs),
      heads: new Map(order.heads),
      ended: new Map(order.ended),
    },
  }
}
