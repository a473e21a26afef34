import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { groups, meant } from '../../../main/command/help.ts'
import { commands } from '../../../main/command/index.ts'
import { version } from '../../../main/platform/version.ts'
import { printed, sallyport } from '../../support/command-line.ts'

describe('help', () => {
  it('names every command once, by the journey, with what it is for', async () => {
    const named = groups.flatMap(([, names]) => names)
    expect([...named].sort()).toEqual(Object.keys(commands).sort())
    const text = await printed(['--help'])
    for (const [name, { about }] of Object.entries(commands))
      expect(text).toMatch(new RegExp(`^  ${name} +${about.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`, 'm'))
    expect(await printed(['help'])).toBe(text)
    expect(await printed(['-h'])).toBe(text)
  })

  it('says how one command is called, in three ways', async () => {
    const [one, two, three] = await Promise.all([
      printed(['help', 'verify']),
      printed(['verify', '--help']),
      printed(['verify', '-h']),
    ])
    expect(one).toContain('sallyport verify PATH... --desk FOLDER')
    expect([two, three]).toEqual([one, one])
  })

  it('tells the version', async () => {
    expect(await printed(['--version'])).toBe(`sallyport ${version}\n`)
    expect((await sallyport(['version'])).json['version']).toBe(version)
  })
})

describe('a slip', () => {
  it.each([
    ['colect', ['collect']],
    ['verfiy m', ['verify']],
    ['consignment shwo x', ['consignment show']],
    ['trust roots add', ['trust root add']],
    ['ledger', ['ledger verify']],
    ['xyzzy', []],
    ['', []],
    ['constructor', []],
    ['a'.repeat(5000), []],
  ])('%s: perhaps %j', async (typed, names) => {
    expect(meant(typed.split(' '))).toEqual(names)
    const ended = await sallyport(typed.split(' ').filter((word) => word !== ''))
    expect(ended.code).toBe(2)
    for (const name of names) expect(ended.json.failure.happened).toContain(`“${name}”`)
  })

  it('offers what begins with a word that is no command by itself', () => {
    expect(meant(['change'])).toEqual(['change list', 'change show', 'change sign', 'change withdraw'])
  })
})

describe('completion', () => {
  const answers = (script: string, ...words: string[]): string[] => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-completion-'))
    try {
      writeFileSync(join(folder, 'script'), script)
      const asked = `source "${join(folder, 'script')}"; COMP_WORDS=(sallyport "$@"); COMP_CWORD=$#; _sallyport; printf '%s\\n' "\${COMPREPLY[@]}"`
      const text = execFileSync('bash', ['-c', asked, 'bash', ...words], { encoding: 'utf8', cwd: folder })
      return text.split('\n').filter((line) => line !== '')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  it('in bash goes from word to word and to the options of the command', async () => {
    const script = await printed(['completion', '--shell', 'bash'])
    expect(answers(script, 'tru')).toEqual(['trust'])
    expect(answers(script, 'trust', 'root', '')).toEqual(['show', 'add'])
    expect(answers(script, 'export', 'some-id', '--sp')).toEqual(['--sparse'])
    expect(answers(script, 'verify', 'scr')).toEqual(['script'])
  })

  it.each(['zsh', 'fish', 'powershell'])('in %s names every command', async (shell) => {
    const script = await printed(['completion', '--shell', shell])
    for (const name of Object.keys(commands))
      for (const word of name.split(' ')) expect(script).toMatch(new RegExp(`\\b${word}\\b`))
    expect((await sallyport(['completion', '--shell', 'cmd'])).code).toBe(2)
  })
})
