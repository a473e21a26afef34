import { describe, expect, it } from 'vitest'
import { filtered, sorted } from '../../../main/desk/views/consignment-list.ts'
import type { ConsignmentLine } from '../../../shared/views.ts'

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

describe('consignments in a list', () => {
  const lines = [line('3'), line('10', { state: 'held', bytes: 5 }), line('2', { sender: null, bytes: 9 })]
  const names = (found: readonly ConsignmentLine[]): string[] => found.map((one) => one.name)

  it('are found by name, sender, channel, number, digest and state', () => {
    expect(names(filtered(lines, '', null))).toEqual(['3', '10', '2'])
    expect(names(filtered(lines, ' HILL ', null))).toEqual(['3', '10'])
    expect(names(filtered(lines, 'payments', 'held'))).toEqual(['10'])
    expect(names(filtered(lines, `sha256:${'0'.repeat(63)}3`, null))).toEqual(['3'])
    expect(names(filtered(lines, '', 'rejected'))).toEqual([])
  })

  it('are sorted by any column, numbers as numbers, equal ones as they came', () => {
    expect(names(sorted(lines, { key: 'sequence', down: false }))).toEqual(['2', '3', '10'])
    expect(names(sorted(lines, { key: 'bytes', down: true }))).toEqual(['2', '10', '3'])
    expect(names(sorted(lines, { key: 'updated', down: true }))).toEqual(['3', '10', '2'])
  })
})
