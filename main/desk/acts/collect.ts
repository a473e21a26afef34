import { randomUUID } from 'node:crypto'
import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { collect } from '../../collect/collect.ts'
import { collectSteps } from '../../collect/tools.ts'
import { asFailure, Failure } from '../../platform/failure.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical } from '../../platform/json.ts'
import { parseRequest } from '../../request/parse.ts'
import { pruneForgotten } from '../disk/loose.ts'
import { makeWaybill, type Collection } from '../documents/make-waybill.ts'
import { withCollectTools, type Collecting } from '../judging/collecting.ts'
import { checkDestinations, checkExpiry, checkPeople } from '../judging/request-checks.ts'
import { readAccess } from '../work/access.ts'
import { askedFor, folderOf } from '../work/asked-request.ts'
import { writable, type Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'
import { madeOf } from './waybill.ts'

type Input = CallInput<'collect.start'>
type Result = LongResult<'collect.start'>

interface Prepared extends Collecting {
  readonly bytes: Buffer
  readonly folder: string
}

async function run(context: Context, prepared: Prepared, job: JobContext, input: Input): Promise<Result> {
  const { desk, request, bytes, folder } = prepared
  const id = randomUUID()
  job.about(id)
  await desk.record('collect.started', { consignment: id, name: request.name, request: digestOf(bytes) })
  try {
    const collected = await withCollectTools(context, prepared, job, async (tools) => {
      await pruneForgotten(desk, tools.blobs)
      const found = await collect(request, folder, tools, input.leaveOut)
      await tools.blobs.flush()
      return found
    })
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
  const patient = input.patient === true
  const prepared = { desk, request, bytes, access, patient, folder: folderOf(folder, request) }
  const steps = [...collectSteps, 'make']
  return { job: context.jobs.start('collect', steps, (on) => run(context, prepared, on, input)) }
}
