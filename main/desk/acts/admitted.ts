import { lstat } from 'node:fs/promises'
import { basename } from 'node:path'
import { isDigest, type Digest } from '../../../shared/digest.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { listed, signList } from '../../landing/list.ts'
import { parseManifest } from '../../oci/manifest.ts'
import { isIndexType, isManifestType } from '../../oci/media-types.ts'
import { Failure } from '../../platform/failure.ts'
import { writeRecord } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import type { Blobs } from '../../store/blobs.ts'
import type { Desk } from '../desk.ts'
import { openLandingKey } from '../disk/landing-keys.ts'
import { readWaybill } from '../disk/waybill.ts'
import type { Consignment } from '../state/consignment.ts'
import { revokedIn } from '../state/revoked.ts'
import { writable, type Context } from '../work/context.ts'

/** Digests that nobody shall run: withdrawn or forbidden by the policy in force, or named as the cause of a rejection. */
function withdrawnBy({ state }: Desk): ReadonlySet<string> {
  const { tombstones, forbidden } = state.policy.document
  return new Set([
    ...tombstones.map(({ digest }) => digest),
    ...forbidden.flatMap((ban) => ('digest' in ban ? [ban.digest] : [])),
    ...state.causes,
  ])
}

// Content that was let go is not read any more: then its root stands alone.
async function manifestsOf(
  root: { digest: Digest; mediaType: string },
  carried: ReadonlySet<Digest>,
  store: Blobs,
) {
  const found: Digest[] = [root.digest]
  const walk = async (digest: Digest, mediaType: string, depth: number): Promise<void> => {
    if (!isIndexType(mediaType) || depth > limits.graphDepth || (await store.size(digest)) === null) return
    const manifest = parseManifest(await store.read(digest, limits.manifestBytes), mediaType)
    if (manifest.kind !== 'index') return
    for (const child of manifest.manifests) {
      if (!carried.has(child.digest) || !isManifestType(child.mediaType)) continue
      found.push(child.digest)
      await walk(child.digest, child.mediaType, depth + 1)
    }
  }
  await walk(root.digest, root.mediaType, 1)
  return found
}

interface Admitted {
  readonly digests: readonly Digest[]
  /** Why nothing of it is admitted; `null` where it is. */
  readonly left: string | null
}

async function admittedOf(
  desk: Desk,
  one: Consignment,
  withdrawn: ReadonlySet<string>,
  store: Blobs,
): Promise<Admitted> {
  const leave = (why: string): Admitted => ({ digests: [], left: `${one.name} (${one.id}): ${why}` })
  const [revoked] = revokedIn(desk.state, one)
  if (revoked !== undefined) return leave(`it stands on ${revoked.name}, which is revoked`)
  const { waybill } = await readWaybill(desk, one)
  const bad = waybill.blobs.find(({ digest }) => withdrawn.has(digest))
  if (bad !== undefined) return leave(`it holds ${bad.digest}, which nobody shall run`)
  const carried = new Set(
    waybill.blobs.filter(({ state }) => state !== 'omitted').map(({ digest }) => digest),
  )
  const digests: Digest[] = []
  for (const { root } of waybill.items) digests.push(...(await manifestsOf(root, carried, store)))
  return { digests: digests.filter(isDigest), left: null }
}

const day = 86_400_000

/**
 * `admitted.save`: everything that this desk accepted and still stands by, as one signed list. A number is used up before
 * the file is there: one that was never seen hurts nobody, two lists with one number would.
 */
export async function save(
  context: Context,
  input: CallInput<'admitted.save'>,
): Promise<CallOutput<'admitted.save'>> {
  const desk = writable(context)
  desk.need('high')
  const path = context.places.path(input.place, 'landing')
  if ((await lstat(path).catch(() => null)) !== null) throw new Failure('file-exists', { path })
  const signer = await openLandingKey(desk, input.passphrase)
  const withdrawn = withdrawnBy(desk)
  const store = await desk.store()
  const digests: Digest[] = []
  const left: string[] = []
  for (const one of desk.state.consignments.values()) {
    if (one.decided !== 'accept') continue
    const found = await admittedOf(desk, one, withdrawn, store)
    digests.push(...found.digests)
    if (found.left !== null) left.push(found.left)
  }
  const all = listed(digests)
  const made = desk.now()
  const { listDays } = desk.state.policy.document.landing
  const expires = `${new Date(Date.parse(made) + listDays * day).toISOString().slice(0, 19)}Z`
  const sequence = (desk.state.listed?.sequence ?? 0) + 1
  const bytes = await signList(signer, {
    ...{ format: 'sallyport.admitted/v1', site: desk.id, name: desk.state.card.name },
    ...{ sequence, made, expires, digests: all },
  })
  const digest = digestOf(bytes)
  const facts = { sequence, expires, list: digest, digests: all.length, key: signer.key.fingerprint }
  await desk.record('landing.listed', facts, { subjects: [digest] })
  await writeRecord(path, bytes, 0o644)
  return { sequence, expires, digests: all.length, left, file: basename(path) }
}
