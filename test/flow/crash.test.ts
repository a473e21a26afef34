import { expect, it } from 'vitest'
import { crashRuns } from '../bench/crash.ts'

it('six processes killed at random moments of collect, write, verify, decide and export all recover', async () => {
  const { runs, recovered, lost } = await crashRuns(6)
  expect({ runs, recovered, lost }).toEqual({ runs: 6, recovered: 6, lost: [] })
}, 120_000)
