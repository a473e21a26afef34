import { z } from 'zod'
import type { Item } from '../waybill.ts'
import { leftOutCode } from './left-out.ts'

/** Something that could not be collected as asked, once for each registry and cause. */
export const zToldFinding = z.strictObject({
  code: z.string(),
  /** In words, as it was said of the first item. */
  detail: z.string(),
  /** References of the items that it was said of. */
  items: z.array(z.string()),
})
export type ToldFinding = z.infer<typeof zToldFinding>

type Found = Pick<Item, 'reference' | 'name' | 'findings'>

// What differs from item to item: names, digests and the tags made of them. What is left says which host, and what happened.
function causeOf({ reference, name }: Found, code: string, detail: string): string {
  let plain = detail
  for (const own of [reference, name, name.slice(name.indexOf('/') + 1)])
    if (own !== '') plain = plain.replaceAll(own, '')
  return `${code} ${plain.replace(/sha256[:-][0-9a-f]{64}(\.\w+)?/g, '').replace(/@|:\w[\w.-]*(?=[\s.,;)])|the referrers of \S*| The same for \d+ more\./g, '')}`
}

/** The findings of all items, told once for each registry and cause, those that concern most items first. */
export function findingsOf(items: readonly Found[]): ToldFinding[] {
  const told = new Map<string, { code: string; detail: string; items: Set<string> }>()
  for (const item of items) {
    for (const { code, subject, detail } of item.findings) {
      const key = code === leftOutCode ? `${code} ${subject}` : causeOf(item, code, detail)
      const known = told.get(key) ?? {
        code,
        detail: code === leftOutCode ? `${subject}: ${detail}` : detail,
        items: new Set(),
      }
      known.items.add(item.reference)
      told.set(key, known)
    }
  }
  return [...told.values()]
    .map((one) => ({ ...one, items: [...one.items] }))
    .sort((a, b) => b.items.length - a.items.length)
}

/** A finding in one line: what happened, and of how many items. */
export function findingLine({ detail, items }: ToldFinding): string {
  return items.length < 2
    ? `${items[0] ?? ''}: ${detail}`
    : `${detail} (${items.length} items: ${items.slice(0, 3).join(', ')}${items.length > 3 ? ', …' : ''})`
}
