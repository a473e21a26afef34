import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { commands } from '../../../main/command/index.ts'
import { contract } from '../../../shared/contract.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const names = Object.keys(contract.calls)
const nouns = [...new Set(names.map((name) => name.slice(0, name.indexOf('.'))))].sort()

/* A newcomer finds a call, its act and its command by their names. */
describe('the contract', () => {
  it('has a file for each noun, and one of the same name for its acts', () => {
    // What several nouns are made of, and what several acts need.
    const parts = ['call', 'officer']
    const shared = ['early', 'index', 'input', 'make-change', 'prove-key', 'together']
    const filesIn = (...folder: string[]): string[] =>
      readdirSync(join(root, ...folder)).map((name) => name.replace(/\.ts$/, ''))
    expect(filesIn('shared', 'calls').sort()).toEqual([...nouns, ...parts].sort())
    expect(filesIn('main', 'desk', 'acts').sort()).toEqual([...nouns, ...shared].sort())
  })

  it('has a file for each command', () => {
    for (const name of Object.keys(commands)) {
      expect(existsSync(join(root, 'main', 'command', `${name.replaceAll(' ', '-')}.ts`)), name).toBe(true)
    }
  })

  it('never lets an output have a field `ok`, which the answer has beside it', () => {
    for (const [name, { out }] of Object.entries(contract.calls)) {
      const { properties = {} } = z.toJSONSchema(out, { io: 'output', unrepresentable: 'any' })
      expect(Object.keys(properties), name).not.toContain('ok')
    }
  })

  it('gives each long call, and no other, the schema of its result', () => {
    for (const [name, call] of Object.entries(contract.calls)) {
      const starts = 'shape' in call.out && 'job' in call.out.shape
      expect('result' in call, name).toBe(starts)
    }
  })
})
