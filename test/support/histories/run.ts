import { cp, readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { digestOf } from '../../../main/platform/hash.ts'
import { forge, honestContent, honestWaybill } from '../forge.ts'
import { flipBit, membersOf } from '../media.ts'
import * as high from './acts-high.ts'
import * as low from './acts-low.ts'
import type { Signed } from './high-model.ts'
import { History, must, mustBe, type Side } from './history.ts'
import { settle } from './settle.ts'
import { makeWorld } from './world.ts'

/* Histories by chance: which acts happen, and in which order. */

type Act = (history: History) => Promise<unknown>

const sent =
  (act: (history: History, one: History['low']['sent'][number]) => Promise<unknown>): Act =>
  async (history) => {
    // The newer ones more often: old ones have mostly ended.
    const { random } = history
    const { sent: all } = history.low
    if (all.length > 0)
      await act(history, random.below(3) > 0 ? random.pick(all.slice(-3)) : random.pick(all))
  }
const side =
  (act: (history: History, side: Side) => Promise<unknown>): Act =>
  (history) =>
    act(history, history.random.pick(history.sides))
const received = (act: (history: History, side: Side, id: string) => Promise<unknown>): Act =>
  side(async (history, one) => {
    const ids = [...one.known.keys()]
    if (ids.length > 0)
      await act(history, one, history.random.pick(history.random.below(3) > 0 ? ids.slice(-3) : ids))
  })

async function wholeWay(history: History): Promise<void> {
  const one = await low.collect(history)
  await low.sign(history, one)
  await low.sign(history, one)
  await low.write(history, one)
}

const deciders = ['dave', 'erin'] as const
const decideBoth =
  (outcome: 'accept' | 'reject' | 'hold') =>
  async (history: History, one: Side, id: string): Promise<void> => {
    await high.decide(history, one, id, outcome, 'dave')
    await high.decide(history, one, id, outcome, 'erin')
  }

async function readOne(history: History, one: Side): Promise<void> {
  const { media, random } = history
  if (media.length === 0) return
  const medium = random.pick(random.below(3) > 0 ? media.slice(-4) : media)
  const { id, outcome } = await high.read(history, one, medium)
  if (id !== undefined && outcome === 'passed' && random.below(2) === 0)
    await decideBoth('accept')(history, one, id)
}

// What is held is what two officers are asked about; then it may go on without what it waited for.
async function releaseHeld(history: History, one: Side): Promise<void> {
  const held = [...one.known].filter(([, bundle]) => high.isHeld(one, bundle))
  if (held.length === 0) return
  const [id] = history.random.pick(held)
  await high.release(history, one, id)
  if (history.random.below(2) === 0) await decideBoth('accept')(history, one, id)
}

/** A copy of a medium on which one bit has changed. */
async function damage(history: History): Promise<void> {
  const { random } = history
  const whole = history.media.filter((one) => one.kind === 'good' && one.text !== null)
  if (whole.length === 0) return
  const from = random.pick(whole)
  const path = join(history.path('damaged'), basename(from.path))
  await cp(from.path, path, { recursive: true })
  const name = random.pick((await readdir(path)).sort())
  const file = join(path, name)
  await flipBit(file, random.below((await stat(file)).size), random.below(8))
  const first = name === 'waybill.json' || name === 'waybill.sigstore.jsonl'
  history.media.push({ ...from, path, kind: first ? 'torn' : 'damaged' })
  history.say(`damage ${from.bundle.digest.slice(7, 11)} ${name}`)
}

/** The right people sign what is not so: another bundle with a number, a later number, an epoch that is not in force. */
async function lie(history: History): Promise<void> {
  const { random, world } = history
  const whole = history.media.filter((one) => one.kind === 'good' && one.text !== null)
  if (whole.length === 0) return
  const from = random.pick(whole)
  const base = await honestWaybill(from.path)
  // Who could not sign when the waybill was made signs nothing that counts.
  if (!base.people.some((one) => one.id === 'bob')) return
  const content = await honestContent(from.path)
  const name = `lie-${random.below(1_000_000_000)}`
  const [more, epoch] = random.pick([
    [0, 0],
    [0, 0],
    [1, 0],
    [2, 0],
    [0, 1],
  ] as const)
  const destinations = base.destinations.map((one) => ({ ...one, sequence: one.sequence + more }))
  const change = (w: typeof base): typeof base => ({ ...w, name, destinations, epoch: w.epoch + epoch })
  const path = await forge(world.crossing as Parameters<typeof forge>[0], base, { content, change }, name)
  const tar = await readFile(path)
  const first = membersOf(tar)[0]
  must(first?.name === 'waybill.json', 'a tar begins with its waybill')
  const digest = digestOf(tar.subarray(512, 512 + (first?.size ?? 0)))
  const entries = destinations.map(({ desk, sequence, previous }) => ({ desk, sequence, previous }))
  const bundle: Signed = { ...from.bundle, digest, epoch: base.epoch + epoch, entries, prepared: 'bob' }
  history.lies.add(digest)
  history.media.push({ path, bundle, kind: 'good', text: null })
  history.say(`lie ${digest.slice(7, 11)} +${more} epoch +${epoch}`)
}

/** A desk that is closed and opened again shows what it showed before. */
async function reopen(history: History): Promise<void> {
  const { world } = history
  const desk = history.random.pick([world.low, ...world.highs])
  const before = await desk.shown()
  await desk.close()
  await desk.open()
  mustBe(await desk.shown(), before, 'what a desk shows that was opened again')
  history.say('reopen')
}

type Weighted = readonly [weight: number, act: Act]

/** What every history has. */
const always: readonly Weighted[] = [
  [9, wholeWay],
  [22, side(readOne)],
  [6, received(decideBoth('accept'))],
]
/** What one history has much of, and another none. */
const sometimes: readonly Weighted[] = [
  [2, (history) => low.collect(history)],
  [5, sent((history, one) => low.sign(history, one))],
  [3, sent((history, one) => low.write(history, one))],
  [2, sent((history, one) => low.again(history, one))],
  [3, sent((history, one) => low.drop(history, one))],
  [0.7, sent((history, one) => low.closeSent(history, one))],
  [0.6, (history) => low.raiseLow(history)],
  [0.5, low.revokeLow],
  [1.5, low.putBackLow],
  [3, received(decideBoth('reject'))],
  [1, received(decideBoth('hold'))],
  [2, received((history, one, id) => high.decide(history, one, id, 'accept', history.random.pick(deciders)))],
  [3, received((history, one, id) => high.release(history, one, id))],
  [5, side(releaseHeld)],
  [0.7, received(high.closeReceived)],
  [1.5, side((history, one) => high.raiseHigh(history, one, Math.max(history.low.epoch, one.state.epoch)))],
  [0.2, side((history, one) => high.raiseHigh(history, one, one.state.epoch + 1))],
  [0.5, side(high.revokeHigh)],
  [3, side(high.putBackHigh)],
  [1.5, damage],
  [2, lie],
  [1, reopen],
  [0.5, async ({ world }) => world.clock.forward(31 * 1440)],
]

/** The acts of one history, each as often as chance has it there. */
function actsOf({ random }: History): () => Act {
  const acts = [
    ...always,
    ...sometimes.map(([weight, act]): Weighted => [weight * random.pick([0, 1, 1, 4]), act]),
  ]
  const total = acts.reduce((sum, [weight]) => sum + weight, 0)
  return () => {
    let at = (random.below(1_000_000) / 1_000_000) * total
    return acts.find(([weight]) => (at -= weight) < 0)?.[1] ?? wholeWay
  }
}

/**
 * Runs the history of a seed and settles it; gives what came of its acts, and how often.
 *
 * @throws Error with the seed and everything that was done before a model was contradicted
 */
export async function runHistory(seed: number, steps: number): Promise<ReadonlyMap<string, number>> {
  const world = await makeWorld()
  const history = new History(world, seed)
  try {
    await history.growLow()
    const act = actsOf(history)
    for (let n = 0; n < steps; n++) {
      world.clock.forward(1 + history.random.below(90))
      await act()(history)
    }
    await settle(history)
    for (const desk of [world.low, ...world.highs]) {
      const { intact, differing } = await desk.ask('ledger.verify', {})
      mustBe({ intact, differing }, { intact: true, differing: [] }, 'a ledger at the end')
    }
    return history.came
  } catch (error) {
    const why = error instanceof Error ? error.stack : String(error)
    throw new Error(`history ${seed}, ${steps} steps:\n${history.trace.join('\n')}\n${why}`, { cause: error })
  } finally {
    await world.dispose()
  }
}
