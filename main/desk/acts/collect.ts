import { randomUUID } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hexOf } from '../../../shared/digest.ts'
import type { CallInput, CallOutput, zCollected } from '../../../shared/contract.ts'
import type { Request } from '../../../shared/request.ts'
import type { z } from 'zod'
import { collect } from '../../collect/collect.ts'
import { collectSteps } from '../../collect/tools.ts'
import { asFailure, causeOf, Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { parseRequest, plainHosts } from '../../request/parse.ts'
import { wordsOf } from '../../trust/fingerprint.ts'
import type { SealedWaybill } from '../../bundle/waybill.ts'
import { readAccess } from '../access.ts'
import { writable, type Context } from '../context.ts'
import type { Desk } from '../desk.ts'
import type { JobContext } from '../jobs.ts'
import { sealConsignment, type Collection } from '../seal.ts'
import { toolsOf } from '../tools.ts'

type Result = z.infer<typeof zCollected>

/**
 * The people that the policy needs before anything is collected.
 *
 * @throws Failure `people-missing`, `person-unknown`
 */
function checkPeople(desk: Desk, requesterId: string): void {
  const { people, policy } = desk.state
  const requester = people.find((person) => person.id === requesterId)
  const missing: string[] = []
  if (requester === undefined) missing.push(`${requesterId} as requester`)
  else if (!requester.roles.includes('requester')) missing.push(`${requesterId} with the role requester`)
  const rule = policy.document.signers
  const who = {
    prepare: people.filter((person) => person.roles.includes('transfer-agent')),
    release: people.filter(
      (person) => person.roles.includes('release-authority') && person.id !== requesterId,
    ),
    witness: people.filter((person) => person.roles.includes('witness')),
  }
  const words = {
    prepare: 'transfer agent (to prepare)',
    release: 'release authority who is not the requester (to release)',
    witness: 'witness',
  }
  for (const role of ['prepare', 'release', 'witness'] as const) {
    if (who[role].length < rule[role]) missing.push(`${rule[role] - who[role].length} × ${words[role]}`)
  }
  const signers = new Set(
    [...who.prepare, ...who.release, ...(rule.witness > 0 ? who.witness : [])].map((p) => p.id),
  )
  const needed = rule.prepare + rule.release + rule.witness
  if (missing.length === 0 && signers.size < needed) missing.push(`${needed} different people who sign`)
  if (missing.length > 0) throw new Failure('people-missing', { expected: missing.join('; ') })
}

function resultOf(id: string, sealed: SealedWaybill): Result {
  const { waybill, digest } = sealed
  const carried = waybill.blobs.filter((blob) => blob.state === 'carried')
  return {
    id,
    waybill: digest,
    words: wordsOf(hexOf(digest)),
    items: waybill.items.length,
    blobs: carried.length,
    bytes: carried.reduce((total, blob) => total + blob.size, 0),
    findings: waybill.items.reduce((total, item) => total + item.findings.length, 0),
  }
}

// A request that the policy cannot allow is refused before anything is fetched.
function checkExpiry(desk: Desk, request: Request): void {
  const { expires } = request
  if (expires === null) return
  const most = new Date(desk.clock.now().getTime() + desk.state.policy.document.lifetime * 86_400_000)
  const latest = `${most.toISOString().slice(0, 19)}Z`
  if (expires <= desk.now() || expires > latest) {
    throw new Failure('bad-input', { found: `expires: ${expires}`, expected: `after now, at most ${latest}` })
  }
}

interface Prepared {
  readonly desk: Desk
  readonly request: Request
  readonly bytes: Buffer
  readonly folder: string
  readonly access: Awaited<ReturnType<typeof readAccess>>
}

async function run(context: Context, prepared: Prepared, job: JobContext): Promise<Result> {
  const { desk, request, bytes, folder, access } = prepared
  const id = randomUUID()
  job.about(id)
  await desk.record('collect.started', { consignment: id, name: request.name, request: digestOf(bytes) })
  try {
    const rules = { hosts: 'any' as const, plainHttp: plainHosts(request), ca: access.ca }
    const blobs = await desk.store()
    const gate = context.ports.network(rules)
    const tools = {
      gate,
      rules,
      credentials: access.credentials,
      blobs,
      ...toolsOf(context, job),
    }
    const collected = await collect(request, folder, tools)
    await blobs.flush()
    job.step('seal')
    const collection: Collection = {
      format: 'sallyport.collection/v1',
      name: request.name,
      reason: request.reason,
      requester: request.requester,
      destinations: [...request.destinations],
      channel: request.channel,
      marking: request.marking ?? desk.state.marking,
      expires: request.expires,
      request: digestOf(bytes),
      ...collected,
    }
    await desk.writeIn(id, 'collected.json', canonical(collection))
    await desk.writeIn(id, 'request.yaml', bytes)
    return resultOf(id, await sealConsignment(desk, id))
  } catch (error) {
    const failure = job.signal.aborted ? new Failure('cancelled', {}, error) : asFailure(error)
    await desk.record('collect.failed', { consignment: id, code: failure.code })
    throw failure
  }
}

/** `collect.start`: from a request to a sealed consignment. */
export async function start(
  context: Context,
  input: CallInput<'collect.start'>,
): Promise<CallOutput<'collect.start'>> {
  const desk = writable(context)
  desk.need('low')
  const path = context.places.path(input.request, 'request')
  const bytes = await readCapped(path, limits.requestBytes)
  const request = parseRequest(bytes)
  checkPeople(desk, request.requester)
  checkExpiry(desk, request)
  const folder = await realpath(dirname(path)).catch((error: unknown) => {
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  })
  const access = await readAccess(context, input)
  const steps = [...collectSteps, 'seal']
  const job = context.jobs.start('collect', steps, (on) =>
    run(context, { desk, request, bytes, folder, access }, on),
  )
  return { job }
}

/** `seal.start`: seals what is collected again, with the numbers that are next. Nothing is fetched. */
export async function reseal(
  context: Context,
  input: CallInput<'seal.start'>,
): Promise<CallOutput<'seal.start'>> {
  const desk = writable(context)
  desk.need('low')
  const one = desk.consignment(input.id)
  if (one.state !== 'collected' && one.state !== 'signing') {
    throw new Failure('consignment-state', { found: one.state, expected: 'collected or being signed' })
  }
  checkPeople(desk, one.requester ?? '')
  const job = context.jobs.start('seal', ['seal'], async (on) => {
    on.about(one.id)
    return resultOf(one.id, await sealConsignment(desk, one.id))
  })
  return { job }
}
