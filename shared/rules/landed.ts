import type { Item } from '../waybill.ts'
import { leftOutOf } from './left-out.ts'

/** What of a consignment lies at a target: counts of items, and in sentences what does not. */
export interface Landed {
  /** Asked for by the request, and collected or left out. */
  readonly promised: number
  readonly carried: number
  readonly landed: number
  readonly missing: readonly string[]
}

/** The code of the finding that something names an image which is not carried; its subject is that name. */
const namedOnly = 'image-not-carried'

type Content = Pick<Item, 'reference' | 'name' | 'findings' | 'root'>
interface Written {
  readonly from: string | null
  readonly digest: string
}

/**
 * Holds what was asked for, what crossed and what an export wrote against each other. Records of before say only digests.
 *
 * @param written what lies at the target, as its export compared it
 */
export function landedOf(content: readonly Content[], written: readonly Written[]): Landed {
  const places = new Set(written.flatMap(({ from }) => (from === null ? [] : [from])))
  const digests = new Set(written.flatMap(({ from, digest }) => (from === null ? [digest] : [])))
  const landed = content.filter(({ reference, root }) => places.has(reference) || digests.has(root.digest))
  const leftOut = leftOutOf(content)
  const named = content.flatMap(({ findings }) =>
    findings
      .filter(({ code, subject }) => code === namedOnly && !leftOut.includes(subject))
      .map(({ subject }) => subject),
  )
  return {
    promised: content.length + leftOut.length,
    carried: content.length,
    landed: landed.length,
    missing: [
      ...leftOut.map((name) => `${name} was asked for and left out when it was collected.`),
      ...content
        .filter((one) => !landed.includes(one))
        .map(({ reference }) => `${reference} was carried and does not lie there.`),
      ...[...new Set(named)].map((name) => `${name} is named by what was carried and was never part of it.`),
    ],
  }
}

/** The three counts in one line. */
export const landedLine = ({ promised, carried, landed }: Landed): string =>
  `Promised ${promised}, carried ${carried}, landed ${landed}.`
