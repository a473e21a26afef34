import { z } from 'zod'
import { zJobOf } from '../job.ts'
import { call, zNothing } from './call.ts'
import { capacityCalls } from './capacity.ts'
import { checkCalls } from './check.ts'
import { collectCalls } from './collect.ts'
import { evidenceCalls } from './evidence.ts'
import { exportCalls } from './export.ts'
import { sealCalls } from './seal.ts'
import { lookCalls } from './look.ts'
import { packageCalls } from './package.ts'
import { policyCalls } from './policy.ts'
import { readbackCalls } from './readback.ts'
import { previewCalls } from './preview.ts'
import { repairCalls } from './repair.ts'
import { signCalls } from './sign.ts'
import { verifyCalls } from './verify.ts'
import { waybillCalls } from './waybill.ts'
import { writeCalls } from './write.ts'

/** Long work of any kind, each with the result that its call promises. */
export const zJob = z.discriminatedUnion('kind', [
  zJobOf('collect', collectCalls['collect.start'].result),
  zJobOf('waybill', waybillCalls['waybill.make'].result),
  zJobOf('capacity', capacityCalls['capacity.start'].result),
  zJobOf('write', writeCalls['write.start'].result),
  zJobOf('readback', readbackCalls['readback.start'].result),
  zJobOf('repair', repairCalls['repair.start'].result),
  zJobOf('verify', verifyCalls['verify.start'].result),
  zJobOf('export', exportCalls['export.start'].result),
  zJobOf('sign', signCalls['sign.start'].result),
  zJobOf('check', checkCalls['check.start'].result),
  zJobOf('evidence', evidenceCalls['evidence.show'].result),
  zJobOf('preview', previewCalls['preview.start'].result),
  zJobOf('look', lookCalls['look.start'].result),
  zJobOf('package', packageCalls['package.make'].result),
  zJobOf('seal', sealCalls['seal.start'].result),
  zJobOf('policy', policyCalls['policy.check'].result),
])
export type Job = z.output<typeof zJob>
export type JobKind = Job['kind']
/** What a job of a kind ends with. */
export type JobResult<Kind extends JobKind> = NonNullable<Extract<Job, { kind: Kind }>['result']>

export const jobCalls = {
  'job.list': call(zNothing, z.strictObject({ jobs: z.array(zJob) })),
  /** Answers when the work has ended. */
  'job.wait': call(z.strictObject({ job: z.string() }), zJob),
  /** Has the failed item of a patient job tried again. */
  'job.retry': call(z.strictObject({ job: z.string(), item: z.string().max(1000) }), zNothing),
  /** Lets the others of a patient job go on without the failed item; it is told on the waybill. */
  'job.leave-out': call(z.strictObject({ job: z.string(), item: z.string().max(1000) }), zNothing),
  'job.cancel': call(z.strictObject({ job: z.string() }), zNothing),
} as const
