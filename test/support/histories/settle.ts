import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decideBoth, raiseHigh, read, release } from './acts-high.ts'
import { again, collect, drop, raiseLow, sign, write } from './acts-low.ts'
import { addressed, decidedHere, orderAt, trusted } from './high-model.ts'
import { must, mustBe, type History, type Medium, type Side } from './history.ts'
import { againCode, old, writeCode, type Sent } from './low-model.ts'

/*
 * What people do in the end: everything that the desks tell them. After it whatever was honest has gone through, or may
 * be refused for good, for a reason that the people of both desks know.
 */

// What a lie that two people accepted says of its stream is the beginning of another one.
const lied = ({ sides, lies }: History): boolean =>
  sides.some(({ paper }) => paper.some((one) => one.decided === 'accepted' && lies.has(one.bundle.digest)))

// Raised by whoever is behind, the sender first; a sender that was put back goes above everything.
async function agreeOnEpoch(history: History, above: boolean): Promise<void> {
  const { low, sides } = history
  const known = [low.epoch, ...sides.flatMap((side) => [side.epoch, side.state.epoch])]
  const to = Math.max(...known, ...history.media.map((one) => one.bundle.epoch)) + (above ? 1 : 0)
  if (low.epoch < to) await raiseLow(history, to)
  for (const side of sides) if (side.state.epoch < to) await raiseHigh(history, side, to)
}

// Signed anew where it has to be, by somebody whose key counts everywhere.
async function makeReady(history: History, one: Sent): Promise<boolean> {
  const { low, now } = history
  if (one.closed || one.dropped === 'unsigned') return false
  if (one.released && one.dropped === 'voided' && history.random.below(2) === 0) return false
  const barred = old(low, one, now) !== null || (one.released && writeCode(low, one, now) !== 'ok')
  if (barred) {
    if (againCode(low, one, now) === 'bad-input') return false
    mustBe(await again(history, one), 'ok', 'what no longer counts is made again')
  }
  while (!one.released) mustBe(await sign(history, one, 'ben'), 'ok', 'what is made again is signed')
  return true
}

/** Why a bundle may be refused for good at a desk; `null` where it may not. */
function refusedForGood(history: History, side: Side, { bundle }: Medium): string | null {
  const { state, paper } = side
  if (!trusted(state, bundle)) return 'signed by a revoked key'
  if (history.now >= bundle.expires) return 'expired'
  if (paper.some((one) => one.bundle.digest === bundle.digest)) return 'decided'
  if (decidedHere(state, bundle.digest) !== null) return 'decided'
  if (bundle.epoch < state.epoch) return 'of an older epoch'
  const { row } = orderAt(state, bundle)
  return row === 'downgrade' || row === 'voided' ? row : null
}

// Reads it, does what the answer says, and reads it again, until it is accepted or refused for good.
async function deliver(history: History, side: Side, medium: Medium): Promise<string> {
  const { bundle } = medium
  for (let tries = 0; tries < 6; tries++) {
    const verdict = await read(history, side, medium)
    const { id } = verdict
    if (verdict.outcome === 'passed' && id !== undefined) {
      if ((await decideBoth(history, side, id, 'accept')) === 'accept') return 'accepted'
      continue
    }
    const reason = refusedForGood(history, side, medium)
    if (reason !== null) return reason
    const { row } = orderAt(side.state, bundle)
    if (row === 'channel') await raiseHigh(history, side, bundle.epoch)
    else if (row !== 'passes' && id !== undefined) await release(history, side, id)
    else return 'the ledger of the sender'
  }
  throw new Error(`the advice leads nowhere for ${bundle.digest}`)
}

// What was decided on paper must be what the content comes out as.
async function takeOut(history: History, side: Side, text: string, digest: string): Promise<void> {
  const { consignments } = await side.desk.ask('consignment.list', {})
  const one = consignments.find((other) => other.waybill === digest)
  if (one?.state !== 'accepted') return
  const to = history.path('out')
  await mkdir(to)
  const target = { kind: 'dir' as const, place: side.desk.place('export', to) }
  const { code } = await side.desk.work('export.start', { id: one.id, target })
  history.say('export', code)
  mustBe(code, 'ok', 'taking out what was accepted')
  mustBe(await readFile(join(to, 'files', 'notes.txt'), 'utf8'), text, 'the content of what was accepted')
}

const numberAt = (side: Side, { bundle }: Medium): number =>
  bundle.entries.find((one) => one.desk === side.state.id)?.sequence ?? 0

// What still counts at the low desk is written once more, and read at each desk in the order of its numbers.
async function deliverAll(history: History): Promise<boolean> {
  const ready: Medium[] = []
  for (const one of [...history.low.sent].sort((a, b) => Number(b.released) - Number(a.released))) {
    if (!(await makeReady(history, one))) continue
    mustBe(await write(history, one), 'ok', 'what is signed is written')
    ready.push(history.media.at(-1)!)
  }
  for (const side of history.sides) {
    const mine = ready.filter((one) => addressed(side.state, one.bundle))
    for (const medium of mine.sort((a, b) => numberAt(side, a) - numberAt(side, b))) {
      const came = await deliver(history, side, medium)
      history.say(`settled-${history.sides.indexOf(side) + 1}`, came)
      if (came === 'the ledger of the sender') return false
    }
  }
  return true
}

/** Does what the desks say until everything honest has gone through; then something new goes through as well. */
export async function settle(history: History): Promise<void> {
  await agreeOnEpoch(history, history.branch > 0 || lied(history))
  must(await deliverAll(history), 'a raise on both sides begins the ledgers anew')
  // One that is given up at the end holds nobody up: the next one says so.
  const lost = await collect(history, history.world.highIds)
  for (let n = 0; n < 2; n++) await sign(history, lost, 'ben')
  if (history.random.below(2) === 0) await drop(history, lost)
  else mustBe(await write(history, lost), 'ok', 'a new one is written')
  const before = history.media.at(-1)
  const last = await collect(history, history.world.highIds)
  for (let n = 0; n < 2; n++) await sign(history, last, 'ben')
  mustBe(await write(history, last), 'ok', 'the last one is written')
  const medium = history.media.at(-1)!
  for (const side of history.sides) {
    if (lost.dropped === 'no' && before !== undefined)
      mustBe(await deliver(history, side, before), 'accepted', 'what comes new')
    mustBe(await deliver(history, side, medium), 'accepted', 'the last one')
    await takeOut(history, side, last.text, last.bundle.digest)
  }
}
