import type { Item } from '../waybill.ts'

/** The code of what somebody had the others go on without; its subject is the reference as the request spells it. */
export const leftOutCode = 'left-out'

/** What was asked for and is not carried, as the request spells it. */
export function leftOutOf(items: readonly Pick<Item, 'findings'>[]): string[] {
  return items.flatMap(({ findings }) =>
    findings.filter(({ code }) => code === leftOutCode).map(({ subject }) => subject),
  )
}
