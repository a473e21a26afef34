import type { Command } from './command.ts'
import { admit } from './admit.ts'
import { landingFailed } from './landing-failed.ts'
import { landingKeyCreate } from './landing-key-create.ts'
import { landingKeyShow } from './landing-key-show.ts'
import { landingKit } from './landing-kit.ts'
import { landingList } from './landing-list.ts'
import { landingSeal } from './landing-seal.ts'
import { deskCreate } from './desk-create.ts'
import { deskShow } from './desk-show.ts'
import { deskRestored } from './desk-restored.ts'
import { deskUnlock } from './desk-unlock.ts'
import { deskSeal } from './desk-seal.ts'
import { driveEject } from './drive-eject.ts'
import { driveList } from './drive-list.ts'
import { keyCreate } from './key-create.ts'
import { keyShow } from './key-show.ts'
import { personAdd } from './person-add.ts'
import { personKey } from './person-key.ts'
import { timeFloor } from './time-floor.ts'
import { trustAdd } from './trust-add.ts'
import { trustRevoke } from './trust-revoke.ts'
import { trustList } from './trust-list.ts'
import { trustRootAdd } from './trust-root-add.ts'
import { trustRootShow } from './trust-root-show.ts'
import { packageMake } from './trust-package-make.ts'
import { packageCheck } from './trust-package-check.ts'
import { mediaArrive } from './media-arrive.ts'
import { mediaHandover } from './media-handover.ts'
import { mediaList } from './media-list.ts'
import { mediaRegister } from './media-register.ts'
import { mediaShow } from './media-show.ts'
import { mediaSign } from './media-sign.ts'
import { mediaState } from './media-state.ts'
import { mediaStatistics } from './media-statistics.ts'
import { mediaTest } from './media-test.ts'
import { override } from './override.ts'
import { packageAdd } from './trust-package-add.ts'
import { peerAdd } from './peer-add.ts'
import { policySet } from './policy-set.ts'
import { policyCheck } from './policy-check.ts'
import { policyKeep } from './policy-keep.ts'
import { policyExplain } from './policy-explain.ts'
import { policyPacks } from './policy-packs.ts'
import { policySchema } from './policy-schema.ts'
import { causeLift } from './cause-lift.ts'
import { changeList } from './change-list.ts'
import { changeShow } from './change-show.ts'
import { changeSign } from './change-sign.ts'
import { changeWithdraw } from './change-withdraw.ts'
import { streamRelease } from './stream-release.ts'
import { streamEpoch } from './stream-epoch.ts'
import { streamMove } from './stream-move.ts'
import { collect } from './collect.ts'
import { refusedList } from './refused-list.ts'
import { refusedShow } from './refused-show.ts'
import { consignmentList } from './consignment-list.ts'
import { consignmentShow } from './consignment-show.ts'
import { consignmentDrop } from './consignment-drop.ts'
import { consignmentClose } from './consignment-close.ts'
import { components } from './components.ts'
import { preview } from './preview.ts'
import { approve } from './approve.ts'
import { write } from './write.ts'
import { readback } from './readback.ts'
import { repair } from './repair.ts'
import { verify } from './verify.ts'
import { judge } from './judge.ts'
import { decide } from './decide.ts'
import { exporting } from './export.ts'
import { report } from './report.ts'
import { sheet } from './sheet.ts'
import { prune } from './prune.ts'
import { ledgerVerify } from './ledger-verify.ts'
import { evidence } from './evidence.ts'
import { look } from './look.ts'
import { reasons } from './reasons.ts'
import { verifyBundle } from './verify-bundle.ts'
import { signBundle } from './sign-bundle.ts'
import { signFile } from './sign-file.ts'
import { verifyFile } from './verify-file.ts'
import { completionOf } from './completion.ts'

/** Every command by its words; each in a file that is named like it. */
export const commands: Readonly<Record<string, Command>> = {
  'desk create': deskCreate,
  'desk show': deskShow,
  'desk seal': deskSeal,
  'desk restored': deskRestored,
  'desk unlock': deskUnlock,
  'key create': keyCreate,
  'key show': keyShow,
  'person add': personAdd,
  'person key': personKey,
  'trust add': trustAdd,
  'trust revoke': trustRevoke,
  'trust list': trustList,
  'trust root show': trustRootShow,
  'trust root add': trustRootAdd,
  'trust package make': packageMake,
  'trust package check': packageCheck,
  'trust package add': packageAdd,
  'peer add': peerAdd,
  'policy set': policySet,
  'policy keep': policyKeep,
  'policy check': policyCheck,
  'policy explain': policyExplain,
  'policy packs': policyPacks,
  'policy schema': policySchema,
  'change list': changeList,
  'change show': changeShow,
  'change sign': changeSign,
  'change withdraw': changeWithdraw,
  'time floor': timeFloor,
  'cause lift': causeLift,
  'stream release': streamRelease,
  'stream epoch': streamEpoch,
  'stream move': streamMove,
  preview,
  collect,
  'consignment list': consignmentList,
  'consignment show': consignmentShow,
  'consignment drop': consignmentDrop,
  'consignment close': consignmentClose,
  components,
  approve,
  'drive list': driveList,
  'drive eject': driveEject,
  'media list': mediaList,
  'media register': mediaRegister,
  'media show': mediaShow,
  'media state': mediaState,
  'media sign': mediaSign,
  'media test': mediaTest,
  'media handover': mediaHandover,
  'media arrive': mediaArrive,
  'media statistics': mediaStatistics,
  write,
  readback,
  repair,
  verify,
  judge,
  'refused list': refusedList,
  'refused show': refusedShow,
  decide,
  override,
  export: exporting,
  'landing key create': landingKeyCreate,
  'landing key show': landingKeyShow,
  'landing seal': landingSeal,
  'landing kit': landingKit,
  'landing list': landingList,
  'landing failed': landingFailed,
  admit,
  report,
  sheet,
  prune,
  'ledger verify': ledgerVerify,
  look,
  evidence,
  reasons,
  'verify-bundle': verifyBundle,
  'sign-bundle': signBundle,
  'sign-file': signFile,
  'verify-file': verifyFile,
  completion: completionOf(() => commands),
}

/** How a command is called. */
export function usageOf(name: string): string {
  const command = commands[name]
  if (command === undefined) return ''
  const options = Object.entries(command.options).map(([option, { value, required, many }]) => {
    const text = value === null ? `--${option}` : `--${option} ${value}`
    const repeated = many === true ? `${text}...` : text
    return required === true ? repeated : `[${repeated}]`
  })
  return ['sallyport', name, ...command.positional, ...options].join(' ')
}
