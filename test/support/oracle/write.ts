import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixtureCases, madeCases } from './cases.ts'
import { compare, type Differences } from './differences.ts'

/* Run as a program: writes differences.json anew, to be read by somebody before it is committed. */

const found: Record<string, Differences> = {}
for (const [set, cases] of Object.entries({ ...madeCases(), ...fixtureCases() })) {
  const { differences, contradicted } = await compare(cases)
  found[set] = differences
  console.log(`${set}: ${cases.length} cases, ${Object.keys(differences).length} differences`)
  if (contradicted.length > 0) console.log(`  contradicted: ${contradicted.join(', ')}`)
}
writeFileSync(join(import.meta.dirname, 'differences.json'), `${JSON.stringify(found, null, 2)}\n`)
