import type { ChangeView } from '../../shared/changes.ts'
import type { ConsignmentView, HeldView } from '../../shared/views.ts'
import { sameRests } from '../text/order.ts'
import { useMirror } from './mirror.ts'

const none: readonly ChangeView[] = []

/** A release as its change says it. */
type Release = Pick<HeldView, 'row' | 'rests'> & { readonly consignment: string }

/** Whether exactly this change waits for a second officer already. */
export function useAsked(change: Readonly<Record<string, string | number | null>>): boolean {
  // As it is signed: canonical JSON, its keys in their order.
  const text = JSON.stringify(Object.fromEntries(Object.entries(change).sort(([a], [b]) => (a < b ? -1 : 1))))
  return useMirror(
    (mirror) => mirror.desk?.changes.some((one) => one.state === 'pending' && one.text === text) === true,
  )
}

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
