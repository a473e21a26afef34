import { describe, expect, it } from 'vitest'
import { checkFits } from '../../../main/desk/work/out-media.ts'
import type { Exportable } from '../../../main/export/export.ts'
import { outSpare } from '../../../main/export/medium.ts'
import { fatFileBytes } from '../../../main/platform/limits.ts'
import { failureOf } from '../../support/failure-of.ts'

/* Whether accepted content fits a medium, before the first byte. */

const digest = `sha256:${'a'.repeat(64)}` as const
const content = (...sizes: number[]): Exportable => ({
  items: [],
  blobs: sizes.map((size) => ({ digest, size, state: 'carried', early: false })),
  path: () => '',
})
const target = (free: number | null, largest: number | null) => ({ path: '/stick', free, largest })

describe('content on a medium', () => {
  it('fits where there is room for all of it and for what is said of it', () => {
    checkFits(content(100, 200), target(300 + outSpare, null))
    checkFits(content(100, 200), target(null, null))
    checkFits(content(fatFileBytes, 1), target(null, fatFileBytes))
  })

  it('is refused where a byte is missing', async () => {
    const found = await failureOf(
      Promise.resolve().then(() => checkFits(content(100, 200), target(299 + outSpare, null))),
    )
    expect(found).toMatchObject({
      code: 'medium-full',
      facts: { expected: 300 + outSpare, found: 299 + outSpare },
    })
  })

  it('is refused where one of its files is larger than the file system takes', async () => {
    const found = await failureOf(
      Promise.resolve().then(() => checkFits(content(1, fatFileBytes + 1), target(null, fatFileBytes))),
    )
    expect(found).toMatchObject({
      code: 'medium-file',
      facts: { expected: fatFileBytes, found: fatFileBytes + 1 },
    })
  })
})
