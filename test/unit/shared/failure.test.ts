import { describe, expect, it } from 'vitest'
import { commands } from '../../../main/command/index.ts'
import type { FailureCode } from '../../../shared/failure.ts'
import { viewOf } from '../../../shared/text/say-failure.ts'
import { checkWords } from '../../../shared/text/checks.ts'
import { failureWords } from '../../../shared/text/failures.ts'

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

describe('the way to the next step', () => {
  const names = Object.keys(commands)
  const codes = Object.keys(failureWords) as FailureCode[]
  const said = (code: FailureCode, face: 'terminal' | 'window'): string => {
    const { happened, safe, next } = viewOf(code, {}, face)
    return `${happened} ${safe} ${next}`
  }

  it('is named by commands and options in a terminal, by neither in the window', () => {
    expect(said('seal-first', 'terminal')).toContain('(“desk seal”)')
    expect(said('seal-first', 'window')).toContain('(“Seal this desk…”, under People)')
    for (const code of codes) {
      const words = said(code, 'window')
      expect(words, code).not.toMatch(/(^|[\s(“])--[a-z]/)
      for (const name of names) expect(words, code).not.toMatch(new RegExp(`“${name}[ ”]`))
    }
  })

  it('leaves nothing of the two ways behind, and no gap where one of them is empty', () => {
    for (const code of codes) {
      for (const face of ['terminal', 'window'] as const)
        expect(said(code, face), code).not.toMatch(/[[\]|]| {2}| [.,;:]|\( |\(\)/)
    }
  })

  it('is a deed in the words of a check, which are kept with the verdict and printed', () => {
    for (const words of Object.values(checkWords)) {
      const all = JSON.stringify(words)
      for (const name of names) expect(all).not.toMatch(new RegExp(`“${name}[ ”]`))
    }
  })

  it('takes no alternative from what it is about', () => {
    const found = '[rm -rf|click here]'
    expect(viewOf('desk-damaged', { found, expected: 'a desk' }, 'window').happened).toContain(found)
  })
})
