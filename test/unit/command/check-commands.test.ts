import { describe, expect, it } from 'vitest'
import { commandsFor } from '../../../main/command/check-commands.ts'
import { commands } from '../../../main/command/index.ts'
import { checkWords } from '../../../shared/text/checks.ts'

describe('the commands for what a check says to do next', () => {
  const all = Object.keys(checkWords).flatMap((id) => commandsFor(id))

  it('are there for the order, the time and the seal', () => {
    expect(commandsFor('order.channel')).toEqual([
      'sallyport stream epoch CHANNEL --to N --desk FOLDER',
      'sallyport stream move CHANNEL --to SENDER --desk FOLDER',
    ])
    expect(commandsFor('desk.founding')).toHaveLength(1)
    expect(commandsFor('content.blob')).toEqual([])
    expect(commandsFor('constructor')).toEqual([])
  })

  it('are commands that there are, with options that they have', () => {
    const called = all.filter((line) => line.includes('sallyport '))
    expect(called.length).toBeGreaterThan(5)
    for (const line of called) {
      const words = line.slice(line.indexOf('sallyport ') + 'sallyport '.length)
      const name = Object.keys(commands).find((one) => words.startsWith(`${one} `))
      expect(name, line).toBeDefined()
      const options = Object.keys(commands[name ?? '']?.options ?? {})
      for (const [, option = ''] of words.matchAll(/--([a-z-]+)/g)) expect(options, line).toContain(option)
    }
  })
})
