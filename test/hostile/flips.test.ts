import { expect, it } from 'vitest'
import { bitFlips } from '../bench/flips.ts'

it('300 random bit flips over a small bundle are all refused', async () => {
  expect(await bitFlips(300)).toEqual({ tried: 300, refused: 300, passed: [] })
})
