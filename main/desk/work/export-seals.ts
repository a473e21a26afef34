import { hexOf, type Digest } from '../../../shared/digest.ts'
import type { SealState } from '../../../shared/landing.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import type { Exportable } from '../../export/export.ts'
import { signSummaries, summaryBundle, type ToLand } from '../../landing/sealed.ts'
import type { RegistryAccess } from '../../oci/ask.ts'
import { Registry } from '../../oci/registry.ts'
import { limits } from '../../platform/limits.ts'
import { readCapped } from '../../platform/files.ts'
import type { Signer } from '../../sign/signer.ts'
import type { Desk } from '../desk.ts'
import { openLandingKey } from '../disk/landing-keys.ts'
import { readSignatures, writeSignatures } from '../disk/seal-signatures.ts'
import { verificationOf } from '../documents/verification.ts'
import { evidenceOf } from '../judging/evidence.ts'
import { platformsIn } from '../judging/landed.ts'
import type { Consignment } from '../state/consignment.ts'
import type { FactsOf } from '../state/facts.ts'
import { land, sealsDigest, signSeals, toLand, type SealTools } from './sealing.ts'

/** Whether an export seals, and with what. */
export interface Sealing {
  readonly state: SealState
  /** The landing key, where it is `made`. */
  readonly signer: Signer | null
}

/**
 * What becomes of the seals of an export. The key is opened before anything is sent.
 *
 * @throws Failure `landing-locked`, `landing-key-lost`
 */
export async function sealingFor(
  desk: Desk,
  wanted: boolean,
  passphrase: string | undefined,
): Promise<Sealing> {
  if (!wanted) return { state: 'not-wanted', signer: null }
  if (desk.state.policy.document.landing.signers === 'deciders') return { state: 'by-deciders', signer: null }
  if (desk.state.landing === null) return { state: 'no-key', signer: null }
  return { state: 'made', signer: await openLandingKey(desk, passphrase) }
}

// In a folder things have the names of their waybill, and no other.
async function inFolder(desk: Desk, one: Consignment, content: Exportable): Promise<ToLand[]> {
  const { items, blobs } = content
  const kept = await evidenceOf(desk, one)
  const carried = new Set(blobs.map(({ digest }) => digest))
  const found = new Map<string, ToLand>()
  for (const item of items) {
    const verification = verificationOf(desk, one, item, kept)
    const read = (digest: Digest): Promise<Buffer> => readCapped(content.path(digest), limits.manifestBytes)
    for (const digest of [item.root.digest, ...(await platformsIn(item.root, carried, read))])
      found.set(`${item.name}@${digest}`, { path: '', repository: item.name, digest, verification })
  }
  return [...found.values()]
}

/** The content with a signed summary of each of its manifests, where the export seals. */
export async function withSummaries(
  desk: Desk,
  one: Consignment,
  content: Exportable,
  { signer }: Sealing,
): Promise<Exportable> {
  if (signer === null) return content
  const stated = await inFolder(desk, one, content)
  const signatures = await readSignatures(desk, one.id, signer.key.fingerprint)
  await signSummaries(signer, stated, signatures)
  await writeSignatures(desk, one.id, signer.key.fingerprint, signatures)
  const names = new Map<string, number>()
  const summaries = stated.map((of) => {
    const name = `sha256-${hexOf(of.digest)}`
    const times = (names.get(name) ?? 0) + 1
    names.set(name, times)
    // One digest under two names is summed up for each of them.
    const number = times === 1 ? '' : `-${times}`
    return {
      name: `${name}${number}.vsa.sigstore.json`,
      bytes: summaryBundle(of, { key: signer.key, signatures }),
    }
  })
  return { ...content, summaries }
}

/** What a sealing leaves for the record. */
export type Sealed = Pick<FactsOf<'landing.sealed'>, 'by' | 'seals' | 'count' | 'keys'> & {
  readonly found: number
}

/**
 * Seals what an export has just brought to a registry, with the landing key.
 *
 * @throws Failure `landing-changed`, `landing-incomplete`, `export-tag-taken`, `tag-fixed`, `registry-…`
 */
export async function sealExported(
  desk: Desk,
  one: Consignment,
  waybill: Waybill,
  at: { readonly host: string; readonly access: RegistryAccess },
  written: Consignment['exports'][number]['written'],
  signer: Signer,
  tools: SealTools,
): Promise<Sealed> {
  const registry = new Registry(at.host, at.access)
  const landed = await toLand(desk, one, waybill, registry, written)
  const by = await signSeals(desk, one, landed, signer)
  const found = await land(registry, landed, [by], tools)
  const keys = [signer.key.fingerprint]
  return { by: 'station', seals: sealsDigest(landed), count: landed.length, keys, found }
}
