import { describe, expect, it } from 'vitest'
import { triedWords } from '../../../renderer/text/tried.ts'
import type { Tried } from '../../../renderer/state/trial.ts'

const tried = (kind: Tried['kind'], outcome: string, fail = 0, notChecked = 0): Tried =>
  ({
    kind,
    label: 'waybill.json',
    verdict: { outcome, counts: { fail, notChecked, pass: 1, warn: 0, overridden: 0 }, checks: [] },
  }) as unknown as Tried

describe('what a trial came to', () => {
  it('claims no proof of a waybill that was only read', () => {
    const { heading, means } = triedWords(tried('waybill', 'passed'))
    expect(heading).toBe('waybill.json, tried: nothing in it is against this policy')
    expect(means).toContain('who signed it and what speaks for its items was not asked')
    expect(triedWords(tried('waybill', 'refused', 2, 1)).heading).toBe(
      'waybill.json, tried: 2 rules would refuse it, 1 rule could not be asked',
    )
    expect(triedWords(tried('waybill', 'not-checked', 0, 1)).heading).toBe(
      'waybill.json, tried: 1 rule could not be asked',
    )
  })

  it('says of a bundle what its verdict says', () => {
    const { heading, means } = triedWords(tried('bundle', 'passed'))
    expect(heading).toBe('waybill.json, tried: Everything that was asked was proven')
    expect(means).toBe('Nothing was decided or kept.')
  })
})
