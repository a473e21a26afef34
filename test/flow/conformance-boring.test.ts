import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasCases, officialCases, privateCases } from '../support/conformance.ts'

describe.skipIf(!hasCases)(
  'the same answers with crypto as poor as Electron’s (needs ../shared/fixtures)',
  () => {
    it('answers every case as Node does', () => {
      const script = join(import.meta.dirname, '..', 'support', 'boring.ts')
      const lines = execFileSync(process.execPath, [script], { encoding: 'utf8', maxBuffer: 8 * 1024 * 1024 })
      const answers = new Map(
        lines
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { name: string; accepted: boolean })
          .map(({ name, accepted }) => [name, accepted]),
      )
      const modes = ['path', 'digest'] as const
      const expected = modes.flatMap((mode) =>
        [...officialCases(mode), ...privateCases(mode)]
          .filter((one) => one.expected !== 'either')
          .map((one) => [`${mode} ${one.name}`, one.expected === 'pass' && one.cannot === null] as const),
      )
      expect(expected.filter(([name, accepted]) => answers.get(name) !== accepted)).toEqual([])
    })
  },
)
