import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkWords } from '../../../shared/text/checks.ts'
import { failureWords } from '../../../shared/text/failures.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const sources = ['main', 'shared']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.endsWith('text'))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
const all = sources.join('\n')

describe('words', () => {
  for (const [code, { happened, safe, next }] of Object.entries(failureWords)) {
    it(`failure ${code}: thrown somewhere, said in three whole sentences`, () => {
      expect(all).toContain(`'${code}'`)
      for (const text of [happened, safe, next]) expect(text).toMatch(/^[A-Z“{].*[.!?]$/su)
    })
  }

  it('every fact that the words name is given by some thrower', () => {
    const missing: string[] = []
    for (const [code, words] of Object.entries(failureWords)) {
      const names = new Set(
        [...`${words.happened} ${words.safe} ${words.next}`.matchAll(/\{(\w+)\}/g)].map((hit) => hit[1]),
      )
      const throws = [...all.matchAll(new RegExp(`'${code}'[\\s\\S]{0,400}`, 'g'))].map((hit) => hit[0])
      for (const name of names) {
        const given = throws.some((text) =>
          new RegExp(`\\b${name ?? ''}\\b|\\.\\.\\.(error\\.)?facts`).test(text),
        )
        if (!given) missing.push(`${code}: {${name ?? ''}}`)
      }
    }
    expect(missing).toEqual([])
  })

  for (const [id, words] of Object.entries(checkWords)) {
    it(`check ${id}: made somewhere, with all its words`, () => {
      expect(all).toContain(`'${id}'`)
      for (const text of [words.pass, words.fail, words.next]) expect(text).toMatch(/[.!?]$/)
      expect(words.title).not.toMatch(/\.$/)
    })
  }
})
