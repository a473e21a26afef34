import { lstat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Digest } from '../../../shared/digest.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { listed, signList } from '../../landing/list.ts'
import { Failure } from '../../platform/failure.ts'
import { writeRecord } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import type { Blobs } from '../../store/blobs.ts'
import type { Desk } from '../desk.ts'
import { openLandingKey } from '../disk/landing-keys.ts'
import { checkOutside } from '../disk/outside.ts'
import { readWaybill } from '../disk/waybill.ts'
import { carriedIn, platformsIn } from '../judging/landed.ts'
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
  const carried = carriedIn(waybill)
  // Content that was let go is not read any more: then its root stands alone.
  const read = async (digest: Digest): Promise<Buffer | null> =>
    (await store.size(digest)) === null ? null : store.read(digest, limits.manifestBytes)
  const digests: Digest[] = []
  for (const { root } of waybill.items) digests.push(root.digest, ...(await platformsIn(root, carried, read)))
  return { digests, left: null }
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
  await checkOutside(desk, path)
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
