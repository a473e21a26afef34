import type { DeskView } from '../../shared/views.ts'
import { useMirror } from './mirror.ts'

/** Why nothing at all can be written at a desk now; `null` while it can. */
export function closedWhy(desk: Pick<DeskView, 'putBack'> | null): string | null {
  if (desk === null || desk.putBack === null) return null
  return 'This desk was put back, as from a backup: everything but reading waits until that is recorded, under Consignments.'
}

/** Why nothing at all can be written at the open desk now; `null` while it can. */
export function useClosed(): string | null {
  return useMirror((mirror) => closedWhy(mirror.desk))
}

/** Why two security officers cannot make a change together now; `null` while they can. */
export function useBarred(change: 'stream' | 'other'): string | null {
  const founding = useMirror((mirror) => mirror.desk?.founding === true)
  const busy = useMirror((mirror) => mirror.jobs.some((one) => one.state === 'running'))
  if (founding) return 'This takes two security officers. This desk is not sealed yet: seal it under People.'
  // What is read meanwhile would be judged by an order that no longer holds.
  return busy && change === 'stream' ? 'Work is under way at this desk. This waits until it has ended.' : null
}
