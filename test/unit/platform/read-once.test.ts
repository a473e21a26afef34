import { describe, expect, it } from 'vitest'
import { readOnce } from '../../../main/platform/read-once.ts'

function counted(most: number) {
  const reads: string[] = []
  const read = readOnce((text) => {
    reads.push(text)
    if (text === 'bad') throw new Error('bad')
    return { text }
  }, most)
  return { read, reads }
}

describe('reading once', () => {
  it('gives everybody the same, and reads an equal text no second time', () => {
    const { read, reads } = counted(2)
    const first = read('abc')
    expect(read(['a', 'bc'].join(''))).toBe(first)
    expect(read('abd')).toEqual({ text: 'abd' })
    expect(reads).toEqual(['abc', 'abd'])
  })

  it('keeps what was asked for last, and no more than it may', () => {
    const { read, reads } = counted(2)
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) read(text)
    expect(reads).toEqual(['a', 'b', 'c', 'b'])
  })

  it('keeps no failure', () => {
    const { read, reads } = counted(2)
    expect(() => read('bad')).toThrow('bad')
    expect(() => read('bad')).toThrow('bad')
    expect(reads).toEqual(['bad', 'bad'])
  })
})
