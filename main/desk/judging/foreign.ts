import type { ForeignTools } from '../../collect/tools.ts'
import { look, wholeFileOf } from '../../look/look.ts'
import { openThing } from '../../look/open.ts'
import { contentsOf } from '../../look/readers.ts'
import type { Context } from '../work/context.ts'
import { trustOf } from './evidence-trust.ts'

/** How a collect looks into what others packed: by the keys and roots of the open desk. */
export function foreignTools(context: Context, signal: AbortSignal): ForeignTools {
  const reading = { signal, advance: () => undefined }
  const trust = { evidence: trustOf(context.desk()), named: false }
  return {
    look: (path) =>
      look(
        path,
        () => openThing(path, reading),
        () => wholeFileOf(path, signal),
        trust,
      ),
    open: async (path) => {
      const tree = await openThing(path, reading)
      return { tree, contents: await contentsOf(tree) }
    },
  }
}
