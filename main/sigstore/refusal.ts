import type { Reason, ReasonCode } from '../../shared/reason.ts'

const longest = 300

/**
 * Text from outside, fit to be shown: one line, of at most 300 characters; controls, bidirectional marks and
 * unassigned characters are written as their code points.
 */
export function shown(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text
  return cut.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`)
}

/** Thrown inside the core at the first check that fails; it never leaves it but as a {@link Reason}. */
export class Refusal extends Error {
  readonly reason: Reason
  constructor(code: ReasonCode, expected: string, found: string) {
    super(`${code}: expected ${expected}, found ${shown(found)}`)
    this.name = 'Refusal'
    this.reason = { code, expected: shown(expected), found: shown(found) }
  }
}

/** Only a digest is at hand where the signature needs more. */
export function needsMore(what: string): Refusal {
  return new Refusal(
    'artifact.not-whole',
    `the file itself: this signature needs ${what}`,
    'only another digest',
  )
}
