import { createCipheriv } from 'node:crypto'

/** What a block of the stream is made of at most. */
export const blockBytes = 1024 * 1024

const zeros = Buffer.alloc(blockBytes)

// Sixteen bytes a step of the counter.
function counterAt(position: number): Buffer {
  const counter = Buffer.alloc(16)
  counter.writeBigUInt64BE(BigInt(position) / 16n, 8)
  return counter
}

/**
 * The bytes that stand at a position of the test: AES-256 in counter mode over zeros. Each place has its own, so that a
 * drive that answers with another place, or with what it made up, is told.
 *
 * @param position a multiple of 16
 */
export function keystream(key: Buffer, position: number): (length: number) => Buffer {
  const cipher = createCipheriv('aes-256-ctr', key, counterAt(position))
  return (length) => cipher.update(zeros.subarray(0, length))
}
