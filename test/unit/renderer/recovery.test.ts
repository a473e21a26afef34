import { describe, expect, it } from 'vitest'
import {
  digestError,
  emptyRecovery,
  epochError,
  numberOf,
  recoveryMissing,
  recoveryOf,
} from '../../../renderer/text/recovery.ts'
import { restsRows, sameRests } from '../../../renderer/text/order.ts'

const digest = `sha256:${'0a'.repeat(32)}` as const
const other = `sha256:${'0b'.repeat(32)}` as const

describe('what officers state of a stream that was lost', () => {
  it('is nothing while anything of it is missing or has another form', () => {
    expect(recoveryMissing(emptyRecovery, 1)).toEqual(['the epoch', 'what was accepted last'])
    expect(recoveryOf(emptyRecovery)).toBeNull()
    const half = { ...emptyRecovery, epoch: '2', accepted: 'one' as const, rejected: 'sha256:0' }
    expect(recoveryMissing(half, 1)).toHaveLength(3)
    expect(recoveryOf(half)).toBeNull()
    expect(recoveryMissing({ ...half, epoch: '1' }, 2)[0]).toBe('the epoch')
  })

  it('is what was typed, once it is whole', () => {
    const form = { epoch: '3', accepted: 'one', sequence: '7', digest, rejected: `${other}\n` } as const
    expect(recoveryMissing(form, 1)).toEqual([])
    expect(recoveryOf(form)).toEqual({ epoch: 3, accepted: { sequence: 7, digest }, rejected: [other] })
    expect(recoveryOf({ ...form, accepted: 'none', rejected: '' })).toEqual({
      epoch: 3,
      accepted: null,
      rejected: [],
    })
  })

  it('takes numbers and digests in one form, and epochs in their bounds', () => {
    for (const text of ['', '0', '01', '1.5', '-1', 'x', '99999999999999999'])
      expect(numberOf(text)).toBeNull()
    expect(numberOf(' 12 ')).toBe(12)
    expect(epochError('', 1, 1)).toBe('')
    expect(epochError('1001', 1, 1)).toBe('')
    for (const text of ['0', '1002']) expect(epochError(text, 1, 1)).toBe('A number from 1 to 1001.')
    expect(digestError(`${digest} ${other}`)).toBe('')
    expect(digestError('sha256:AB')).not.toBe('')
  })
})

describe('what a release rests on', () => {
  const rests = { others: [], missing: [{ from: 2, to: 2 }], end: { digest: null }, head: null }
  it('is said in words, number by number', () => {
    expect(restsRows(rests)).toEqual([
      ['Missing', 'number 2'],
      ['It follows', 'on nothing'],
    ])
    expect(
      restsRows({ others: [digest, other], missing: [{ from: 2, to: 4 }], end: null, head: 'h' }),
    ).toEqual([
      ['Other bundle 1', digest],
      ['Other bundle 2', other],
      ['Missing', 'numbers 2 to 4'],
      ['Head', 'h'],
    ])
  })

  it('is the same only where all of it is', () => {
    expect(sameRests(rests, { ...rests })).toBe(true)
    expect(sameRests(rests, { ...rests, end: null })).toBe(false)
    expect(sameRests(rests, { ...rests, missing: [{ from: 2, to: 3 }] })).toBe(false)
  })
})
