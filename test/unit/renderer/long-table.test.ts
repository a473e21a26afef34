import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { spanOf } from '../../../renderer/parts/span.ts'
import { amount } from '../../../renderer/text/format.ts'

describe('the rows of a long table that are drawn', () => {
  it('are those that are seen and some around them, never more than a few dozen', () => {
    for (const row of [28, 38]) {
      for (const height of [0, 300, 1200]) {
        for (const count of [0, 1, 11, 500, 10_000, 1_000_000]) {
          for (
            let top = 0;
            top <= Math.max(0, count * row - height);
            top += 1 + Math.floor((count * row) / 97)
          ) {
            const { from, to } = spanOf(top, height, row, count)
            const [first, last] = [Math.floor(top / row), Math.min(count, Math.ceil((top + height) / row))]
            expect(from).toBeLessThanOrEqual(first)
            expect(to).toBeGreaterThanOrEqual(last)
            expect(from).toBeGreaterThanOrEqual(0)
            expect(to).toBeLessThanOrEqual(count)
            expect(to - from).toBeLessThanOrEqual(Math.ceil(height / row) + 60)
          }
        }
      }
    }
  })
})

describe('numbers in a table', () => {
  it('are counted in groups of three digits', () => {
    expect([7, 999, 1000, 50_009, 1_234_567].map(amount)).toEqual([
      '7',
      '999',
      '1,000',
      '50,009',
      '1,234,567',
    ])
  })
})

describe('the colours', () => {
  it('of the dark theme are the same by choice and by the system', () => {
    const text = readFileSync('renderer/style/tokens.css', 'utf8')
    const blocks = [...text.matchAll(/--ground: #14181d;[^}]*--override-ground: #2a1d3d;/g)].map(([one]) =>
      one.replace(/\s+/g, ' '),
    )
    expect(blocks).toHaveLength(2)
    expect(blocks[0]).toBe(blocks[1])
  })

  it('of high contrast stand at least 7 : 1 on their ground', () => {
    const text = readFileSync('renderer/style/tokens.css', 'utf8')
    const block = text.slice(text.indexOf("[data-theme='high-contrast'] {"))
    const light = (hex: string): number => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5]
        .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
        .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    for (const name of [
      'ink',
      'soft',
      'edge',
      'accent',
      'pass',
      'fail',
      'unsure',
      'override',
      'on-marking',
    ]) {
      const hex = new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(block)?.[1] ?? '#000000'
      expect((light(hex) + 0.05) / 0.05).toBeGreaterThanOrEqual(7)
    }
  })
})
