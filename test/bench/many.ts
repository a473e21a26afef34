import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { testClock } from '../support/command-line.ts'
import { forgeMany, modelOf } from '../support/many.ts'
import { line, measure, median, must } from './measure.ts'

const rounds = 3

/** Median seconds of each question, asked of both desks of a crossing. */
async function asked(crossing: Crossing): Promise<Record<string, number>> {
  const { folder } = await makeBundle(crossing, 'next')
  const listed = await must(0, 'consignment', 'list', '--desk', crossing.high)
  const { consignments } = JSON.parse(listed.stdout) as { consignments: { id: string }[] }
  const id = consignments[0]?.id ?? ''
  const questions: Record<string, string[]> = {
    'open and show the desk': ['desk', 'show', '--desk', crossing.high],
    'list all': ['consignment', 'list', '--desk', crossing.high],
    'open the low desk': ['desk', 'show', '--desk', crossing.low],
    'show one': ['consignment', 'show', id, '--desk', crossing.high],
    'check the ledger': ['ledger', 'verify', '--desk', crossing.high],
    'verify the next bundle': ['verify', folder, '--desk', crossing.high],
  }
  const seconds: Record<string, number> = {}
  for (const [what, words] of Object.entries(questions)) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) times.push((await must(0, ...words)).seconds)
    seconds[what] = median(times)
  }
  return seconds
}

async function askedOf(count: number): Promise<Record<string, number>> {
  // The processes that are measured have no clock of the test's.
  const crossing = await makeCrossing(testClock(new Date().toISOString()))
  try {
    const model = await modelOf(crossing)
    if (count > 1) await forgeMany(crossing, model, count - 1, { waiting: 0 })
    return await asked(crossing)
  } finally {
    await crossing.dispose()
  }
}

/** Desks with 10,000 consignments against desks with one: seconds of whole processes, and their ratios. */
export async function manyBench(count = 10_000): Promise<void> {
  line('an empty program', `${(await measure(process.execPath, ['-e', ''])).seconds.toFixed(2)} s`)
  const [few, many] = [await askedOf(1), await askedOf(count)]
  for (const [what, seconds] of Object.entries(many)) {
    const before = few[what] ?? 0
    const times = `${seconds.toFixed(2)} s, ${before.toFixed(2)} s`
    line(`${what}, ${count}`, `${(seconds / before).toFixed(1)} × a desk with one consignment (${times})`)
  }
}
