import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { limits } from '../../main/platform/limits.ts'
import { Refusal } from '../../main/sigstore/refusal.ts'
import { StatementStream } from '../../main/sigstore/subject.ts'
import { artifact } from '../support/authority/bundle.ts'

/* What a statement may hold that is never in memory as a whole. */

describe('a statement of any size', () => {
  const subject = { name: 'a', digest: { sha256: createHash('sha256').update(artifact).digest('hex') } }
  const head = `{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://example.test/x","predicate":`
  function streamed(...parts: readonly (string | { readonly piece: string; readonly times: number })[]) {
    const stream = new StatementStream()
    for (const part of parts) {
      const [piece, times] = typeof part === 'string' ? [part, 1] : [part.piece, part.times]
      const bytes = Buffer.from(piece)
      for (let i = 0; i < times; i += 1) stream.write(bytes)
    }
    return stream.end()
  }
  const mib = 'x'.repeat(1024 * 1024)
  const codeOf = (found: unknown): string => (found instanceof Refusal ? found.reason.code : 'read')

  it('says whom it is about behind a hundred megabytes too', () => {
    const found = streamed(
      `${head}"`,
      { piece: mib, times: 100 },
      `","subject":[${JSON.stringify(subject)}]}`,
    )
    expect(found).toMatchObject({
      subjects: [subject],
      predicateType: 'https://example.test/x',
      whole: false,
      predicate: null,
    })
  })

  it('is not read where it is about a million things, or calls itself by a megabyte', () => {
    const one = JSON.stringify(subject)
    const found = streamed(
      `${head}{},"subject":[`,
      { piece: `${one},`.repeat(1000), times: 1000 },
      `${one}]}`,
    )
    expect(codeOf(found)).toBe('statement.too-large')
    const several = streamed(
      `${head}{},"subject":[`,
      { piece: `${one},`, times: limits.subjects },
      `${one}]}`,
    )
    expect(codeOf(several)).toBe('statement.form')
    const type = streamed(`{"_type":"`, { piece: mib, times: 5 }, `","subject":[${one}]}`)
    expect(codeOf(type)).toBe('statement.too-large')
    const empty = streamed(`${head}{},"subject":[`, { piece: '[],'.repeat(1000), times: 1300 }, `0]}`)
    expect(codeOf(empty)).toBe('statement.too-large')
  })

  it('is not read where it names a million things in one object, each of which must be there once', () => {
    const names = Array.from({ length: 200_000 }, (_, i) => `"${i}":0,`).join('')
    expect(codeOf(streamed(`${head}{`, names, `"x":0},"subject":[${JSON.stringify(subject)}]}`))).toBe(
      'statement.too-large',
    )
  })
})
