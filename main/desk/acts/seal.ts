import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { registryTarget } from '../../../shared/landing.ts'
import { rulesNow } from '../../../shared/rules/version.ts'
import { Failure } from '../../platform/failure.ts'
import { Registry } from '../../oci/registry.ts'
import type { SealedBy, ToLand } from '../../landing/sealed.ts'
import type { Signer } from '../../sign/signer.ts'
import type { Desk } from '../desk.ts'
import { openLandingKey } from '../disk/landing-keys.ts'
import { readWaybill } from '../disk/waybill.ts'
import { signVerdictAct } from '../documents/verdict-act.ts'
import { writtenAt } from '../judging/landed.ts'
import { acceptedHere, checkStanding } from '../judging/standing.ts'
import type { Consignment } from '../state/consignment.ts'
import type { Person } from '../state/entries.ts'
import { acceptedWith } from '../state/landing.ts'
import { credentialsFrom, readAccess, type Access } from '../work/access.ts'
import { writable, type Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'
import { networkFor } from '../work/network.ts'
import { keyOfPerson, land, sealsDigest, signedBefore, signSeals, toLand } from '../work/sealing.ts'
import { proveKey } from './prove-key.ts'

type Input = CallInput<'seal.start'>
type Result = LongResult<'seal.start'>

interface Prepared {
  readonly desk: Desk
  readonly one: Consignment
  readonly target: Input['target']
  readonly written: ReturnType<typeof writtenAt>
  /** The landing key; `null` where a person signs. */
  readonly station: Signer | null
  readonly by: { readonly person: Person; readonly signer: Signer } | null
  readonly access: Access
}

const people = (one: Consignment) => acceptedWith(one, rulesNow)

function checkDecider(one: Consignment, { name, id, fingerprint }: Person): void {
  const all = people(one)
  if (all.some((half) => half.person === id && half.fingerprint === fingerprint)) return
  const expected = all.map((half) => half.name).join(', ')
  throw new Failure('landing-not-decider', { person: name, expected })
}

/** Who seals, by the policy in force. @throws Failure `landing-signers`, `landing-not-decider`, of the keys */
async function signerOf(
  context: Context,
  desk: Desk,
  one: Consignment,
  input: Input,
): Promise<Pick<Prepared, 'station' | 'by'>> {
  const { signers } = desk.state.policy.document.landing
  const byPeople = 'those who accepted it'
  if (signers === 'deciders') {
    if (input.signer === undefined)
      throw new Failure('landing-signers', { expected: byPeople, found: 'the landing key' })
    checkDecider(one, desk.person(input.signer.person))
    return { station: null, by: await proveKey(context, desk, input.signer) }
  }
  if (input.signer !== undefined)
    throw new Failure('landing-signers', { expected: 'the landing key of the station', found: byPeople })
  return { station: await openLandingKey(desk, input.passphrase), by: null }
}

/** What is sealed by people: all who accepted it, once each of them has signed exactly this, on the record. */
async function bothOf(
  desk: Desk,
  one: Consignment,
  landed: readonly ToLand[],
  said: string,
): Promise<{ readonly keys: SealedBy[]; readonly missing: string[] }> {
  const keys: SealedBy[] = []
  const missing: string[] = []
  const seals = sealsDigest(landed)
  // A run that was ended between signing and the record leaves signatures that nobody answers for.
  const recorded = new Set(
    desk
      .consignment(one.id)
      .sealing.filter((half) => half.target === said && half.seals === seals)
      .map((half) => half.fingerprint),
  )
  for (const half of people(one)) {
    const person = recorded.has(half.fingerprint)
      ? desk.state.people.find(({ id }) => id === half.person)
      : undefined
    const key = person?.fingerprint === half.fingerprint ? keyOfPerson(person.key) : null
    const signed = key === null ? null : await signedBefore(desk, one, landed, key)
    if (signed === null) missing.push(half.name)
    else keys.push(signed)
  }
  return { keys, missing }
}

async function byPerson(
  { desk, one }: Prepared,
  by: NonNullable<Prepared['by']>,
  landed: readonly ToLand[],
  target: string,
): Promise<{ readonly keys: SealedBy[]; readonly missing: string[] }> {
  await signSeals(desk, one, landed, by.signer)
  const own = { target, seals: sealsDigest(landed), count: landed.length }
  const verdict = one.verdict?.digest
  if (verdict === undefined)
    throw new Failure('consignment-state', { found: one.state, expected: 'accepted' })
  const { facts, extra } = await signVerdictAct(desk, one, verdict, by, 'urn:sallyport:landing:v1', own)
  await desk.record('landing.signed', facts, extra)
  return bothOf(desk, one, landed, target)
}

async function run(context: Context, prepared: Prepared, job: JobContext): Promise<Result> {
  const { desk, one, target, written, station, by, access } = prepared
  job.about(one.id)
  const { waybill, digest } = await readWaybill(desk, one)
  const said = registryTarget(target)
  const { gate, rules } = networkFor(context, { hosts: 'any', plainHttp: [], ...access.way })
  const wanted = [{ host: target.host, repository: target.prefix }]
  const credentials = await credentialsFrom(context, access, wanted, job.signal)
  const registry = new Registry(target.host, { gate, rules, credentials, signal: job.signal })
  const landed = await toLand(desk, one, waybill, registry, written)
  const { keys, missing } =
    by === null
      ? {
          keys: station === null ? [] : [await signSeals(desk, one, landed, station)],
          missing: [],
        }
      : await byPerson(prepared, by, landed, said)
  const result = {
    id: one.id,
    target: said,
    by: by === null ? ('station' as const) : ('deciders' as const),
    count: landed.length,
    missing,
  }
  if (missing.length > 0) return { ...result, found: 0 }
  const found = await land(registry, landed, keys, {
    step: (name, total) => job.step(name, total),
    advance: (count) => job.advance(count),
  })
  const fingerprints = [...new Set(keys.map(({ key }) => key.fingerprint))].sort()
  const facts = { consignment: one.id, waybill: digest, target: said, by: result.by }
  const sealed = { seals: sealsDigest(landed), count: landed.length, keys: fingerprints }
  await desk.record('landing.sealed', { ...facts, ...sealed }, { subjects: [digest], outcome: 'sealed' })
  return { ...result, found }
}

/**
 * `seal.start`: only what this desk accepted, exported to that target, and finds there again. What was judged at the
 * acceptance must still hold.
 */
export async function start(context: Context, input: Input): Promise<CallOutput<'seal.start'>> {
  const desk = writable(context)
  desk.need('high')
  const { one, verdict } = await acceptedHere(desk, input.id)
  const written = writtenAt(one, registryTarget(input.target))
  await checkStanding(desk, one, verdict, false)
  const signer = await signerOf(context, desk, one, input)
  const access = await readAccess(context, input)
  const prepared = { desk, one, target: input.target, written, ...signer, access }
  const steps = ['look', 'seal', 'again']
  return { job: context.jobs.start('seal', steps, (job) => run(context, prepared, job)) }
}
