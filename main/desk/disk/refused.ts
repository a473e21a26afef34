import { join } from 'node:path'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import type { Verdict } from '../../../shared/verdict.ts'
import { Failure } from '../../platform/failure.ts'
import { makeFolder, readCapped, writeRecord } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { Desk } from '../desk.ts'
import { verdictAsRecorded } from './verdict.ts'

const fileOf = (desk: Desk, digest: Digest): string => join(desk.folder.refused, `${hexOf(digest)}.json`)

/**
 * Keeps the verdict on a medium that made no consignment: nothing of the medium itself stays, but what was said of it can
 * be read and printed later. The ledger has its digest.
 */
export async function keepRefused(desk: Desk, verdict: Verdict): Promise<Digest> {
  const bytes = canonical(verdict)
  const digest = digestOf(bytes)
  await makeFolder(desk.folder.refused)
  await writeRecord(fileOf(desk, digest), bytes)
  return digest
}

/**
 * The verdict that the ledger names, held against its digest and its own checks.
 *
 * @returns `null` where no file of it is there: readings of before kept none
 * @throws Failure `desk-damaged`
 */
export async function readRefused(
  desk: Desk,
  digest: Digest,
  outcome: Verdict['outcome'],
): Promise<Verdict | null> {
  const bytes = await readCapped(fileOf(desk, digest), limits.deskFileBytes).catch((error: unknown) => {
    if (error instanceof Failure && error.facts['found'] === 'ENOENT') return null
    throw error
  })
  return bytes === null ? null : verdictAsRecorded(bytes, digest, outcome)
}
