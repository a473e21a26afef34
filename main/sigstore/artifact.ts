import { createHash, type Hash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { readThrough } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import type { Statement } from './subject.ts'
import type { HashName } from './verifier-key.ts'

export type Digests = Partial<Record<HashName, Buffer>>

/** The thing that a bundle is said to be about: a file of any size, bytes in memory, or only a digest. */
export interface Artifact {
  /** The digests that can be had of those wanted; a file is read once for all of them. */
  digests(wanted: ReadonlySet<HashName>): Promise<Digests>
  /** Gives the whole to these hashes, in one reading and constant memory; `false`: only a digest is at hand. */
  feed(hashes: readonly Hash[]): Promise<boolean>
  /** The whole, where it is here and small enough (at most 16 MiB): what the second verifier is given. */
  whole(): Promise<Buffer | null>
  /** How statements of some types are about it; in all others a subject must have its digest. */
  readonly own?: OwnStatements
}

/** Statements that are about something in another way than by its digest as a subject. */
export interface OwnStatements {
  /** The predicate types of those that are signatures over it. */
  readonly types: readonly string[]
  /**
   * Demands that such a statement is about it.
   *
   * @returns what it does not speak for, in sentences fit to be shown
   * @throws Refusal `statement.*`
   */
  readonly check: (statement: Statement) => readonly string[]
}

async function digestFile(
  path: string,
  wanted: ReadonlySet<HashName>,
  signal: AbortSignal | undefined,
): Promise<Digests> {
  const hashes = [...wanted].map((name) => ({ name, hash: createHash(name) }))
  await readThrough(path, (piece) => hashes.forEach(({ hash }) => hash.update(piece)), signal)
  return Object.fromEntries(hashes.map(({ name, hash }) => [name, hash.digest()]))
}

/** A file, read once in pieces: constant memory whatever its size. Reading it throws what `readThrough` throws. */
export function fileArtifact(path: string, signal?: AbortSignal): Artifact {
  return {
    digests: (wanted) => digestFile(path, wanted, signal),
    feed: async (hashes) => {
      await readThrough(path, (piece) => hashes.forEach((hash) => hash.update(piece)), signal)
      return true
    },
    whole: async () => {
      // Too large a file is not read a second time to find that out.
      const there = await stat(path).catch(() => null)
      if (there !== null && there.size > limits.plainEd25519Bytes) return null
      const pieces: Buffer[] = []
      let size = 0
      await readThrough(
        path,
        (piece) => {
          size += piece.length
          if (size <= limits.plainEd25519Bytes) pieces.push(Buffer.from(piece))
        },
        signal,
      )
      return size > limits.plainEd25519Bytes ? null : Buffer.concat(pieces)
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
    feed: (hashes) => {
      for (const hash of hashes) hash.update(bytes)
      return Promise.resolve(true)
    },
    whole: () => Promise.resolve(bytes.length > limits.plainEd25519Bytes ? null : bytes),
  }
}

/** Only a digest, in hex: other digests and the whole cannot be had. */
export function digestArtifact(name: HashName, hex: string): Artifact {
  const digest = Buffer.from(hex, 'hex')
  return {
    digests: (wanted) => Promise.resolve(wanted.has(name) ? { [name]: digest } : {}),
    feed: () => Promise.resolve(false),
    whole: () => Promise.resolve(null),
  }
}

/** The same artifact, of which every digest is asked at most once: many signatures may be about one large file. */
export function rememberedArtifact(artifact: Artifact): Artifact {
  const known: Digests = {}
  const asked = new Set<HashName>()
  return {
    ...artifact,
    digests: async (wanted) => {
      const missing = new Set([...wanted].filter((name) => !asked.has(name)))
      if (missing.size > 0) Object.assign(known, await artifact.digests(missing))
      for (const name of missing) asked.add(name)
      return Object.fromEntries(Object.entries(known).filter(([name]) => wanted.has(name as HashName)))
    },
  }
}
