import type { ForeignTools } from '../../collect/tools.ts'
import { look, wholeOf } from '../../look/look.ts'
import { openThing } from '../../look/open.ts'
import { contentsOf } from '../../look/readers.ts'
import type { Context } from '../work/context.ts'
import { trustOf } from './evidence-trust.ts'

/** How a collect looks into what others packed: by the keys and roots of the open desk. */
export function foreignTools(context: Context, signal: AbortSignal): ForeignTools {
  const reading = { signal, advance: () => undefined }
  const now = context.ports.clock.now()
  const trust = { evidence: trustOf(context.desk()), keyrings: [], named: false, now }
  return {
    look: (path) => look(path, () => openThing(path, reading), wholeOf, trust),
    open: async (path) => {
      const tree = await openThing(path, reading)
      return { tree, contents: await contentsOf(tree) }
    },
  }
}
