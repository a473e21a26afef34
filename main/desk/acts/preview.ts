import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { withIncoming } from '../../collect/kinds/incoming.ts'
import { preview, type Wanted } from '../../collect/preview/preview.ts'
import { Failure } from '../../platform/failure.ts'
import { parseRequest } from '../../request/parse.ts'
import { openBlobs } from '../../store/blobs.ts'
import { judgeItems } from '../../verify/checks/evidence.ts'
import { withCollectTools, type Collecting } from '../judging/collecting.ts'
import { evidenceGround } from '../judging/evidence.ts'
import { readAccess } from '../work/access.ts'
import { askedFor, folderOf } from '../work/asked-request.ts'
import { writable, type Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'

type Result = LongResult<'preview.start'>

interface Prepared extends Collecting {
  readonly wanted: readonly Wanted[]
  readonly folder: string
}

function run(context: Context, prepared: Prepared, job: JobContext): Promise<Result> {
  const { desk, wanted, folder } = prepared
  return withCollectTools(context, prepared, job, (tools) =>
    // What is read to look ahead is gone afterwards, and the desk knows nothing of it.
    withIncoming(tools.blobs, async (incoming) => {
      const place = join(incoming, 'ahead')
      await mkdir(place, { mode: 0o700 })
      const ground = evidenceGround(desk)
      const items = await preview(wanted, folder, {
        ...tools,
        blobs: await openBlobs(place),
        store: tools.blobs,
        view: (failure) => failure.view(context.ports.face),
        judge: async (item, reader) => {
          const [judged] = await judgeItems([item], reader, ground)
          if (judged === undefined) throw new Failure('internal', { found: 'an item that was not judged' })
          return judged
        },
      })
      return { items }
    }),
  )
}

/** `preview.start`: what each thing that is asked for stands for now, how large it is, and who signed it. */
export async function start(
  context: Context,
  input: CallInput<'preview.start'>,
): Promise<CallOutput<'preview.start'>> {
  const desk = writable(context)
  desk.need('low')
  const { bytes, folder } = await askedFor(context, input.request)
  const request = parseRequest(bytes)
  const access = await readAccess(context, input)
  const only = input.only === undefined ? null : new Set(input.only)
  const wanted = request.items
    .map((asked, index) => ({ index, asked }))
    .filter(({ index }) => only === null || only.has(index))
  const prepared = { desk, request, access, patient: false, wanted, folder: folderOf(folder, request) }
  return { job: context.jobs.start('preview', ['resolve'], (job) => run(context, prepared, job)) }
}
