import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import type { Request } from '../../../shared/request.ts'
import { collect } from '../../collect/collect.ts'
import { withRenderers } from '../../collect/render/renderers.ts'
import { collectSteps } from '../../collect/tools.ts'
import { asFailure, Failure } from '../../platform/failure.ts'
import { readCapped, realPath } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { localItem, parseRequest, plainHosts, repositoriesOf } from '../../request/parse.ts'
import { credentialsFrom, readAccess, type Access } from '../work/access.ts'
import { pruneForgotten } from '../disk/loose.ts'
import { foreignTools } from '../judging/foreign.ts'
import { checkDestinations, checkExpiry, checkPeople } from '../judging/request-checks.ts'
import { writable, type Context } from '../work/context.ts'
import type { Desk } from '../desk.ts'
import { programEnvironment } from '../work/environment.ts'
import { networkFor } from '../work/network.ts'
import type { JobContext } from '../work/jobs.ts'
import { makeWaybill, type Collection } from '../documents/make-waybill.ts'
import { itemsOf, toolsOf } from '../work/tools.ts'
import { madeOf } from './waybill.ts'

type Input = CallInput<'collect.start'>
type Result = LongResult<'collect.start'>

interface Prepared {
  readonly desk: Desk
  readonly request: Request
  readonly bytes: Buffer
  readonly folder: string
  readonly access: Access
}

async function run(context: Context, prepared: Prepared, job: JobContext, input: Input): Promise<Result> {
  const { desk, request, bytes, folder, access } = prepared
  const patient = input.patient === true
  const id = randomUUID()
  job.about(id)
  await desk.record('collect.started', { consignment: id, name: request.name, request: digestOf(bytes) })
  try {
    const asked = { hosts: 'any' as const, plainHttp: plainHosts(request), ...access.way }
    const hosts = new Set<string>()
    const { gate, rules } = networkFor(context, asked, hosts)
    const credentials = await credentialsFrom(context, access, repositoriesOf(request), job.signal)
    const blobs = await desk.store()
    await pruneForgotten(desk, blobs)
    const tools = {
      gate,
      rules,
      credentials,
      hosts,
      blobs,
      ...toolsOf(context, job),
      items: itemsOf(job, patient),
      foreign: foreignTools(context, job.signal),
      environment: programEnvironment(),
    }
    const { programs } = desk.state.policy.document
    const collected = await withRenderers(programs, tools, (renderer) =>
      collect(request, folder, { ...tools, renderer }, input.leaveOut),
    )
    await blobs.flush()
    job.step('make')
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
    return madeOf(id, await makeWaybill(desk, id))
  } catch (error) {
    const failure = job.signal.aborted ? new Failure('cancelled', {}, error) : asFailure(error)
    await desk.record('collect.failed', { consignment: id, code: failure.code })
    throw failure
  }
}

/** The bytes of a request and the folder its files lie in: as a file, or as written in the window. */
async function askedFor(
  context: Context,
  request: CallInput<'collect.start'>['request'],
): Promise<{ readonly bytes: Buffer; readonly folder: string | null }> {
  if (typeof request === 'string') {
    const path = context.places.path(request, 'request')
    return { bytes: await readCapped(path, limits.requestBytes), folder: await realPath(dirname(path)) }
  }
  const { text, folder } = request
  return {
    bytes: Buffer.from(text, 'utf8'),
    folder: folder === null ? null : await realPath(context.places.path(folder, 'folder')),
  }
}

/** What a request names in its own folder cannot be had when nobody said which folder that is. */
function folderOf(folder: string | null, request: Request): string {
  const local = localItem(request)
  if (folder !== null || local === undefined) return folder ?? ''
  throw new Failure('content-elsewhere', { path: local.reference, folder: 'none was chosen yet' })
}

/** `collect.start`: from a request to a consignment with its waybill. */
export async function start(
  context: Context,
  input: CallInput<'collect.start'>,
): Promise<CallOutput<'collect.start'>> {
  const desk = writable(context)
  desk.need('low')
  const { bytes, folder } = await askedFor(context, input.request)
  const request = parseRequest(bytes)
  checkPeople(desk, request.requester)
  checkDestinations(desk, request)
  checkExpiry(desk, request)
  const access = await readAccess(context, input)
  const prepared = { desk, request, bytes, folder: folderOf(folder, request), access }
  const steps = [...collectSteps, 'make']
  return { job: context.jobs.start('collect', steps, (on) => run(context, prepared, on, input)) }
}
