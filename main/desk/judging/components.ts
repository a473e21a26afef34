import type { Against, ItemComponents } from '../../../shared/components.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { Item, Waybill } from '../../../shared/waybill.ts'
import { sbomKind } from '../../evidence/sbom/read.ts'
import { compared, type Side } from '../../inspect/compared.ts'
import { Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'
import { assessItem } from '../../verify/checks/evidence.ts'
import type { Desk } from '../desk.ts'
import { readWaybill } from '../disk/waybill.ts'
import type { Consignment } from '../state/consignment.ts'
import { evidenceGround, evidenceOf, readerOf } from './evidence.ts'

interface Earlier {
  readonly one: Consignment
  readonly at: string
  /** What is larger came later: epoch and number of what was released; time and event of what was decided. */
  readonly rank: readonly [string | number, number]
}

const isBefore = (a: Earlier['rank'], b: Earlier['rank']): boolean =>
  a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])

function sentAs({ made }: Consignment, destination: string): Earlier['rank'] | null {
  const stream = made?.destinations.find((to) => to.destination === destination)
  return made === null || stream === undefined ? null : [made.epoch, stream.sequence]
}

/** What a low desk released to a destination before; what was given up or replaced is not there. */
function releasedTo(desk: Desk, of: Consignment, destination: string): Earlier[] {
  const own = sentAs(of, destination)
  return [...desk.state.consignments.values()].flatMap((one) => {
    const rank = sentAs(one, destination)
    if (one.id === of.id || one.channel !== of.channel || one.releasedAt === null || one.dropped !== null)
      return []
    return rank === null || own === null || !isBefore(rank, own) ? [] : [{ one, at: one.releasedAt, rank }]
  })
}

function decidedAs({ decidedAt, verdict }: Consignment): Earlier['rank'] | null {
  return decidedAt === null ? null : [decidedAt, verdict?.event ?? 0]
}

/** What a high desk accepted before from the same sender on the same channel. */
function acceptedFrom(desk: Desk, of: Consignment): Earlier[] {
  const own = decidedAs(of)
  return [...desk.state.consignments.values()].flatMap((one) => {
    const rank = decidedAs(one)
    if (one.id === of.id || one.decided !== 'accept' || one.decidedAt === null || rank === null) return []
    if (one.channel !== of.channel || one.sender?.id !== of.sender?.id) return []
    return own !== null && !isBefore(rank, own) ? [] : [{ one, at: one.decidedAt, rank }]
  })
}

interface Found {
  readonly earlier: Earlier
  readonly waybill: Waybill
  readonly item: Item
}

/** Reads what is compared, within what one comparison may read. */
class Reading {
  private left = limits.billsCompared
  private readonly waybills = new Map<string, Waybill>()
  private readonly desk: Desk

  constructor(desk: Desk) {
    this.desk = desk
  }

  private async waybillOf(one: Consignment): Promise<Waybill | null> {
    const known = this.waybills.get(one.id)
    if (known !== undefined) return known
    if (this.waybills.size >= limits.waybillsSearched) return null
    const { waybill } = await readWaybill(this.desk, one)
    this.waybills.set(one.id, waybill)
    return waybill
  }

  /** The last earlier item of the same name and kind; `searched` is false where not all of them were looked through. */
  async last(
    { name, kind }: Item,
    earlier: readonly Earlier[],
  ): Promise<{ readonly found: Found | null; readonly searched: boolean }> {
    for (const one of [...earlier].sort((a, b) => (isBefore(a.rank, b.rank) ? 1 : -1))) {
      const waybill = await this.waybillOf(one.one)
      if (waybill === null) return { found: null, searched: false }
      const item = waybill.items.find((other) => other.name === name && other.kind === kind)
      if (item !== undefined) return { found: { earlier: one, waybill, item }, searched: true }
    }
    return { found: null, searched: true }
  }

  /** The evidence that may be a bill of materials; what was judged before to be something else is not read again. */
  private async bills(one: Consignment, item: Item): Promise<Item['evidence']> {
    const kept = await evidenceOf(this.desk, one)
    const judged = kept?.items.find(({ name, root }) => name === item.name && root === item.root.digest)
    if (judged === undefined) return item.evidence
    const others = new Set<string>(
      judged.pieces
        .filter(({ predicateType: type, kind }) =>
          type === null ? kind === 'signature' : sbomKind(type) === null,
        )
        .map(({ manifest }) => manifest),
    )
    for (const { predicateType: type, manifest } of judged.pieces)
      if (type !== null && sbomKind(type) !== null) others.delete(manifest)
    return item.evidence.filter(({ digest }) => !others.has(digest))
  }

  async side(one: Consignment, item: Item): Promise<Side> {
    const bills = await this.bills(one, item)
    const evidence = bills.slice(0, this.left)
    this.left -= evidence.length
    const gone: Digest[] = []
    const { trust } = evidenceGround(this.desk)
    const blobs = await readerOf(this.desk, one.id)
    const assessed = await assessItem({ ...item, evidence }, blobs, { trust }, (lost) => gone.push(lost))
    return { assessed, gone, unread: bills.length - evidence.length }
  }
}

const againstOf = ({ earlier: { one, at }, item }: Found, waybill: Digest): Against => ({
  ...{ consignment: one.id, name: one.name, waybill, sequence: one.sequence, at },
  root: item.root.digest,
})

/** What an item is compared with: once for all destinations that had the same before. */
interface Baseline {
  readonly destinations: string[]
  readonly found: Found | null
  readonly searched: boolean
}

async function baselinesOf(desk: Desk, one: Consignment, item: Item, reading: Reading): Promise<Baseline[]> {
  if (desk.state.card.side !== 'low')
    return [{ destinations: [], ...(await reading.last(item, acceptedFrom(desk, one))) }]
  const found: Baseline[] = []
  for (const { destination } of one.made?.destinations ?? []) {
    const last = await reading.last(item, releasedTo(desk, one, destination))
    const same = found.find(
      (other) =>
        other.searched === last.searched && other.found?.earlier.one.id === last.found?.earlier.one.id,
    )
    if (same === undefined) found.push({ destinations: [destination], ...last })
    else same.destinations.push(destination)
  }
  return found
}

/**
 * What changed inside each item of a consignment, by the bills of materials that somebody known signed: on the low side
 * since what was released last to the same destinations, on the high side since what was accepted last.
 *
 * @param listed how many changes are named, of all items together; the rest is counted
 * @throws Failure `consignment-state` for one without a waybill
 */
export async function componentsOf(
  desk: Desk,
  one: Consignment,
  listed: number = limits.changesTogether,
): Promise<ItemComponents[]> {
  if (one.waybill === null)
    throw new Failure('consignment-state', { found: one.state, expected: 'one with a waybill' })
  const { waybill } = await readWaybill(desk, one)
  const reading = new Reading(desk)
  const items: ItemComponents[] = []
  let rows = 0
  for (const item of waybill.items) {
    const { name, kind, root } = item
    const now = await reading.side(one, item)
    for (const { destinations, found, searched } of await baselinesOf(desk, one, item, reading)) {
      const against = found?.earlier.one.waybill ?? null
      const before =
        found === null || against === null
          ? null
          : { against: againstOf(found, against), side: await reading.side(found.earlier.one, found.item) }
      const said = compared({ name, kind, root: root.digest, destinations }, before, now, searched)
      const changes = said.changes.slice(0, Math.max(0, listed - rows))
      rows += changes.length
      items.push({ ...said, changes, left: said.left + said.changes.length - changes.length })
    }
  }
  return items
}
