import { describe, expect, it } from 'vitest'
import { reasonWords } from '../../shared/text/reasons.ts'
import { sallyport, type Ended } from '../support/command-line.ts'
import { hasCases, officialCases, privateCases, withOptOuts, type Case } from '../support/conformance.ts'

interface Reasoned {
  readonly reason?: { readonly code: string } | null
  readonly failure?: { readonly code: string }
}

function codeOf(ended: Ended): string | null {
  const said = JSON.parse(ended.stdout) as Reasoned
  return said.reason?.code ?? said.failure?.code ?? null
}

async function check(one: Case): Promise<void> {
  const ended = await sallyport(withOptOuts(one))
  // Whatever happened, it ended as a verdict or as a failure with words: never as a crash.
  expect([0, 1, 3]).toContain(ended.code)
  if (ended.code === 3) expect(Object.keys(reasonWords)).toContain(codeOf(ended))
  if (ended.code === 1) expect(codeOf(ended)).toBe('key-unreadable')
  if (one.cannot !== null)
    expect({ code: ended.code, reason: codeOf(ended) }).toEqual({ code: 3, reason: one.cannot })
  else if (one.expected !== 'either')
    expect({ accepted: ended.code === 0, why: codeOf(ended) }).toMatchObject({
      accepted: one.expected === 'pass',
    })
}

describe.skipIf(!hasCases)('verify-bundle on the conformance cases (needs ../shared/fixtures)', () => {
  it('finds them', () =>
    expect(officialCases('path').length * privateCases('path').length).toBeGreaterThan(0))
  for (const mode of ['path', 'digest'] as const) {
    for (const one of officialCases(mode)) it(`official, by ${mode}: ${one.name}`, () => check(one))
    for (const one of privateCases(mode)) it(`private, by ${mode}: ${one.name}`, () => check(one))
  }

  for (const one of privateCases('path').filter(
    ({ optOuts, expected }) => optOuts.length > 0 && expected === 'pass',
  )) {
    it(`without its opt-outs, ${one.name} is refused`, async () => {
      expect((await sallyport(one.words)).code).toBe(3)
    })
  }
})
