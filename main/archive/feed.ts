/** A stream that takes bytes, of the platform or of a library that makes its own. */
export interface Taker {
  readonly destroyed: boolean
  write(bytes: Buffer): boolean
  end(last: undefined): unknown
  destroy(error?: Error): unknown
  on(event: 'drain' | 'close', act: () => void): unknown
  off(event: 'drain' | 'close', act: () => void): unknown
}

function room(taker: Taker): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      taker.off('drain', go)
      taker.off('close', go)
      resolve()
    }
    taker.on('drain', go)
    taker.on('close', go)
  })
}

// It changes while somebody waits.
const isGone = (taker: Taker): boolean => taker.destroyed

/**
 * Gives a stream its bytes, no faster than it takes them. What goes wrong with the bytes destroys the stream, so whoever
 * reads from it is told. Never throws.
 */
export async function feed(taker: Taker, bytes: AsyncIterable<Buffer>): Promise<void> {
  try {
    for await (const piece of bytes) {
      if (isGone(taker)) return
      if (!taker.write(piece)) await room(taker)
    }
    if (!isGone(taker)) taker.end(undefined)
  } catch (error) {
    taker.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}
