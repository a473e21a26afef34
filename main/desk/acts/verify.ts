import { randomUUID } from 'node:crypto'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import type { Verdict, Verified } from '../../../shared/verdict.ts'
import type { Digest } from '../../../shared/digest.ts'
import { missingMedia } from '../../../shared/rules/missing-media.ts'
import { locate, type Located } from '../../bundle/locate.ts'
import { parseSignatureLine, splitSignatureFile } from '../../bundle/signature-lines.ts'
import { deskIdOf, type MadeWaybill } from '../../bundle/waybill.ts'
import { readCheckpoint } from '../../ledger/checkpoint.ts'
import type { FoundDrive } from '../../media/drives/found.ts'
import { Failure } from '../../platform/failure.ts'
import { openVerdict } from '../documents/verdict-act.ts'
import { judgeNow } from '../judging/standing.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import { verifyMedium } from '../../verify/verify.ts'
import type { Keeper, Reading } from '../../verify/types.ts'
import { writable, type Context } from '../work/context.ts'
import { driveName, driveSeen, driveUnder } from '../work/drives.ts'
import type { Desk } from '../desk.ts'
import { keeperIn } from '../disk/keeper.ts'
import { keepRefused } from '../disk/refused.ts'
import { keepEvidence, readerOf } from '../judging/evidence.ts'
import { groundOf } from '../judging/ground.ts'
import { registerSaid } from '../judging/registered.ts'
import type { JobContext } from '../work/jobs.ts'
import type { ReadMedium } from '../state/consignment.ts'
import { isSeen } from '../state/remembered.ts'
import type { FactsOf } from '../state/facts.ts'
import { waybillFile } from '../disk/waybill.ts'
import { itemsOf, toolsOf } from '../work/tools.ts'
import { consignmentOf } from '../state/state.ts'

const steps = ['signatures', 'waybill', 'medium', 'content', 'graph', 'evidence', 'record']

function seenFacts(
  desk: Desk,
  id: string,
  { waybill, digest }: MadeWaybill,
  signatures: Buffer,
  counted: boolean,
): FactsOf<'waybill.seen'> {
  const entry = waybill.destinations.find((destination) => destination.desk === desk.id)
  const sender = deskIdOf(waybill.sender)
  const head = readCheckpoint(
    waybill.ledger.checkpoint,
    sender,
    readSpki(Buffer.from(waybill.sender.station, 'base64')),
  )
  const carried = waybill.blobs.filter((blob) => blob.state === 'carried')
  return {
    consignment: id,
    waybill: digest,
    stream:
      entry === undefined
        ? null
        : {
            sender,
            channel: waybill.channel,
            destination: desk.id,
            sequence: entry.sequence,
            previous: entry.previous,
          },
    name: waybill.name,
    senderName: waybill.sender.name,
    epoch: waybill.epoch,
    created: waybill.created,
    expires: waybill.expires,
    items: waybill.items.length,
    bytes: carried.reduce((total, blob) => total + blob.size, 0),
    marking: waybill.marking,
    requester: waybill.request.requester,
    reason: waybill.request.reason,
    destinations: waybill.destinations.map((destination) => destination.desk),
    voids: waybill.voided
      .filter((one) => one.desk === desk.id)
      .map(({ sequence, digest: voided }) => ({ sequence, digest: voided })),
    head: head === null ? null : { size: head.size, root: head.root.toString('base64') },
    signers: splitSignatureFile(signatures).map((line) => parseSignatureLine(line).envelope.fingerprint),
    counted,
  }
}

/** Without these a signed waybill is not remembered in its stream (trust.md, Order): it changes nothing there. */
const counting: readonly string[] = ['signers.trust', 'waybill.attested', 'destination.here']

const counts = ({ checks }: Verdict): boolean =>
  !checks.some((one) => one.result === 'fail' && counting.includes(one.id))

/** What is read: a bundle, or media of one, each with the drive that it is in, where that is known. */
interface Source {
  readonly located: Located
  readonly drive: FoundDrive | null
}

/** How far a bundle on several media is here; of what lies on one, that it is. */
function mediaOf({ scope, set, verdict }: Reading): Pick<Verified, 'media'> {
  if (scope === 'tar') return {}
  if (set === null) {
    const alone = verdict.checks.some(({ id, result }) => id === 'medium.all' && result === 'pass')
    return alone ? { media: { here: 1, of: 1, missing: [] } } : {}
  }
  const { of, here } = set
  return { media: { here: here.length, of, missing: missingMedia(of, here) } }
}

function mediaFacts({ set }: Reading, sources: readonly Source[]): FactsOf<'verify.done'>['media'] {
  if (set === null) return null
  return set.found.map(({ given, number, of, copy, from, until, whole }) => {
    const drive = driveName(sources[given]?.drive ?? null)
    return { number, of, copy, from, until, whole, drive }
  })
}

/** One reading of a medium at this desk: finds or makes its consignment, keeps what passes, records what it saw. */
class Receiving {
  private readonly desk: Desk
  private id: string | null = null
  private seen = false

  constructor(desk: Desk) {
    this.desk = desk
  }

  /** The consignment of a waybill: the one that is here, or a new one. */
  idOf(waybill: Digest): string {
    const known = consignmentOf(this.desk.state, waybill)
    this.id ??= known?.id ?? randomUUID()
    return this.id
  }

  /**
   * Records that a signed waybill was seen, and keeps its bytes: once as one that is remembered in its stream, which what
   * its signers are not trusted for never is.
   */
  async note(made: MadeWaybill, signatures: Buffer, counted: boolean): Promise<string> {
    const id = this.idOf(made.digest)
    if (this.seen) return id
    this.seen = true
    const known = this.desk.state.consignments.has(id)
    if (known && (!counted || isSeen(this.desk.state, made.digest))) return id
    await this.desk.writeIn(id, waybillFile(made.digest), made.bytes)
    await this.desk.writeIn(id, 'waybill.sigstore.jsonl', signatures)
    const facts = seenFacts(this.desk, id, made, signatures, counted)
    await this.desk.record('waybill.seen', facts, { subjects: [made.digest] })
    return id
  }

  async keeper(made: MadeWaybill, signatures: Buffer, job: JobContext): Promise<Keeper> {
    // Content is only read once signers, attestation and destination have passed.
    const id = await this.note(made, signatures, true)
    job.about(id)
    const quarantine = await this.desk.quarantine(id)
    return {
      ...keeperIn(quarantine),
      ...(await readerOf(this.desk, id, job.signal)),
    }
  }

  /** After a reading that could not end: what was half written goes at once, the disc may be full of it. */
  async clear(): Promise<void> {
    if (this.id !== null && this.seen) await (await this.desk.quarantine(this.id)).discardParts()
  }

  /** Records the verdict; a reading that stopped before the signatures passed makes no consignment. */
  async close(reading: Reading, sources: readonly Source[]): Promise<Verified> {
    const drive = sources[0]?.drive ?? null
    const { scope, found, signed, made, verdict } = reading
    let id: string | null = null
    if (signed && found !== null) {
      if (made !== null && reading.signatures !== null)
        id = await this.note(made, reading.signatures, counts(verdict))
      else id = this.idOf(found)
    }
    const evidence =
      id === null || reading.evidence === null ? null : await keepEvidence(this.desk, id, reading.evidence)
    const digest =
      id === null ? await keepRefused(this.desk, verdict) : await this.desk.keepVerdict(id, verdict)
    await this.desk.record(
      'verify.done',
      {
        consignment: id,
        waybill: found,
        scope,
        outcome: verdict.outcome,
        counts: verdict.counts,
        verdict: digest,
        evidence,
        media: mediaFacts(reading, sources),
        joined: reading.set?.joined ?? null,
        drive: driveName(drive),
        again: false,
      },
      { subjects: found === null ? [digest] : [found, digest], outcome: verdict.outcome },
    )
    return {
      ...(id === null ? {} : { id }),
      ...driveSeen(drive),
      scope,
      ...mediaOf(reading),
      waybill: found,
      ...verdict,
    }
  }
}

async function run(context: Context, sources: readonly Source[], job: JobContext): Promise<Verified> {
  const desk = writable(context)
  const receiving = new Receiving(desk)
  const ground = groundOf(desk)
  const tools = { ...toolsOf(context, job), items: itemsOf(job, false) }
  const keeper = (made: MadeWaybill, signatures: Buffer): Promise<Keeper> =>
    receiving.keeper(made, signatures, job)
  const given = sources.map(({ located, drive }) => ({ located, serial: drive?.serial ?? null }))
  const earlier = (waybill: Digest): readonly ReadMedium[] => consignmentOf(desk.state, waybill)?.here ?? []
  const register = registerSaid(
    desk,
    sources.map(({ drive }) => drive),
  )
  const reading = await verifyMedium({ given, earlier, register, ground, keeper }, tools).catch(
    async (error: unknown) => {
      await receiving.clear().catch(() => undefined)
      throw error
    },
  )
  if (job.signal.aborted) throw new Failure('cancelled')
  job.step('record')
  return receiving.close(reading, sources)
}

async function sourceAt(context: Context, path: string): Promise<Source> {
  const located = await locate(path)
  return { located, drive: await driveUnder(context, located.scope === 'medium' ? located.folder : path) }
}

/** `verify.start`: reads a bundle tar, or media of a bundle, into quarantine and makes its verdict. */
export async function start(
  context: Context,
  input: CallInput<'verify.start'>,
): Promise<CallOutput<'verify.start'>> {
  const desk = writable(context)
  desk.need('high')
  const places = [input.medium, ...(input.others ?? [])]
  const sources: Source[] = []
  for (const place of places) sources.push(await sourceAt(context, context.places.path(place, 'medium')))
  if (sources.length > 1 && sources.some(({ located }) => located.scope === 'tar'))
    throw new Failure('bad-input', { found: 'a bundle tar among several', expected: 'media' })
  return { job: context.jobs.start('verify', steps, (job) => run(context, sources, job)) }
}

/** `verify.again`: a new verdict of what nobody decided yet, by what is in force now and what was read of it before. */
export async function again(
  context: Context,
  input: CallInput<'verify.again'>,
): Promise<CallOutput<'verify.again'>> {
  const desk = writable(context)
  desk.need('high')
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  const one = desk.consignment(input.id)
  const { verdict } = await openVerdict(desk, one)
  const fresh = await judgeNow(desk, one)
  return { id: one.id, outcome: (fresh ?? verdict).outcome }
}
