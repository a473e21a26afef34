import { writeFileSync } from 'node:fs'
import { attackTables } from './all.ts'
import { foundFile, wordsOf } from './found.ts'

/* Run as a program: writes found.json anew, to be read by somebody before it is committed. */

const all: Record<string, [name: string, found: string][]> = {}
for (const [table, attacks] of Object.entries(attackTables)) {
  const words: [string, string][] = []
  for (const { name, refusal } of attacks) {
    const reason = await refusal()
    words.push([name, reason === null ? 'accepted' : wordsOf(reason)])
  }
  all[table] = words
}
writeFileSync(foundFile, `${JSON.stringify(all, null, 2)}\n`)
