import { basename } from 'node:path'
import type { ForeignTools } from '../../collect/tools.ts'
import { isKeyring, readKeyring } from '../../look/keyrings.ts'
import { openThing } from '../../look/open.ts'
import { signedText } from '../../look/openpgp.ts'
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
    signedText: async (bytes, keys) => {
      const keyrings = isKeyring(keys) ? [await readKeyring(keys)] : []
      const { text, found } = await signedText(bytes, { keyrings, now: context.ports.clock.now() })
      const [worst] = found.filter(({ result }) => result === 'bad')
      const [proven] = found.filter(({ result }) => result === 'proven')
      if (text === null) return { found: 'no signed text' }
      if (worst !== undefined) return { found: `a signature that is wrong (${worst.reason ?? ''})` }
      if (proven !== undefined) return { signer: proven.signer ?? '', text }
      return { found: `nobody whose key is there (${found[0]?.reason ?? 'no signature'})` }
    },
    open: async (path) => {
      const tree = await openThing(path, reading)
      return { tree, contents: await contentsOf(tree) }
    },
  }
}
