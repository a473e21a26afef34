import { damage, lie } from './between.ts'
import * as high from './acts-high.ts'
import * as low from './acts-low.ts'
import { History, mustBe, type Side } from './history.ts'
import { barredAgain, forked, liarFound, overtaken } from './plots.ts'
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
  (history: History, one: Side, id: string): Promise<string | null> =>
    high.decideBoth(history, one, id, outcome)

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
  [1, low.backUpLow],
  [1, (history) => low.putBackLow(history)],
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
  [2, (history) => lie(history)],
  [2, side(overtaken)],
  [0.7, side(liarFound)],
  [0.7, barredAgain],
  [0.7, side(forked)],
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
