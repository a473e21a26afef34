import { hexOf, type Digest } from '../../../shared/digest.ts'
import {
  zConsignmentEvidence,
  type ConsignmentEvidence,
  type ItemEvidence,
} from '../../../shared/evidence.ts'
import type { Policy } from '../../../shared/policy.ts'
import type { MadeWaybill } from '../../bundle/waybill.ts'
import { digestOf } from '../../platform/hash.ts'
import { Failure } from '../../platform/failure.ts'
import { readThrough } from '../../platform/files.ts'
import { canonical, parseCanonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { BlobReader } from '../../evidence/piece.ts'
import { asksTime } from '../../policy/items.ts'
import { builtInRules } from '../../policy/rules.ts'
import { judgeItems } from '../../verify/checks/evidence.ts'
import type { EvidenceGround } from '../../verify/types.ts'
import type { Blobs } from '../../store/blobs.ts'
import type { Desk } from '../desk.ts'
import type { RecordedEvidence } from '../state/facts.ts'
import { namedKeys, trustOf } from './evidence-trust.ts'
import type { Consignment } from '../state/consignment.ts'

/** A policy that is tried, and where the files of its rule sets lie that are not kept here. */
export interface Tried {
  readonly policy: Policy
  readonly sets: ReadonlyMap<Digest, string>
}

/** By what this desk judges evidence: its own roots, its own policy unless another one is tried. */
export function evidenceGround(desk: Desk, tried?: Tried): EvidenceGround {
  const { policy, sets } = tried ?? { policy: desk.state.policy.document, sets: new Map<Digest, string>() }
  const time = { now: desk.now(), floor: desk.state.floor, tolerance: policy.clockTolerance }
  const placeOf = (digest: Digest): string => sets.get(digest) ?? desk.folder.ruleSet(digest)
  return { trust: trustOf(desk, policy), rules: builtInRules(policy, time, placeOf) }
}

const fileOf = (digest: Digest): string => `evidence-${digest.slice('sha256:'.length)}.json`

// Names alone: a policy was read only where each fingerprint is that of its key.
const basisOf = ({ state }: Desk): Pick<ConsignmentEvidence, 'policy' | 'roots' | 'keys'> => ({
  policy: state.policy.digest,
  keys: namedKeys(state)
    .map(({ fingerprint }) => fingerprint)
    .sort(),
  roots: state.roots.map(({ digest }) => digest).sort(),
})

// What a proof stood on: should one of these be revoked, the consignment is flagged.
function reliedOn(items: readonly ItemEvidence[], roots: readonly Digest[]): string[] {
  const proven = items.flatMap(({ pieces }) => pieces.flatMap((piece) => piece.proven ?? []))
  const keys = proven.flatMap(({ signer }) => (signer.kind === 'key' ? [signer.fingerprint] : []))
  const byRoots = proven.some(
    ({ signer, logs, times }) => signer.kind === 'certificate' || logs.length > 0 || times.length > 0,
  )
  return [...new Set([...keys, ...(byRoots ? roots.map(hexOf) : [])])].sort()
}

/** Keeps what was judged of a consignment; what is given back goes into the ledger. */
export async function keepEvidence(
  desk: Desk,
  id: string,
  items: readonly ItemEvidence[],
): Promise<RecordedEvidence> {
  const document: ConsignmentEvidence = {
    format: 'sallyport.evidence/v1',
    ...basisOf(desk),
    items: [...items],
  }
  const bytes = canonical(document)
  const digest = digestOf(bytes)
  await desk.writeIn(id, fileOf(digest), bytes)
  const roots = desk.state.roots.map((root) => root.digest)
  return { digest, by: reliedOn(items, roots) }
}

/** What was judged of a consignment, held against the digest in the ledger; `null` when nothing was. */
export async function evidenceOf(desk: Desk, one: Consignment): Promise<ConsignmentEvidence | null> {
  const digest = (one.verdict?.evidence ?? one.made?.evidence ?? null)?.digest ?? null
  if (digest === null) return null
  const bytes = await desk.readIn(one.id, fileOf(digest))
  const found = digestOf(bytes)
  if (found !== digest) throw new Failure('desk-damaged', { expected: `evidence ${digest}`, found })
  return zConsignmentEvidence.parse(parseCanonical(bytes))
}

/** Reads a blob of a consignment where it lies now: what was read last in quarantine, accepted content in the store. */
export async function readerOf(desk: Desk, id: string, signal?: AbortSignal): Promise<BlobReader> {
  const store = await desk.store()
  const quarantine = await desk.quarantine(id)
  const where = async (digest: Digest): Promise<Blobs> =>
    (await quarantine.size(digest)) === null ? store : quarantine
  return {
    read: async (digest, size) => {
      const most = Math.min(Math.max(size, limits.manifestBytes), limits.sigstoreBundleBytes)
      return (await where(digest)).read(digest, most)
    },
    lend: async (digest, _, use) => {
      const path = (await where(digest)).path(digest)
      return use((take) => readThrough(path, take, signal))
    },
  }
}

/** What is to be said of the evidence now: as it was judged, or anew when policy or roots have changed since. */
export async function evidenceNow(
  desk: Desk,
  one: Consignment,
  made: MadeWaybill,
): Promise<readonly ItemEvidence[] | null> {
  const kept = await evidenceOf(desk, one)
  const { policy, roots, keys } = basisOf(desk)
  if (kept === null) return null
  // What is old enough today may not be tomorrow.
  const ages = desk.state.policy.document.items.some(asksTime)
  if (
    !ages &&
    kept.policy === policy &&
    kept.roots.join() === roots.join() &&
    kept.keys.join() === keys.join()
  )
    return kept.items
  return judgeItems(made.waybill.items, await readerOf(desk, one.id), evidenceGround(desk))
}
