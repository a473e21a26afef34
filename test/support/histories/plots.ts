import { lie } from './between.ts'
import * as high from './acts-high.ts'
import * as low from './acts-low.ts'
import type { History, Medium, Side } from './history.ts'
import type { Sent } from './low-model.ts'
import type { Preparer } from './world.ts'

/* What chance alone would seldom come to: several acts that belong together. */

interface Made {
  readonly one: Sent
  readonly medium: Medium
}

/** From a request to a medium for both high desks; `null` where its way ended before. */
async function newBundle(history: History, who?: Preparer): Promise<Made | null> {
  const one = await low.collect(history, history.world.highIds)
  for (let n = 0; n < 2; n++) await low.sign(history, one, who)
  const code = await low.write(history, one)
  const medium = history.media.at(-1)
  return code === 'ok' && medium !== undefined ? { one, medium } : null
}

/** It passed, and before people decide something else comes. */
export async function overtaken(history: History, side: Side): Promise<void> {
  const made = await newBundle(history)
  if (made === null) return
  const { id } = await high.read(history, side, made.medium)
  if (id === undefined) return
  const way = history.random.below(4)
  if (way === 0) {
    const told = await lie(history, made.medium, [0, 0])
    if (told !== null) await high.read(history, side, told)
  } else if (way === 1) history.world.clock.forward(91 * 1440)
  else {
    if (way === 2) await low.drop(history, made.one)
    const next = await newBundle(history)
    if (next === null) return
    const later = await high.read(history, side, next.medium)
    if (way === 3 && later.id !== undefined) {
      await high.release(history, side, later.id)
      await high.decideBoth(history, side, later.id, 'accept')
    }
  }
  await high.decideBoth(history, side, id, 'accept')
}

/** Two bundles have one number, and then nobody trusts any longer who signed the false one. */
export async function liarFound(history: History, side: Side): Promise<void> {
  const made = await newBundle(history, 'ben')
  if (made === null) return
  const told = await lie(history, made.medium, [0, 0])
  if (told === null) return
  await high.read(history, side, told)
  await high.read(history, side, made.medium)
  await high.revokeHigh(history, side)
  const { id } = await high.read(history, side, made.medium)
  if (id !== undefined) await high.decideBoth(history, side, id, 'accept')
}

/** A released bundle whose way is barred in its own epoch is made again, and the old number is void. */
export async function barredAgain(history: History): Promise<void> {
  const made = await newBundle(history, 'bob')
  if (made === null) return
  if (history.random.below(2) === 0) await low.revokeLow(history)
  else history.world.clock.forward(91 * 1440)
  await low.write(history, made.one)
  await low.again(history, made.one)
  for (let n = 0; n < 2; n++) await low.sign(history, made.one)
  await low.write(history, made.one)
}

/** The low desk is put back behind what a high desk has seen of it, and goes on. */
export async function forked(history: History, side: Side): Promise<void> {
  await low.backUpLow(history)
  const backup = history.lowBackups.at(-1)
  for (const back of [true, false]) {
    const made = await newBundle(history)
    if (made !== null) {
      const { id } = await high.read(history, side, made.medium)
      if (id !== undefined && history.random.below(2) === 0)
        await high.decideBoth(history, side, id, 'accept')
    }
    if (back) await low.putBackLow(history, backup)
  }
}
