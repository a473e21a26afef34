import { setFlagsFromString } from 'node:v8'

/** Bytes of pieces that a thread receives before it clears away those it is done with. */
const most = 1024 * 1024

type Sweep = (options: { readonly type: 'minor' }) => void
let unswept = 0

/** Lets threads that are started from now on clear away what they are done with, by `received`. */
export function letThreadsSweep(): void {
  setFlagsFromString('--expose-gc')
}

/**
 * Counts bytes that came over the network and are done with. V8 lets buffers of each thread grow to some 90 MB before it
 * looks at them, because they lie outside its heap: threads that only receive and write hold hundreds of megabytes of what
 * nobody needs. Now and then the young ones are cleared away; where a thread cannot, nothing is done.
 */
export function received(bytes: number): void {
  unswept += bytes
  if (unswept < most) return
  unswept = 0
  const { gc } = globalThis as { gc?: Sweep }
  gc?.({ type: 'minor' })
}
