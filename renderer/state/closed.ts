import type { DeskView } from '../../shared/views.ts'
import { useMirror } from './mirror.ts'

/** Why nothing at all can be written at a desk now; `null` while it can. */
export function closedWhy(desk: Pick<DeskView, 'putBack'> | null): string | null {
  if (desk === null || desk.putBack === null) return null
  return 'This desk was put back, as from a backup. It can be read; everything else waits until that is recorded, under Consignments.'
}

/** Why nothing at all can be written at the open desk now; `null` while it can. */
export function useClosed(): string | null {
  return useMirror((mirror) => closedWhy(mirror.desk))
}
