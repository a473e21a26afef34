import type { Verified } from '../../../shared/verdict.ts'
import type { LongResult } from '../../../shared/contract.ts'
import type { Recovery, Rests } from '../../../shared/rules/stream-memory.ts'
import {
  addressed,
  decidedHere,
  note,
  noteDecided,
  noteRelease,
  oneLedger,
  orderAt,
  raise,
  trusted,
  type Signed,
} from './high-model.ts'
import { must, mustBe, type History, type Medium, type Side } from './history.ts'

/* What is done at a high desk, and what the model says that it must come to. */

const channel = 'payments'
const place = (history: History, side: Side): number => history.sides.indexOf(side) + 1

/** Whether the rules that need no content let it be accepted now. */
function mayAccept(history: History, side: Side, bundle: Signed): boolean {
  const { state } = side
  if (!trusted(state, bundle) || !addressed(state, bundle)) return false
  return orderAt(state, bundle).row === 'passes' && history.now < bundle.expires
}

// The sender's ledger: what is one is never failed, and is proven where the low desk was never put back.
function checkHeads(history: History, side: Side, bundle: Signed, verdict: Verified): boolean {
  const results = verdict.checks.filter((one) => one.id === 'ledger.consistency').map((one) => one.result)
  const one = oneLedger(side.state, bundle)
  if (one) must(!results.includes('fail'), 'one ledger does not contradict itself', results)
  if (one && history.branch === 0)
    must(!results.includes('not-checked'), 'a ledger that went on is proven', results)
  return one && history.branch === 0
}

function checkVerdict(history: History, side: Side, medium: Medium, verdict: Verified): void {
  const { bundle, kind } = medium
  const { state } = side
  const failed = new Set(verdict.checks.filter((one) => one.result === 'fail').map((one) => one.id))
  if (kind !== 'good') must(verdict.outcome !== 'passed', 'what is damaged does not pass', kind)
  if (kind === 'torn' || !trusted(state, bundle)) {
    must(
      [...failed].some((id) => id.startsWith('signatures.')),
      'a signature that does not count',
      [...failed],
    )
    must(verdict.id === undefined, 'what nobody trusted signed makes no consignment')
    return
  }
  mustBe(failed.has('destination.here'), !addressed(state, bundle), 'the destination')
  mustBe(failed.has('expiry.waybill'), history.now >= bundle.expires, 'expiry')
  const rows = [...failed].filter((id) => id.startsWith('order.'))
  if (addressed(state, bundle)) {
    const { row } = orderAt(state, bundle)
    mustBe(rows, row === 'passes' ? [] : [`order.${row}`], 'the order')
    note(state, bundle)
  } else mustBe(rows, [], 'the order of what is for another desk')
  const proven = checkHeads(history, side, bundle, verdict)
  if (kind !== 'good' || !proven) return
  mustBe(
    verdict.outcome === 'passed',
    mayAccept(history, side, bundle),
    `the outcome, with ${[...failed].join(', ')}`,
  )
}

/** A medium is read; gives its verdict. */
export async function read(
  history: History,
  side: Side,
  medium: Medium,
): Promise<LongResult<'verify.start'>> {
  const { desk, known } = side
  const { code, value } = await desk.work('verify.start', { medium: desk.place('medium', medium.path) })
  const failed = value?.checks.filter((one) => one.result === 'fail').map((one) => one.id) ?? []
  const about = `${medium.bundle.digest.slice(7, 11)} ${medium.kind}`
  history.say(
    `read-${place(history, side)} ${about}`,
    value === null ? code : [value.outcome, ...failed].join(' '),
  )
  if (value === null) throw new Error(`reading: ${code}`)
  checkVerdict(history, side, medium, value)
  if (value.id !== undefined) known.set(value.id, medium.bundle)
  return value
}

/** One person's half of a decision; gives what stands with it. */
export async function decide(
  history: History,
  side: Side,
  id: string,
  outcome: 'accept' | 'reject' | 'hold',
  who: 'dave' | 'erin',
): Promise<string | null> {
  const { desk, state, known, paper } = side
  const bundle = known.get(id)
  if (bundle === undefined) throw new Error('a consignment that nobody knows')
  const before = await desk.ask('consignment.show', { id })
  const may = mayAccept(history, side, bundle)
  const provable = oneLedger(state, bundle) && history.branch === 0
  const input = { id, outcome, causes: [], ...(outcome === 'accept' ? {} : { reason: 'As agreed' }) }
  const { code, value } = await desk.call('decision.sign', { ...input, ...desk.by(history.world.signs(who)) })
  history.say(
    `${outcome}-${place(history, side)} ${bundle.digest.slice(7, 11)} ${who}`,
    `${code} ${value?.outcome ?? ''}`,
  )
  const decided = before.decided === 'accept' || before.decided === 'reject'
  if (decided) mustBe(code, 'consignment-state', 'deciding what is decided')
  if (code === 'ok' && outcome === 'accept') must(may, 'only what may be accepted is')
  if (before.decisions.some((one) => one.person === who) && code === 'same-person') return null
  if (!decided && outcome !== 'accept') mustBe(code, 'ok', outcome)
  if (!decided && outcome === 'accept') {
    const passed = before.verdict?.outcome === 'passed'
    if (!passed) mustBe(code, 'verdict-not-passed', 'accepting what did not pass')
    else if (!may) mustBe(code, 'verdict-stale', 'accepting what passes no longer')
    else if (provable) mustBe(code, 'ok', 'accepting what passed')
  }
  if (value?.outcome !== 'accept' && value?.outcome !== 'reject') return value?.outcome ?? null
  const stands = value.outcome === 'accept' ? 'accepted' : 'rejected'
  if (stands === 'accepted') checkAccepted(side, bundle)
  noteDecided(state, bundle.digest, stands)
  if (addressed(state, bundle)) paper.push({ bundle, decided: stands })
  return value.outcome
}

/** Two people's halves, one after the other; gives what stands with the second. */
export async function decideBoth(
  history: History,
  side: Side,
  id: string,
  outcome: 'accept' | 'reject' | 'hold',
): Promise<string | null> {
  await decide(history, side, id, outcome, 'dave')
  return decide(history, side, id, outcome, 'erin')
}

const numberAt = (side: Side, bundle: Signed | Side['paper'][number]['bundle']): number =>
  bundle.entries.find((one) => one.desk === side.state.id)?.sequence ?? 0

// Whatever happened to the desks: on paper the accepted ones only rise, and nothing is accepted twice.
function checkAccepted(side: Side, bundle: Signed): void {
  const before = side.paper.filter((one) => one.decided === 'accepted').map((one) => one.bundle)
  must(
    before.every((one) => one.digest !== bundle.digest),
    'nothing is accepted twice',
  )
  for (const one of before) {
    const rises =
      one.epoch < bundle.epoch || (one.epoch === bundle.epoch && numberAt(side, one) < numberAt(side, bundle))
    must(rises, 'what is accepted is newer than all that was')
  }
}

const heldRows = ['equivocation', 'state', 'gap']

/** Whether the order holds it now. */
export const isHeld = ({ state }: Side, bundle: Signed): boolean =>
  addressed(state, bundle) && heldRows.includes(orderAt(state, bundle).row)

function recoveryOf(side: Side): Recovery {
  const epoch = Math.max(side.epoch, side.state.epoch)
  const there = side.paper.filter((one) => one.bundle.epoch === epoch)
  const accepted = there
    .filter((one) => one.decided === 'accepted')
    .map(({ bundle }) => ({ sequence: numberAt(side, bundle), digest: bundle.digest }))
    .sort((a, b) => b.sequence - a.sequence)
  const rejected = there.filter((one) => one.decided === 'rejected').map((one) => one.bundle.digest)
  return { epoch, accepted: accepted[0] ?? null, rejected: [...new Set(rejected)] }
}

/** Two officers release what holds a consignment; where the memory was lost they state what is on paper. */
export async function release(history: History, side: Side, id: string): Promise<string> {
  const { desk, state, known } = side
  const bundle = known.get(id)
  if (bundle === undefined || !addressed(state, bundle)) return 'not here'
  const answer = orderAt(state, bundle)
  const held = heldRows.includes(answer.row)
  const recovery = answer.row === 'state' ? recoveryOf(side) : null
  const input = recovery === null ? {} : { recovery: { ...recovery, rejected: [...recovery.rejected] } }
  const code = await desk.officersAsk('stream.release', { id, ...input })
  history.say(`release-${place(history, side)} ${bundle.digest.slice(7, 11)} ${answer.row}`, code)
  // Counted as seen, but nobody trusts it any longer: what it holds up may still be released.
  mustBe(code, held ? 'ok' : 'nothing-held', `a release of ${answer.row}`)
  if (!held) return code
  const { changes } = await desk.ask('change.list', {})
  const change = JSON.parse(changes[0]?.text ?? '{}') as { row: string; rests: Rests }
  mustBe(change.row, `order.${answer.row}`, 'the row that is released')
  mustBe([...change.rests.others].sort(), [...answer.others].sort(), 'the other bundles of a release')
  const missing = change.rests.missing.flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i),
  )
  mustBe(missing, answer.missing, 'the missing numbers of a release')
  const { end } = change.rests
  if (answer.row === 'gap') {
    const fits = end === null ? answer.ends.length === 0 : answer.ends.includes(end.digest)
    must(fits, 'where the way back ends', { end, ends: answer.ends })
  }
  noteRelease(state, bundle, change.row as 'order.gap', change.rests, recovery)
  side.epoch = Math.max(side.epoch, state.epoch)
  return code
}

/** Two officers of a high desk raise the epoch. */
export async function raiseHigh(history: History, side: Side, to: number): Promise<void> {
  const code = await side.desk.officersAsk('stream.epoch', { channel, to })
  history.say(`raise-${place(history, side)} ${to}`, code)
  mustBe(code, to > side.state.epoch ? 'ok' : 'epoch-range', 'a raise at a high desk')
  if (code !== 'ok') return
  raise(side.state, to)
  side.epoch = Math.max(side.epoch, to)
}

/** Two officers of a high desk revoke a key of one who prepares. */
export async function revokeHigh(history: History, side: Side): Promise<void> {
  if (side.state.revoked.includes('bob')) return
  const fingerprint = history.world.fingerprints['bob'] ?? ''
  const code = await side.desk.officersAsk('trust.revoke', { fingerprint, reason: 'Lost' })
  history.say(`revoke-${place(history, side)}`, code)
  mustBe(code, 'ok', 'a revocation at a high desk')
  side.state.revoked.push('bob')
}

/** What was decided is closed. */
export async function closeReceived(history: History, side: Side, id: string): Promise<void> {
  const before = await side.desk.ask('consignment.show', { id })
  const { code } = await side.desk.call('consignment.close', { id })
  history.say(`close-${place(history, side)}`, code)
  const ended = before.state === 'accepted' || before.state === 'rejected'
  mustBe(code, ended ? 'ok' : 'consignment-state', 'closing at a high desk')
  const bundle = side.known.get(id)
  if (bundle !== undefined && code === 'ok' && addressed(side.state, bundle))
    must(decidedHere(side.state, bundle.digest) !== null, 'only what was decided is closed')
}

// Somebody copies the folder of a high desk.
async function backUp(history: History, side: Side): Promise<void> {
  const folder = history.path('high-backup')
  await side.desk.backUp(folder)
  const { ledger } = await side.desk.ask('desk.show', {})
  side.backups.push({ folder, state: structuredClone(side.state), size: ledger.size })
  history.say(`backup-${place(history, side)}`)
}

/** Somebody copies its folder; or puts an earlier copy in its place, and two officers record that. */
export async function putBackHigh(history: History, side: Side): Promise<void> {
  if (side.backups.length === 0 || history.random.below(4) === 0) return backUp(history, side)
  const { folder, state } = history.random.pick(side.backups)
  const now = (await side.desk.ask('desk.show', {})).ledger.root
  const code = await side.desk.putBack(folder)
  const then = (await side.desk.ask('desk.show', {})).ledger.root
  history.say(`put-back-${place(history, side)}`, code)
  mustBe(code, now === then ? 'nothing-to-change' : 'ok', 'recording that a high desk was put back')
  side.state = structuredClone(state)
  if (code === 'ok') side.state.putBack += 1
  const { consignments } = await side.desk.ask('consignment.list', {})
  const there = new Set(consignments.map((one) => one.id))
  for (const id of [...side.known.keys()]) if (!there.has(id)) side.known.delete(id)
}
