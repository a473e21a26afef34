import { join } from 'node:path'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import { outcomeOf, zVerdict, type Verdict } from '../../../shared/verdict.ts'
import { Failure } from '../../platform/failure.ts'
import { makeFolder, readCapped, writeRecord } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical, parseCanonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { Desk } from '../desk.ts'

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
  if (bytes === null) return null
  const found = digestOf(bytes)
  if (found !== digest) throw new Failure('desk-damaged', { expected: `verdict ${digest}`, found })
  const verdict = zVerdict.parse(parseCanonical(bytes))
  if (outcomeOf(verdict.checks) === outcome && verdict.outcome === outcome) return verdict
  throw new Failure('desk-damaged', { expected: `verdict ${digest}: ${outcome}`, found: verdict.outcome })
}
