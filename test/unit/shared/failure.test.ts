import { describe, expect, it } from 'vitest'
import { viewOf } from '../../../shared/failure.ts'

describe('the words of a failure', () => {
  it('give bytes a unit, and leave the facts as they are', () => {
    const facts = { path: 'STICK', expected: 1_004_314_112, found: 2_097_152 }
    const view = viewOf('disk-full', facts)
    expect(view.happened).toContain('1.0 GB are needed, 2.1 MB are free at STICK')
    expect(view.facts).toEqual(facts)
  })

  it('keep a word where a number of bytes is not known', () => {
    expect(viewOf('disk-full', { path: 'STICK', expected: 'more', found: 0 }).happened).toContain(
      'more bytes are needed, 0 bytes are free',
    )
  })

  it('say what the system’s own words mean, and a fact that is missing by a dash', () => {
    expect(viewOf('file-unreadable', { path: 'a.key', found: 'EACCES' }).happened).toBe(
      'The file a.key could not be read: this account may not (EACCES).',
    )
    expect(viewOf('file-unreadable', { path: 'a.key' }).happened).toContain('could not be read: –.')
    expect(viewOf('file-unreadable', { path: 'constructor', found: 'constructor' }).happened).toContain(
      'could not be read: constructor.',
    )
  })
})
