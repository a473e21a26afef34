import { stat } from 'node:fs/promises'
import { readCapped, readThrough, type Through } from '../platform/files.ts'
import type { Reason } from '../../shared/reason.ts'
import { rememberedArtifact, type Artifact } from './artifact.ts'
import { bundlesIn, bundlesOf, nothingHeld, type Candidate } from './bundle-documents.ts'
import { usualSizes, type Sizes } from './large/set-aside.ts'
import { Refusal } from './refusal.ts'
import { verifySigned, type Ask, type BundleVerdict } from './verify-bundle.ts'

/** What a file of bundles comes to: the verdict of the one that proves it, and its JSON for the second verifier. */
export interface SetVerdict {
  readonly verdict: BundleVerdict
  /** `null` where none is proven, or where it is too large to be held twice. */
  readonly second: unknown
}

async function judged(candidate: Candidate, artifact: Artifact, ask: Ask): Promise<BundleVerdict> {
  try {
    const { bundle, rawEnvelope, bare } = await candidate.open()
    const asked = rawEnvelope === undefined ? ask : { ...ask, rawEnvelope }
    const verdict = await verifySigned(bundle, artifact, asked)
    if (verdict.ok || bare !== true || verdict.reason.code !== 'signature.bad') return verdict
    return { ok: false, reason: { ...verdict.reason, code: 'signature.no-fit' } }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.reason }
    throw error
  }
}

// Of many reasons the one that says most of the artifact is told: that others are about something else is no news.
const unread = /^(?:bundle|key)\./
const elsewhere = /^(?:artifact\.differs|statement\.(?:other-subject|predicate))$/
function rankOf({ code }: Reason): number {
  if (code === 'bundle.form') return 3
  return unread.test(code) ? 2 : elsewhere.test(code) ? 1 : 0
}

function told(reasons: readonly Reason[]): Reason {
  const lowest = Math.min(...reasons.map(rankOf))
  const at = reasons.findIndex((one) => rankOf(one) === lowest)
  const first = reasons[at]
  if (first === undefined) return nothingHeld().reason
  if (reasons.length === 1) return first
  return { ...first, found: `${first.found} (bundle ${at + 1} of ${reasons.length}; none is proven)` }
}

/** What a file of bundles that is given in memory proves. */
export function verifyBundleSet(file: Buffer, artifact: Artifact, ask: Ask): Promise<SetVerdict> {
  return firstProven(() => Promise.resolve(bundlesIn(file)), artifact, ask)
}

const refused = (reason: Reason): SetVerdict => ({ verdict: { ok: false, reason }, second: null })

async function firstProven(
  read: () => Promise<readonly Candidate[]>,
  artifact: Artifact,
  ask: Ask,
): Promise<SetVerdict> {
  const reasons: Reason[] = []
  try {
    const once = rememberedArtifact(artifact)
    for (const candidate of await read()) {
      const verdict = await judged(candidate, once, ask)
      if (verdict.ok) return { verdict, second: candidate.second() }
      reasons.push(verdict.reason)
    }
  } catch (error) {
    if (error instanceof Refusal) return refused(error.reason)
    throw error
  }
  return refused(told(reasons))
}

/**
 * Verifies what a file of bundles proves of an artifact. Each is read by the strict reader; the first that is proven counts.
 *
 * @throws Failure where the file cannot be read, or changes meanwhile
 */
export async function verifyBundleFile(
  path: string,
  artifact: Artifact,
  ask: Ask,
  sizes: Sizes = usualSizes,
): Promise<SetVerdict> {
  const size = (await stat(path).catch(() => null))?.size ?? 0
  const read = (most: number): Promise<Buffer> => readCapped(path, most)
  const through: Through = (take) => readThrough(path, take)
  const keys = ask.key === null ? [] : [ask.key]
  return firstProven(() => bundlesOf({ size, digest: null, read, through }, keys, sizes), artifact, ask)
}
