import { median, line } from './measure.ts'
import { medianLimit, readings, verdictLimits, type Reading } from '../support/reading.ts'

/*
 * `npm run words`: how much there is to read on each screen that the tests in test/e2e pictured last. Ends with 1 where
 * the middle one has too many words; what a verdict may have is asserted where it is pictured.
 */

const figures = ({ words, screens, name }: Reading): string =>
  `${String(words).padStart(5)} words ${screens.toFixed(1).padStart(5)} screens   ${name}`

const all = [...readings()].sort((a, b) => b.words - a.words)
const middle = median(all.map(({ words }) => words))
const scrolled = all.filter(({ screens }) => screens > 1).length
console.log('Visible words of the whole window, and height of its page, at 1280 × 800')
line('pictured states', `${all.length}, of them ${scrolled} higher than a screen`)
line('median', `${middle} words (under ${medianLimit})`)
console.log('worst five')
for (const one of all.slice(0, 5)) console.log(figures(one))
for (const kind of ['passed', 'failed'] as const) {
  console.log(`verdicts that ${kind} (under ${verdictLimits[kind]} words)`)
  for (const one of all.filter(({ verdict }) => verdict === kind)) console.log(figures(one))
}
if (process.argv.includes('--all')) {
  console.log('all')
  for (const one of all) console.log(figures(one))
}
process.exitCode = all.length > 0 && middle < medianLimit ? 0 : 1
