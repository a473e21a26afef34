import { join } from 'node:path'
import { makeFolder, readCapped, writeRecord } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import type { PublicKey } from '../sigstore/public-key.ts'

import { readCheckpoint } from './checkpoint.ts'
import type { Head } from './merkle.ts'

/** Keeps the newest head of each desk outside its folder. */
export interface HeadsPort {
  /** The signed head that was kept last; `null` where there is none. */
  read(desk: string): Promise<string | null>
  write(desk: string, checkpoint: string): Promise<void>
}

/** Heads as files of the account: one for each desk, named by its id. */
export function keptHeads(folder: string): HeadsPort {
  const heads = join(folder, 'heads')
  const file = (desk: string): string => join(heads, `${desk}.checkpoint`)
  return {
    read: async (desk) =>
      readCapped(file(desk), limits.smallFileBytes).then(
        (bytes) => bytes.toString('utf8'),
        () => null,
      ),
    write: async (desk, checkpoint) => {
      await makeFolder(heads)
      await writeRecord(file(desk), checkpoint)
    },
  }
}

/** What a desk was put back from, and to. */
export interface PutBack {
  /** The newest head that is known of it outside. */
  readonly kept: Head
  readonly found: Head
}

/**
 * Whether a desk was put back: a head that this account has seen of it is not in its ledger. What its own station did not
 * sign tells nothing.
 */
export async function putBackFrom(
  port: HeadsPort | undefined,
  desk: string,
  key: PublicKey,
  found: Head,
  rootAt: (size: number) => Buffer | null,
): Promise<PutBack | null> {
  const text = (await port?.read(desk)) ?? null
  const kept = text === null ? null : readCheckpoint(text, desk, key)
  if (kept === null || rootAt(kept.size)?.equals(kept.root) === true) return null
  return { kept, found }
}
