import type { ChangeView } from '../../shared/changes.ts'
import type { ConsignmentView, HeldView } from '../../shared/views.ts'
import { sameRests } from '../text/order.ts'
import { useMirror } from './mirror.ts'

const none: readonly ChangeView[] = []

/** A release as its change says it. */
type Release = Pick<HeldView, 'row' | 'rests'> & { readonly consignment: string }

/** The release of what holds a consignment now that waits for a second officer; `null` where none does. */
export function usePending({ id, held }: Pick<ConsignmentView, 'id' | 'held'>): ChangeView | null {
  const changes = useMirror((mirror) => mirror.desk?.changes) ?? none
  if (held === null) return null
  const found = changes.find((one) => {
    if (one.kind !== 'stream.release' || one.state !== 'pending') return false
    const { consignment, row, rests } = JSON.parse(one.text) as Release
    return consignment === id && row === held.row && sameRests(rests, held.rests)
  })
  return found ?? null
}
