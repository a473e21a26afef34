import type { Consignment } from './consignment.ts'
import type { DeskState } from './state.ts'

/** Consignments of which only those are copied that an event looks at. */
class DraftConsignments extends Map<string, Consignment> {
  private readonly copied = new Set<string>()

  override get(id: string): Consignment | undefined {
    const one = super.get(id)
    if (one === undefined || this.copied.has(id)) return one
    const copy = structuredClone(one)
    this.copied.add(id)
    this.set(id, copy)
    return copy
  }

  override values(): MapIterator<Consignment> {
    for (const id of [...this.keys()]) this.get(id)
    return super.values()
  }
}

/** A copy of a state to try an event on: nothing that it does reaches the state itself. */
export function draftOf(state: DeskState): DeskState {
  let order: DeskState['order'] | null = null
  return {
    ...state,
    consignments: new DraftConsignments(state.consignments),
    // The largest part, and most events have nothing to do with it.
    get order() {
      order ??= structuredClone(state.order)
      return order
    },
    causes: new Set(state.causes),
    packages: new Map(state.packages),
    revoked: new Map(state.revoked),
    changes: structuredClone(state.changes),
    flags: [...state.flags],
  }
}
