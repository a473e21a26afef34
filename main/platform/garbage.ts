import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes of pieces that a thread receives before it clears away those it is done with. */
const heap = 4 * 1024 * 1024

let unswept = 0
let sweep: ((options: { readonly type: 'minor' }) => void) | null | undefined

function sweeper(): typeof sweep {
  try {
    setFlagsFromString('--expose-gc')
    const found: unknown = runInNewContext('gc')
    return typeof found === 'function' ? (found as NonNullable<typeof sweep>) : null
  } catch {
    return null
  }
}

/**
 * Counts bytes that came over the network and are done with. V8 lets buffers of each thread grow to some 90 MB before it
 * looks at them, because they lie outside its heap: several threads that only receive and write hold hundreds of megabytes
 * of what nobody needs. Now and then the young ones are cleared away; where the runtime has no such call, nothing is done.
 */
export function received(bytes: number): void {
  unswept += bytes
  if (unswept < heap) return
  unswept = 0
  sweep ??= sweeper()
  sweep?.({ type: 'minor' })
}
