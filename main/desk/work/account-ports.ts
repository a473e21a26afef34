import { keptHeads } from '../../ledger/kept-head.ts'
import { keptSnapshots } from '../../ledger/snapshot.ts'
import { accountFolder } from '../../platform/account.ts'
import { buildId } from '../../platform/build-id.ts'
import type { Outside } from '../disk/open.ts'

/** What this account keeps of each desk outside its folder. A program that runs from its sources keeps no snapshots. */
export function accountPorts(): Outside {
  const folder = accountFolder()
  const snapshots = buildId === null ? null : keptSnapshots(folder, buildId)
  return { heads: keptHeads(folder), ...(snapshots && { snapshots }) }
}
