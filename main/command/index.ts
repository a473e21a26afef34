import { changeList, changeShow, changeSign, changeWithdraw, deskSeal } from './change.ts'
import type { Command } from './command.ts'
import { consignmentClose, consignmentDrop, consignmentList, consignmentShow, prune } from './consignment.ts'
import { deskCreate, deskShow } from './desk.ts'
import { evidence } from './evidence.ts'
import { decide, exporting, ledgerVerify, verify } from './high.ts'
import { keyCreate, keyShow } from './key.ts'
import { approve, collect, readback, write } from './low.ts'
import { personAdd, personKey, policySet, trustAdd } from './people.ts'
import { reasons } from './reasons.ts'
import { report, sheet } from './report.ts'
import { packageAdd, packageCheck, packageMake } from './package.ts'
import { peerAdd, trustList, trustRevoke, trustRootAdd } from './trust.ts'
import { verifyBundle } from './verify-bundle.ts'
import { signBundle, signFile, verifyFile } from './sign.ts'

/** Every command by its words. */
export const commands: Readonly<Record<string, Command>> = {
  'desk create': deskCreate,
  'desk show': deskShow,
  'desk seal': deskSeal,
  'key create': keyCreate,
  'key show': keyShow,
  'person add': personAdd,
  'person key': personKey,
  'trust add': trustAdd,
  'trust revoke': trustRevoke,
  'trust list': trustList,
  'trust root add': trustRootAdd,
  'trust package make': packageMake,
  'trust package check': packageCheck,
  'trust package add': packageAdd,
  'peer add': peerAdd,
  'policy set': policySet,
  'change list': changeList,
  'change show': changeShow,
  'change sign': changeSign,
  'change withdraw': changeWithdraw,
  collect,
  'consignment list': consignmentList,
  'consignment show': consignmentShow,
  'consignment drop': consignmentDrop,
  'consignment close': consignmentClose,
  approve,
  write,
  readback,
  verify,
  decide,
  export: exporting,
  report,
  sheet,
  prune,
  'ledger verify': ledgerVerify,
  evidence,
  reasons,
  'verify-bundle': verifyBundle,
  'sign-bundle': signBundle,
  'sign-file': signFile,
  'verify-file': verifyFile,
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
