import type { Digest } from '../../../shared/digest.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { landSeals } from '../../landing/land.ts'
import { sealedBy, signAll, signedAll, type SealedBy, type ToLand } from '../../landing/sealed.ts'
import { fetchManifest } from '../../oci/manifests.ts'
import { checkComplete, readAgain } from '../../oci/read-again.ts'
import type { Registry } from '../../oci/registry.ts'
import { Failure } from '../../platform/failure.ts'
import { digestOf } from '../../platform/hash.ts'
import { inLanes } from '../../platform/lanes.ts'
import { canonical } from '../../platform/json.ts'
import type { Signer } from '../../sign/signer.ts'
import { readSpki, type PublicKey } from '../../sigstore/public-key.ts'
import type { Desk } from '../desk.ts'
import { readSignatures, writeSignatures } from '../disk/seal-signatures.ts'
import { verificationOf } from '../documents/verification.ts'
import { evidenceOf } from '../judging/evidence.ts'
import { landedItems, type LandedItem } from '../judging/landed.ts'
import type { Consignment } from '../state/consignment.ts'

/* Sealing what landed at a registry: reading it again, signing, putting the seals beside it, and reading those again. */

/** What is told of long work on the way. */
export interface SealTools {
  step(name: string, total?: number): void
  advance(count: number): void
}

function changed(registry: Registry, error: unknown): unknown {
  if (!(error instanceof Failure)) return error
  const { code, facts } = error
  if (!['not-found', 'registry-lies', 'manifest-refused', 'manifest-type'].includes(code)) return error
  const found = `${String(facts.subject ?? '')}: ${code === 'not-found' ? 'not there' : String(facts.found ?? code)}`
  return new Failure('landing-changed', { host: registry.host, found }, error)
}

/**
 * Every manifest that lies at a registry by the record of an export, read there now, with what was verified of it.
 *
 * @throws Failure `landing-changed`, `registry-…`
 */
export async function toLand(
  desk: Desk,
  one: Consignment,
  waybill: Waybill,
  registry: Registry,
  written: Parameters<typeof landedItems>[2],
): Promise<ToLand[]> {
  const kept = await evidenceOf(desk, one)
  const read = (path: string, digest: Digest) => fetchManifest(registry, path, digest)
  const items = await landedItems(waybill, registry.host, written, read)
    .then(async (landed) => {
      // Nothing is signed for a place where it was not just read.
      const below = landed.flatMap(({ path, platforms }) => platforms.map((digest) => ({ path, digest })))
      await inLanes(below, 4, ({ path, digest }) => read(path, digest))
      return landed
    })
    .catch((error: unknown) => {
      throw changed(registry, error)
    })
  const known = new Map<string, ToLand>()
  const add = ({ item, path }: LandedItem, digest: Digest): void => {
    const repository = `${registry.host}/${path}`
    const verification = verificationOf(desk, one, item, kept)
    known.set(`${path}@${digest}`, { path, repository, digest, verification })
  }
  for (const item of items) for (const digest of [item.digest, ...item.platforms]) add(item, digest)
  return [...known.values()]
}

/** The digest over everything that is sealed: each name with its digest. */
export const sealsDigest = (landed: readonly ToLand[]): Digest =>
  digestOf(canonical(landed.map(({ repository, digest }) => `${repository}@${digest}`).sort()))

/** Signs with a key what is not signed yet by it, and keeps that. */
export async function signSeals(
  desk: Desk,
  one: Consignment,
  landed: readonly ToLand[],
  signer: Signer,
): Promise<SealedBy> {
  const { key } = signer
  const kept = await readSignatures(desk, one.id, key.fingerprint)
  await signAll(signer, landed, kept)
  await writeSignatures(desk, one.id, key.fingerprint, kept)
  return { key, signatures: kept }
}

/** What a key has signed of it, where that is all of it; else `null`. */
export async function signedBefore(
  desk: Desk,
  one: Consignment,
  landed: readonly ToLand[],
  key: PublicKey,
): Promise<SealedBy | null> {
  const signatures = await readSignatures(desk, one.id, key.fingerprint)
  return signedAll(key, landed, signatures) ? { key, signatures } : null
}

/** The key of a person of this desk. */
export const keyOfPerson = (spki: string): PublicKey => readSpki(Buffer.from(spki, 'base64'))

/**
 * Puts the seals of these keys beside what landed, and finds them there again as readers look for them.
 *
 * @returns how many things were found
 * @throws Failure `landing-changed`, `landing-incomplete`, `export-tag-taken`, `tag-fixed`, `registry-…`
 */
export async function land(
  registry: Registry,
  landed: readonly ToLand[],
  keys: readonly SealedBy[],
  tools: SealTools,
): Promise<number> {
  tools.step('seal', landed.length)
  const at = landed[0]?.verification.at ?? ''
  const promised = await landSeals(registry, sealedBy(landed, keys), at, (count) =>
    tools.advance(count),
  ).catch((error: unknown) => {
    throw changed(registry, error)
  })
  tools.step('again', promised.length)
  const missing = await readAgain(registry, promised, (count) => tools.advance(count))
  checkComplete(registry.host, missing)
  return promised.length
}
