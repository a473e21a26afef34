import { join } from 'node:path'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { fillTarget } from '../../export/target.ts'
import { signSummaries, summaryBundle, type ToLand } from '../../landing/sealed.ts'
import { Failure } from '../../platform/failure.ts'
import { writeRecord } from '../../platform/files.ts'
import type { Desk } from '../desk.ts'
import { openLandingKey } from '../disk/landing-keys.ts'
import { checkOutside } from '../disk/outside.ts'
import { readWaybill } from '../disk/waybill.ts'
import { verificationOf } from '../documents/verification.ts'
import { evidenceOf } from '../judging/evidence.ts'
import { standingCauses } from '../state/landing.ts'
import { writable, type Context } from '../work/context.ts'

// Whoever accepted it since, by an exception or after it was lifted: nothing false is said of what runs.
async function acceptedBlobs(desk: Desk): Promise<Set<Digest>> {
  const found = new Set<Digest>()
  for (const one of desk.state.consignments.values()) {
    if (one.decided !== 'accept') continue
    for (const { digest } of (await readWaybill(desk, one)).waybill.blobs) found.add(digest)
  }
  return found
}

/** `summary.save`: a failed summary of each cause of a rejection, for engines that stop at one. */
export async function save(
  context: Context,
  input: CallInput<'summary.save'>,
): Promise<CallOutput<'summary.save'>> {
  const desk = writable(context)
  desk.need('high')
  const one = desk.consignment(input.id)
  if (one.decided !== 'reject' || one.waybill === null)
    throw new Failure('consignment-state', { found: one.state, expected: 'rejected' })
  const accepted = await acceptedBlobs(desk)
  const causes = standingCauses(desk.state, one).filter((cause) => !accepted.has(cause))
  if (causes.length === 0) throw new Failure('landing-no-causes')
  const signer = await openLandingKey(desk, input.passphrase)
  const folder = context.places.path(input.place, 'landing')
  await checkOutside(desk, folder)
  const { waybill } = await readWaybill(desk, one)
  const kept = await evidenceOf(desk, one)
  const stated = causes.map((digest): ToLand => {
    const item = waybill.items.find(({ root }) => root.digest === digest)
    const [first] = waybill.items
    const about = item ?? first
    if (about === undefined) throw new Failure('internal', { found: 'a waybill without items' })
    const verification = verificationOf(desk, one, about, item === undefined ? null : kept)
    return { path: '', repository: item?.name ?? 'urn:sallyport:content', digest, verification }
  })
  const signatures = new Map<Digest, Buffer>()
  await signSummaries(signer, stated, signatures)
  const subjects = [one.waybill, ...causes]
  const facts = { consignment: one.id, waybill: one.waybill, causes, key: signer.key.fingerprint }
  const files = stated.map((of) => ({
    name: `sha256-${hexOf(of.digest)}.vsa.sigstore.json`,
    bytes: summaryBundle(of, { key: signer.key, signatures }),
  }))
  await fillTarget(folder, async (place) => {
    for (const { name, bytes } of files) await writeRecord(join(place, name), bytes, 0o644)
    // Before they can be seen, and not for a place where they cannot lie.
    await desk.record('landing.failed', facts, { subjects })
  })
  return { causes, files: files.map(({ name }) => name) }
}
