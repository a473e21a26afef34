import type { Acts, early } from './early.ts'
import * as approval from './approval.ts'
import * as capacity from './capacity.ts'
import * as card from './card.ts'
import * as cause from './cause.ts'
import * as change from './change.ts'
import * as check from './check.ts'
import * as collect from './collect.ts'
import * as components from './components.ts'
import * as consignment from './consignment.ts'
import * as custody from './custody.ts'
import * as decision from './decision.ts'
import * as desk from './desk.ts'
import * as drive from './drive.ts'
import * as evidence from './evidence.ts'
import * as exporting from './export.ts'
import * as key from './key.ts'
import * as admitted from './admitted.ts'
import * as kit from './kit.ts'
import * as sealing from './seal.ts'
import * as summary from './summary.ts'
import * as landing from './landing.ts'
import * as ledger from './ledger.ts'
import * as looking from './look.ts'
import * as media from './media.ts'
import * as override from './override.ts'
import * as trustPackage from './package.ts'
import * as peer from './peer.ts'
import * as person from './person.ts'
import * as policy from './policy.ts'
import * as preview from './preview.ts'
import * as prune from './prune.ts'
import * as readback from './readback.ts'
import * as repair from './repair.ts'
import * as refused from './refused.ts'
import * as report from './report.ts'
import * as request from './request.ts'
import * as root from './root.ts'
import * as sheet from './sheet.ts'
import * as sign from './sign.ts'
import * as signature from './signature.ts'
import * as time from './time.ts'
import * as statistics from './statistics.ts'
import * as stream from './stream.ts'
import * as trust from './trust.ts'
import * as verify from './verify.ts'
import * as waybill from './waybill.ts'
import * as write from './write.ts'

/** Who does what: one function for each call of the contract that is not an early one, in the file of its noun. */
export const acts: Omit<Acts, keyof typeof early> = {
  'approval.sign': approval.sign,
  'capacity.start': capacity.start,
  'card.read': card.read,
  'card.save': card.save,
  'cause.lift': cause.lift,
  'change.list': change.list,
  'change.show': change.show,
  'change.sign': change.sign,
  'change.withdraw': change.withdraw,
  'check.start': check.start,
  'collect.start': collect.start,
  'components.show': components.show,
  'components.save': components.save,
  'consignment.list': consignment.list,
  'consignment.evidence': consignment.evidence,
  'consignment.blob': consignment.blob,
  'consignment.show': consignment.show,
  'consignment.drop': consignment.drop,
  'consignment.close': consignment.close,
  'custody.hand': custody.hand,
  'custody.arrive': custody.arrive,
  'decision.sign': decision.sign,
  'desk.create': desk.create,
  'desk.open': desk.open,
  'desk.close': desk.close,
  'desk.show': desk.show,
  'desk.seal': desk.seal,
  'desk.restored': desk.restored,
  'desk.unlock': desk.unlock,
  'drive.list': drive.list,
  'drive.mount': drive.mount,
  'drive.unmount': drive.unmount,
  'drive.eject': drive.eject,
  'evidence.show': evidence.show,
  'look.start': looking.start,
  'export.start': exporting.start,
  'key.create': key.create,
  'key.show': key.show,
  'landing.create': landing.create,
  'landing.show': landing.show,
  'landing.save': landing.save,
  'admitted.save': admitted.save,
  'seal.start': sealing.start,
  'kit.make': kit.make,
  'summary.save': summary.save,
  'ledger.verify': ledger.verify,
  'ledger.events': ledger.events,
  'ledger.event': ledger.event,
  'media.list': media.list,
  'media.show': media.show,
  'media.register': media.register,
  'media.state': media.state,
  'media.sign': media.sign,
  'override.sign': override.sign,
  'package.make': trustPackage.make,
  'package.check': trustPackage.check,
  'package.add': trustPackage.add,
  'peer.add': peer.add,
  'person.add': person.add,
  'person.key': person.replaceKey,
  'policy.set': policy.set,
  'policy.preview': policy.preview,
  'policy.sets': policy.sets,
  'policy.keep': policy.keep,
  'policy.check': policy.check,
  'policy.explain': policy.explain,
  'policy.schema': policy.schema,
  'prune.run': prune.run,
  'readback.start': readback.start,
  'repair.start': repair.start,
  'report.show': report.show,
  'refused.list': refused.list,
  'refused.show': refused.show,
  'report.save': report.save,
  'report.print': report.print,
  'request.open': request.open,
  'request.check': request.check,
  'request.name': request.name,
  'preview.start': preview.start,
  'request.show': request.show,
  'root.show': root.show,
  'root.add': root.add,
  'sheet.show': sheet.show,
  'sheet.save': sheet.save,
  'sheet.print': sheet.print,
  'sign.start': sign.start,
  'signature.check': signature.check,
  'time.floor': time.floor,
  'statistics.show': statistics.show,
  'statistics.save': statistics.save,
  'stream.release': stream.release,
  'stream.epoch': stream.epoch,
  'stream.move': stream.move,
  'trust.add': trust.add,
  'trust.revoke': trust.revoke,
  'verify.start': verify.start,
  'verify.again': verify.again,
  'waybill.make': waybill.make,
  'write.plan': write.plan,
  'write.start': write.start,
}
