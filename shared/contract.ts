import { z } from 'zod'
import { approvalCalls } from './calls/approval.ts'
import { capacityCalls } from './calls/capacity.ts'
import { cardCalls } from './calls/card.ts'
import { causeCalls } from './calls/cause.ts'
import { changeCalls } from './calls/change.ts'
import { checkCalls } from './calls/check.ts'
import { zPlace } from './calls/call.ts'
import { collectCalls } from './calls/collect.ts'
import { componentsCalls } from './calls/components.ts'
import { consignmentCalls } from './calls/consignment.ts'
import { custodyCalls } from './calls/custody.ts'
import { decisionCalls } from './calls/decision.ts'
import { deskCalls } from './calls/desk.ts'
import { driveCalls } from './calls/drive.ts'
import { evidenceCalls } from './calls/evidence.ts'
import { exportCalls } from './calls/export.ts'
import { jobCalls, zJob } from './calls/job.ts'
import { keyCalls } from './calls/key.ts'
import { admittedCalls } from './calls/admitted.ts'
import { kitCalls } from './calls/kit.ts'
import { sealCalls } from './calls/seal.ts'
import { summaryCalls } from './calls/summary.ts'
import { landingCalls } from './calls/landing.ts'
import { ledgerCalls } from './calls/ledger.ts'
import { lookCalls } from './calls/look.ts'
import { mediaCalls } from './calls/media.ts'
import { overrideCalls } from './calls/override.ts'
import { packageCalls } from './calls/package.ts'
import { peerCalls } from './calls/peer.ts'
import { personCalls } from './calls/person.ts'
import { placeCalls } from './calls/place.ts'
import { policyCalls } from './calls/policy.ts'
import { previewCalls } from './calls/preview.ts'
import { pruneCalls } from './calls/prune.ts'
import { readbackCalls } from './calls/readback.ts'
import { refusedCalls } from './calls/refused.ts'
import { reportCalls } from './calls/report.ts'
import { repairCalls } from './calls/repair.ts'
import { requestCalls } from './calls/request.ts'
import { rootCalls } from './calls/root.ts'
import { settingsCalls } from './calls/settings.ts'
import { sheetCalls } from './calls/sheet.ts'
import { signCalls } from './calls/sign.ts'
import { signatureCalls } from './calls/signature.ts'
import { timeCalls } from './calls/time.ts'
import { statisticsCalls } from './calls/statistics.ts'
import { streamCalls } from './calls/stream.ts'
import { trustCalls } from './calls/trust.ts'
import { verifyCalls } from './calls/verify.ts'
import { waybillCalls } from './calls/waybill.ts'
import { writeCalls } from './calls/write.ts'
import { zHex64, zRole } from './schema.ts'

/*
 * Every call and event between the engine and its faces: one file a noun in `calls/`, one act a call in
 * `main/desk/acts/` under the same name. JSON-safe values only.
 */

export const contract = {
  calls: {
    ...placeCalls,
    ...deskCalls,
    ...cardCalls,
    ...keyCalls,
    ...evidenceCalls,
    ...lookCalls,
    ...signatureCalls,
    ...personCalls,
    ...trustCalls,
    ...rootCalls,
    ...packageCalls,
    ...peerCalls,
    ...policyCalls,
    ...changeCalls,
    ...timeCalls,
    ...causeCalls,
    ...streamCalls,
    ...requestCalls,
    ...collectCalls,
    ...waybillCalls,
    ...componentsCalls,
    ...consignmentCalls,
    ...approvalCalls,
    ...driveCalls,
    ...mediaCalls,
    ...capacityCalls,
    ...custodyCalls,
    ...statisticsCalls,
    ...writeCalls,
    ...readbackCalls,
    ...repairCalls,
    ...verifyCalls,
    ...decisionCalls,
    ...overrideCalls,
    ...exportCalls,
    ...landingCalls,
    ...sealCalls,
    ...kitCalls,
    ...summaryCalls,
    ...admittedCalls,
    ...refusedCalls,
    ...reportCalls,
    ...sheetCalls,
    ...previewCalls,
    ...pruneCalls,
    ...ledgerCalls,
    ...signCalls,
    ...checkCalls,
    ...settingsCalls,
    ...jobCalls,
  },
  events: {
    /** At most five a second for one job, and on each change of step or state. */
    job: zJob,
    /** Something at the desk changed: ask again for what is shown. */
    desk: z.strictObject({ id: zHex64.nullable() }),
    /** Who last proved a key in this window. */
    proved: z.strictObject({ person: z.string(), name: z.string(), roles: z.array(zRole) }),
    /** Somebody at the window asks, by keyboard, for what is shown to be printed. */
    print: z.strictObject({}),
    /** What somebody dropped on the window. `place` is null where that is not one file or folder of this computer. */
    dropped: z.strictObject({
      place: zPlace.nullable(),
      label: z.string(),
      folder: z.boolean(),
      count: z.number(),
    }),
  },
} as const

type Calls = (typeof contract)['calls']
export type CallName = keyof Calls
export type CallInput<Name extends CallName> = z.input<Calls[Name]['in']>
export type CallOutput<Name extends CallName> = z.output<Calls[Name]['out']>
/** Calls that start long work. */
export type LongName = { [Name in CallName]: 'result' extends keyof Calls[Name] ? Name : never }[CallName]
/** What the job of a long call ends with. */
export type LongResult<Name extends LongName> = z.output<Calls[Name]['result']>

/** The result of a long call's job, held against its schema. @throws ZodError */
export function resultOf<Name extends LongName>(name: Name, result: unknown): LongResult<Name> {
  return contract.calls[name].result.parse(result) as LongResult<Name>
}

export type EventName = keyof (typeof contract)['events']
export type EventValue<Name extends EventName> = z.output<(typeof contract)['events'][Name]>
/** An event with its value, as listeners take it. */
export type Told = { [Name in EventName]: [event: Name, value: EventValue<Name>] }[EventName]
