import type { CallInput, CallName, CallOutput } from '../../../shared/contract.ts'
import type { Context } from '../work/context.ts'
import { approve } from './approve.ts'
import * as card from './card.ts'
import * as change from './change.ts'
import * as check from './check.ts'
import * as collect from './collect.ts'
import * as consignment from './consignment.ts'
import { decide } from './decide.ts'
import * as desk from './desk.ts'
import * as evidence from './evidence.ts'
import * as exporting from './export.ts'
import * as jobs from './jobs.ts'
import * as key from './key.ts'
import * as ledger from './ledger.ts'
import * as trustPackage from './package.ts'
import * as people from './people.ts'
import { choosePlace } from './place.ts'
import * as readback from './readback.ts'
import * as report from './report.ts'
import * as request from './request.ts'
import { saveSheet } from './sheet.ts'
import * as signature from './signature.ts'
import * as sign from './sign.ts'
import * as settings from './settings.ts'
import * as trust from './trust.ts'
import * as verify from './verify.ts'
import * as write from './write.ts'

type Acts = {
  readonly [Name in CallName]: (context: Context, input: CallInput<Name>) => Promise<CallOutput<Name>>
}

/** Who does what: one function for each call of the contract. */
export const acts: Acts = {
  'place.choose': choosePlace,
  'desk.create': desk.create,
  'desk.open': desk.open,
  'desk.close': desk.close,
  'desk.show': desk.show,
  'card.read': card.read,
  'card.save': card.save,
  'key.create': key.create,
  'key.show': key.show,
  'evidence.show': evidence.show,
  'signature.check': signature.check,
  'person.add': people.addPerson,
  'person.key': people.replaceKey,
  'trust.add': people.addTrust,
  'trust.revoke': trust.revoke,
  'root.add': trust.addRoot,
  'package.make': trustPackage.make,
  'package.check': trustPackage.check,
  'package.add': trustPackage.add,
  'peer.add': trust.addPeer,
  'policy.set': people.setPolicy,
  'policy.preview': people.previewPolicy,
  'desk.seal': change.seal,
  'change.list': change.list,
  'change.show': change.show,
  'change.sign': change.sign,
  'change.withdraw': change.withdraw,
  'request.open': request.open,
  'request.check': request.check,
  'request.name': request.name,
  'request.show': request.show,
  'collect.start': collect.start,
  'waybill.make': collect.make,
  'consignment.list': consignment.list,
  'consignment.evidence': evidence.ofConsignment,
  'consignment.blob': evidence.blob,
  'consignment.show': consignment.show,
  'consignment.drop': consignment.drop,
  'consignment.close': consignment.close,
  'approval.sign': approve,
  'write.plan': write.plan,
  'write.start': write.start,
  'readback.start': readback.start,
  'verify.start': verify.start,
  'decision.sign': decide,
  'export.start': exporting.start,
  'report.show': report.show,
  'report.save': report.save,
  'sheet.save': saveSheet,
  'prune.run': consignment.prune,
  'ledger.verify': ledger.verify,
  'ledger.events': ledger.events,
  'ledger.event': ledger.event,
  'sign.start': sign.start,
  'check.start': check.start,
  'settings.show': settings.show,
  'settings.set': settings.set,
  'job.list': jobs.list,
  'job.wait': jobs.wait,
  'job.retry': jobs.retry,
  'job.cancel': jobs.cancel,
}
