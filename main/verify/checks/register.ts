import type { Digest } from '../../../shared/digest.ts'
import type { CameOn } from '../../../shared/rules/media.ts'
import type { CheckFacts } from '../../../shared/rules/check.ts'
import type { CheckId } from '../../../shared/text/checks.ts'
import type { CheckResult } from '../../../shared/verdict.ts'
import type { CheckList } from '../check.ts'
import type { MediaSet } from '../types.ts'

type Said = (CheckFacts & { readonly result: CheckResult }) | { readonly notAsked: string }
export type SealSaid = Said

/** What the register of the desk that reads says of the medium. */
export interface RegisterSaid {
  /** Of the drive of each medium that is read. */
  readonly drives: readonly Said[]
  /** Of the seal that was typed when media of this transfer arrived. */
  readonly seal: (waybill: Digest) => SealSaid
  /** On which media this waybill came; `set` is of a bundle on several. */
  readonly came: (waybill: Digest, set: MediaSet | null) => CameOn
}

function add(id: CheckId, said: Said, list: CheckList): void {
  if ('notAsked' in said) list.skip([id], said.notAsked)
  else {
    const { result, ...about } = said
    list.add(id, result, about)
  }
}

function addDrives({ drives }: RegisterSaid, list: CheckList): void {
  const asked = drives.filter((said) => !('notAsked' in said))
  for (const said of asked.length > 0 ? asked : drives.slice(0, 1)) add('medium.registered', said, list)
}

/** Holds a medium against the register, and its seal against what was typed. Both are known before a byte is believed. */
export function checkRegister(said: RegisterSaid, waybill: Digest | null, list: CheckList): void {
  addDrives(said, list)
  add('medium.seal', waybill === null ? { notAsked: 'seal-not-recorded' } : said.seal(waybill), list)
}

/** The same where a desk reads back what it wrote itself: nothing has arrived. */
export function checkRegisterBack(said: RegisterSaid, list: CheckList): void {
  addDrives(said, list)
  list.skip(['medium.seal'], 'read-back')
}
