import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { makeFolder, readCapped, writeRecord } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'

/*
 * What a desk's ledger told when it was last read in full, so that lists and pages of a long one come at once. It is kept
 * where whoever changes the desk's folder does not reach, and sealed by a key that only the folder gives: neither of the
 * two places alone reads it or makes one. What an act stands on is verified from the lines all the same.
 */

/** Keeps the snapshot of each desk outside its folder. */
export interface SnapshotsPort {
  /** Names the program that folds lines: another one does not believe what this one kept. */
  readonly build: string
  /** What was kept; `null` where there is nothing. */
  read(desk: string): Promise<Buffer | null>
  write(desk: string, sealed: Buffer): Promise<void>
}

/** Snapshots as files of the account: one for each desk, named by its id. */
export function keptSnapshots(folder: string, build: string): SnapshotsPort {
  const snapshots = join(folder, 'snapshots')
  const file = (desk: string): string => join(snapshots, `${desk}.snapshot`)
  return {
    build,
    read: (desk) => readCapped(file(desk), limits.snapshotBytes).catch(() => null),
    write: async (desk, sealed) => {
      await makeFolder(snapshots)
      await writeRecord(file(desk), sealed)
    },
  }
}

const cipher = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

const keyOf = (secret: Uint8Array, desk: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, desk, 'sallyport.snapshot/v1', 32))

/**
 * Seals a snapshot: AES-256-GCM, bound to the desk and the program.
 *
 * @param secret the station's private key, PKCS#8 DER
 */
export function sealSnapshot(plain: Buffer, secret: Uint8Array, desk: string, build: string): Buffer {
  const iv = randomBytes(ivBytes)
  const sealing = createCipheriv(cipher, keyOf(secret, desk), iv)
  sealing.setAAD(Buffer.from(`${desk}|${build}`))
  const body = [sealing.update(plain), sealing.final()]
  return Buffer.concat([iv, ...body, sealing.getAuthTag()])
}

/** What was sealed; `null` for what this station did not seal, for this desk, by this program. */
export function openSnapshot(sealed: Buffer, secret: Uint8Array, desk: string, build: string): Buffer | null {
  if (sealed.length < ivBytes + tagBytes) return null
  const end = sealed.length - tagBytes
  try {
    const opening = createDecipheriv(cipher, keyOf(secret, desk), sealed.subarray(0, ivBytes))
    opening.setAAD(Buffer.from(`${desk}|${build}`)).setAuthTag(sealed.subarray(end))
    return Buffer.concat([opening.update(sealed.subarray(ivBytes, end)), opening.final()])
  } catch {
    return null
  }
}
