import { attestedBench } from './attested.ts'
import { bitFlips } from './flips.ts'
import { collectingBench } from './collecting.ts'
import { costsBench } from './costs.ts'
import { crashRuns } from './crash.ts'
import { houseBench } from './house.ts'
import { judgingBench } from './judging.ts'
import { landingBench } from './landing.ts'
import { longBench } from './long.ts'
import { lookingBench } from './looking.ts'
import { manyBench } from './many.ts'
import { mediaBench } from './media.ts'
import { readingBench } from './reading.ts'
import { bundleBench, startBench } from './start.ts'
import { verifyingBench } from './verifying.ts'

/*
 * `npm run bench`: the figures, as ratios to standard tools in the same run. Needs about 20 GB of free disc.
 * `npm run bench -- reading flips` runs only these.
 */

const parts: Readonly<Record<string, () => unknown>> = {
  reading: readingBench,
  collecting: collectingBench,
  flips: () => bitFlips(10_000),
  verifying: verifyingBench,
  judging: judgingBench,
  costs: () => costsBench(),
  attested: () => attestedBench(),
  crash: () => crashRuns(50),
  looking: lookingBench,
  many: () => manyBench(),
  long: () => longBench(),
  media: mediaBench,
  landing: landingBench,
  start: startBench,
  bundle: bundleBench,
  house: houseBench,
}

const asked = process.argv.slice(2)
for (const [name, run] of Object.entries(parts)) {
  if (asked.length === 0 || asked.includes(name)) await run()
}
