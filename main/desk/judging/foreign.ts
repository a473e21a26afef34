import { basename } from 'node:path'
import type { ForeignTools } from '../../collect/tools.ts'
import { openThing } from '../../look/open.ts'
import { contentsOf } from '../../look/readers.ts'
import type { Context } from '../work/context.ts'
import { lookOn, plainTrust } from './looking.ts'

/** How a collect looks into what others packed: by the keys and roots of the open desk. */
export function foreignTools(context: Context, signal: AbortSignal): ForeignTools {
  const reading = { signal, advance: () => undefined }
  return {
    look: async (path, keys) => {
      const own = await plainTrust(context, { keys: [], roots: [] })
      const trust =
        keys === undefined ? own : { ...own, keys: [...keys], roots: [], demands: [], named: true }
      return lookOn(context, { path, name: basename(path), trust }, { signal })
    },
    open: async (path) => {
      const tree = await openThing(path, reading)
      return { tree, contents: await contentsOf(tree) }
    },
  }
}
