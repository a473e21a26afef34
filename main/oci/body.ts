import type { Readable } from 'node:stream'
import { asFailure, causeOf, Failure } from '../platform/failure.ts'

/**
 * Reads an answer whole, up to a limit.
 *
 * @throws Failure `too-large`, `registry-unreachable`, `cancelled`
 */
export function readBody(body: Readable, most: number, host: string, subject: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let length = 0
    body.on('data', (piece: Buffer) => {
      length += piece.length
      if (length <= most) {
        pieces.push(piece)
        return
      }
      reject(new Failure('too-large', { subject, expected: most }))
      body.destroy()
    })
    body.on('end', () => resolve(Buffer.concat(pieces)))
    body.on('error', (error) => reject(broken(error, host)))
    body.on('close', () =>
      reject(new Failure('registry-unreachable', { host, found: 'the answer broke off' })),
    )
  })
}

/** A broken stream as a failure: what we threw ourselves stays, an abort is `cancelled`. */
export function broken(error: unknown, host: string): Failure {
  const known = asFailure(error)
  if (known.code !== 'internal') return known
  return new Failure('registry-unreachable', { host, found: causeOf(error) }, error)
}
