import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCrossing, signing, type Crossing } from '../support/desks.ts'
import { testClock } from '../support/command-line.ts'
import { forgeMany, modelOf } from '../support/many.ts'
import { line, median, must } from './measure.ts'

const rounds = 5

async function secondsOf(words: readonly string[]): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push((await must(0, ...words)).seconds)
  return median(times)
}

// Holds again and again: two halves of a decision each round, each a process of its own.
async function decidingSeconds(crossing: Crossing, id: string): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const person of ['dave', 'erin'] as const) {
      const words = ['decide', id, '--hold', '--reason', 'wait', ...signing(crossing, person)]
      times.push((await must(0, ...words, '--desk', crossing.high)).seconds)
    }
  }
  return median(times)
}

async function measureLong(crossing: Crossing, count: number): Promise<void> {
  const show = ['desk', 'show', '--desk', crossing.high]
  const first = (await must(0, ...show)).seconds
  const said = JSON.parse((await must(0, ...show)).stdout) as { ledger: { size: number } }
  const listed = await must(0, 'consignment', 'list', '--desk', crossing.high)
  const { consignments } = JSON.parse(listed.stdout) as { consignments: { id: string }[] }
  const id = consignments[0]?.id ?? ''
  const figures = {
    'desk show, the first time': first,
    'desk show': await secondsOf(show),
    'desk show, low side': await secondsOf(['desk', 'show', '--desk', crossing.low]),
    'consignment list': await secondsOf(['consignment', 'list', '--desk', crossing.high]),
    'consignment show': await secondsOf(['consignment', 'show', id, '--desk', crossing.high]),
    'half a decision': await decidingSeconds(crossing, id),
  }
  for (const [what, seconds] of Object.entries(figures))
    line(`${what}, ${count} consignments, ${said.ledger.size} events`, `${seconds.toFixed(2)} s`)
}

/** Desks with long ledgers: seconds of whole processes, with an account that keeps snapshots. */
export async function longBench(counts: readonly number[] = [2_000, 10_000]): Promise<void> {
  const home = process.env['HOME']
  for (const count of counts) {
    const own = await mkdtemp(join(tmpdir(), 'sallyport-account-'))
    process.env['HOME'] = own
    const crossing = await makeCrossing(testClock(new Date().toISOString()))
    try {
      await forgeMany(crossing, await modelOf(crossing), count - 1)
      await measureLong(crossing, count)
    } finally {
      await crossing.dispose()
      await rm(own, { recursive: true })
      process.env['HOME'] = home
    }
  }
}
