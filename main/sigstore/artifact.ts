import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { limits } from '../platform/limits.ts'
import type { HashName } from './verifier-key.ts'

export type Digests = Partial<Record<HashName, Buffer>>

/** The thing that a bundle is said to be about: a file of any size, bytes in memory, or only a digest. */
export interface Artifact {
  /** The digests that can be had of those wanted; a file is read once for all of them. */
  digests(wanted: ReadonlySet<HashName>): Promise<Digests>
  /** The whole, where it is here and small enough (at most 16 MiB): pure Ed25519 signs no digest. */
  whole(): Promise<Buffer | null>
}

const readSize = 1024 * 1024

async function digestFile(
  path: string,
  wanted: ReadonlySet<HashName>,
  signal: AbortSignal | undefined,
): Promise<Digests> {
  const hashes = [...wanted].map((name) => ({ name, hash: createHash(name) }))
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(readSize)
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await file.read(buffer, 0, readSize, null)
      if (bytesRead === 0) break
      for (const { hash } of hashes) hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
  return Object.fromEntries(hashes.map(({ name, hash }) => [name, hash.digest()]))
}

/** A file, read as a stream: constant memory whatever its size. */
export function fileArtifact(path: string, signal?: AbortSignal): Artifact {
  return {
    digests: (wanted) => digestFile(path, wanted, signal),
    whole: async () => {
      const file = await open(path, 'r')
      try {
        const buffer = Buffer.alloc(limits.plainEd25519Bytes + 1)
        let size = 0
        for (;;) {
          const { bytesRead } = await file.read(buffer, size, buffer.length - size, null)
          if (bytesRead === 0) return buffer.subarray(0, size)
          size += bytesRead
          if (size === buffer.length) return null
        }
      } finally {
        await file.close()
      }
    },
  }
}

/** Bytes in memory. */
export function bytesArtifact(bytes: Buffer): Artifact {
  return {
    digests: (wanted) =>
      Promise.resolve(
        Object.fromEntries([...wanted].map((name) => [name, createHash(name).update(bytes).digest()])),
      ),
    whole: () => Promise.resolve(bytes.length > limits.plainEd25519Bytes ? null : bytes),
  }
}

/** Only a digest, in hex: other digests and the whole cannot be had. */
export function digestArtifact(name: HashName, hex: string): Artifact {
  const digest = Buffer.from(hex, 'hex')
  return {
    digests: (wanted) => Promise.resolve(wanted.has(name) ? { [name]: digest } : {}),
    whole: () => Promise.resolve(null),
  }
}
