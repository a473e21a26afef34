import { expect } from 'vitest'
import { openStage, type LaunchedApp, type Stage } from './app.ts'
import { testClock } from './command-line.ts'
import { makeCrossing, type Crossing } from './desks.ts'

/** Both desks of a crossing in the home of an account, at the time of the computer, which the app goes by. */
export async function openCrossing(): Promise<{ readonly stage: Stage; readonly crossing: Crossing }> {
  const stage = await openStage()
  return { stage, crossing: await makeCrossing(testClock(new Date().toISOString()), stage.home) }
}

/** Closes the app, of which nobody may have had to complain, and clears everything away. */
export async function closeCrossing(one: LaunchedApp, stage: Stage, crossing: Crossing): Promise<void> {
  expect(one.complaints).toEqual([])
  await one.close()
  await stage.close()
  await crossing.dispose()
}
