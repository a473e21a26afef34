import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { spanOf } from '../../../renderer/parts/span.ts'
import { filtered, sorted } from '../../../renderer/text/lines.ts'
import { amount } from '../../../renderer/text/format.ts'
import type { ConsignmentLine } from '../../../shared/views.ts'

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

const line = (name: string, more: Partial<ConsignmentLine> = {}): ConsignmentLine => ({
  id: `00000000-0000-4000-8000-${name.padStart(12, '0')}`,
  name,
  state: 'accepted',
  waybill: `sha256:${name.padStart(64, '0')}`,
  sender: { id: 'a', name: 'Hill-1' },
  channel: 'payments',
  sequence: Number(name),
  revoked: [],
  created: null,
  expires: null,
  items: 1,
  bytes: 1,
  outcome: 'passed',
  counts: null,
  updated: '2026-11-22T09:00:00Z',
  ...more,
})

describe('consignments in a table', () => {
  const lines = [line('3'), line('10', { state: 'held', bytes: 5 }), line('2', { sender: null, bytes: 9 })]
  const names = (found: readonly ConsignmentLine[]): string[] => found.map((one) => one.name)

  it('are found by name, sender, channel, number, digest and state', () => {
    expect(names(filtered(lines, '', ''))).toEqual(['3', '10', '2'])
    expect(names(filtered(lines, ' HILL ', ''))).toEqual(['3', '10'])
    expect(names(filtered(lines, 'payments', 'held'))).toEqual(['10'])
    expect(names(filtered(lines, `sha256:${'0'.repeat(63)}3`, ''))).toEqual(['3'])
    expect(names(filtered(lines, '', 'rejected'))).toEqual([])
  })

  it('are sorted by any column, numbers as numbers, equal ones as they came', () => {
    expect(names(sorted(lines, { key: 'sequence', down: false }))).toEqual(['2', '3', '10'])
    expect(names(sorted(lines, { key: 'bytes', down: true }))).toEqual(['2', '10', '3'])
    expect(names(sorted(lines, { key: 'updated', down: true }))).toEqual(['3', '10', '2'])
    expect(names(sorted(lines, { key: 'unknown', down: true }))).toEqual(['3', '10', '2'])
  })

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
