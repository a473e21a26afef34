import { describe, expect, it } from 'vitest'
import { count, duration, size, time } from '../../../renderer/text/format.ts'
import { rolesText } from '../../../renderer/text/words.ts'

describe('numbers, times and roles as people read them', () => {
  it('states the unit and the time zone', () => {
    expect(size(0)).toBe('0 bytes')
    expect(size(999)).toBe('999 bytes')
    expect(size(38_200_000_000)).toBe('38.2 GB')
    expect(time('2026-11-02T09:14:59Z')).toBe('2 Nov 2026 09:14 UTC')
    expect(time(null)).toBe('–')
  })

  it('counts and lasts', () => {
    expect([count(1, 'check'), count(2, 'check'), count(2, 'person', 'people')]).toEqual([
      '1 check',
      '2 checks',
      '2 people',
    ])
    expect([duration(59), duration(130)]).toEqual(['59 s', '2 min 10 s'])
  })

  it('says roles in words', () => {
    expect(rolesText(['transfer-agent', 'release-authority'])).toBe('transfer agent, release authority')
  })
})
