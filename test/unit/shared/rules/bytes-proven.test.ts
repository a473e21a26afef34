import { describe, expect, it } from 'vitest'
import { areBytesProven } from '../../../../shared/rules/bytes-proven.ts'
import type { CheckResult } from '../../../../shared/verdict.ts'

const checks = (...of: readonly [string, CheckResult][]): { id: string; result: CheckResult }[] =>
  of.map(([id, result]) => ({ id, result }))

describe('whether the bytes are proven', () => {
  it('needs layout and every content, and all media where there are media', () => {
    const right = checks(['content.layout', 'pass'], ['content.blob', 'pass'])
    expect(areBytesProven(right)).toBe(true)
    expect(areBytesProven([...right, ...checks(['medium.all', 'pass'])])).toBe(true)
    expect(areBytesProven([...right, ...checks(['medium.all', 'not-checked'])])).toBe(false)
    expect(areBytesProven([...right, ...checks(['medium.all', 'fail'])])).toBe(false)
    expect(areBytesProven([...right, ...checks(['content.blob', 'fail'])])).toBe(false)
    expect(areBytesProven([...right, ...checks(['content.blob', 'overridden'])])).toBe(false)
    expect(areBytesProven(checks(['content.layout', 'pass'], ['medium.all', 'pass']))).toBe(false)
    expect(areBytesProven(checks(['content.blob', 'pass']))).toBe(false)
    expect(areBytesProven([])).toBe(false)
  })
})
