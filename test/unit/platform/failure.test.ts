import { describe, expect, it } from 'vitest'
import { asFailure, causeOf, diskFailure, Failure } from '../../../main/platform/failure.ts'

const system = (code: string): Error => Object.assign(new Error(`${code}: said by the system`), { code })

describe('what is thrown becomes one code of the closed set', () => {
  it('ours stays as it is; an abort is a cancelling; all else is our own fault, with its cause', () => {
    const own = new Failure('desk-busy')
    expect(asFailure(own)).toBe(own)
    expect(asFailure(Object.assign(new Error('x'), { name: 'AbortError' })).code).toBe('cancelled')
    const strange = asFailure(new TypeError('x is not a function'))
    expect({ code: strange.code, facts: strange.facts }).toEqual({
      code: 'internal',
      facts: { found: 'x is not a function' },
    })
    expect(asFailure('thrown').facts).toEqual({ found: 'unknown' })
    expect(asFailure(system('EIO')).facts).toEqual({ found: 'EIO' })
  })

  it('of a disc: full ones apart from broken ones, each with the path', () => {
    const own = new Failure('ledger-damaged')
    expect(diskFailure(own, '/x')).toBe(own)
    for (const code of ['ENOSPC', 'EDQUOT']) {
      expect(diskFailure(system(code), '/x')).toMatchObject({ code: 'disk-full', facts: { path: '/x' } })
    }
    for (const code of ['EIO', 'EROFS', 'EACCES', 'EISDIR']) {
      expect(diskFailure(system(code), '/x')).toMatchObject({
        code: 'disk-failed',
        facts: { path: '/x', found: code },
      })
    }
  })

  it('names a cause in few words', () => {
    expect(causeOf(new Failure('desk-busy'))).toBe('desk-busy')
    expect(causeOf(new Error('a'.repeat(500)))).toHaveLength(200)
  })
})
