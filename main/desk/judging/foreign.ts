import { basename } from 'node:path'
import type { ForeignTools, TakenFile } from '../../collect/tools.ts'
import { isKeyring, readKeyring } from '../../look/keyrings.ts'
import { judgeDocument, type SpokenFor } from '../../look/judge-document.ts'
import { openThing } from '../../look/open.ts'
import { signedText } from '../../look/openpgp.ts'
import { contentsOf } from '../../look/readers.ts'
import { readThrough } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import type { Context } from '../work/context.ts'
import { trustOf } from './evidence-trust.ts'
import { lookOn, plainTrust } from './looking.ts'

function lent(about: Buffer | TakenFile, signal: AbortSignal): SpokenFor {
  if (!Buffer.isBuffer(about)) {
    const { digest, size, place } = about
    return { digest, size, lend: (_, __, use) => use((take) => readThrough(place, take, signal)) }
  }
  const use: SpokenFor['lend'] = (_, __, give) =>
    give((take) => {
      take(about)
      return Promise.resolve()
    })
  return { digest: digestOf(about), size: about.length, lend: use }
}

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
    judge: (document, about) => judgeDocument(document, lent(about, signal), trustOf(context.desk())),
    open: async (path) => {
      const tree = await openThing(path, reading)
      return { tree, contents: await contentsOf(tree) }
    },
  }
}
