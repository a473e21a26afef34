import { describe, expect, it } from 'vitest'
import { joinSignatureFile, splitSignatureFile } from '../../../main/bundle/signature-lines.ts'
import { limits } from '../../../main/platform/limits.ts'
import { EnvelopeError } from '../../../main/sigstore/envelope.ts'

const lines = (count: number): Buffer => Buffer.from('x\n'.repeat(count))
const refusal = (bytes: Buffer): string => {
  try {
    splitSignatureFile(bytes)
    return 'nothing'
  } catch (error) {
    return error instanceof EnvelopeError ? error.message : 'something else'
  }
}

describe('a signature file', () => {
  it('has 1 to 8 lines, each with its end and nothing behind it', () => {
    expect(splitSignatureFile(Buffer.from('a\nbc\n')).map(String)).toEqual(['a', 'bc'])
    expect(splitSignatureFile(lines(limits.signatureLines))).toHaveLength(limits.signatureLines)
    expect(refusal(lines(limits.signatureLines + 1))).toBe('more than 8 lines')
    for (const text of ['', 'a', 'a\nb'])
      expect(refusal(Buffer.from(text))).toBe('the last line has no line end')
  })

  it('has a size', () => {
    const most = Buffer.alloc(limits.signatureBytes, 'x')
    most[most.length - 1] = 10
    expect(splitSignatureFile(most)).toHaveLength(1)
    expect(refusal(Buffer.concat([most, lines(1)]))).toBe('the signature file is too large')
  })

  it('is in the order prepare, release, witness, whoever signed first', () => {
    const line = (role: 'prepare' | 'release' | 'witness') => ({ role, bytes: Buffer.from(role) })
    const made = joinSignatureFile([line('witness'), line('release'), line('prepare'), line('release')])
    expect(made.toString()).toBe('prepare\nrelease\nrelease\nwitness\n')
  })
})
