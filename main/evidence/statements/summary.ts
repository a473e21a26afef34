import { z } from 'zod'
import { readShape } from '../../sigstore/parse.ts'
import type { Statement } from '../../sigstore/subject.ts'

/** The predicate type of SLSA’s verification summary; versions below it keep the type. */
export const summaryType = 'https://slsa.dev/verification_summary/v1'

const zText = z.string().max(8192)
const zSummary = z.object({
  verifier: z.object({ id: zText.min(1) }),
  timeVerified: zText.nullish(),
  resourceUri: zText.min(1),
  verificationResult: zText,
  verifiedLevels: z.array(zText).max(1000).nullish(),
})

/** What somebody verified elsewhere (SLSA 1.2, verification summary). */
export interface Summary {
  readonly verifier: string
  readonly resource: string
  readonly result: string
  readonly levels: readonly string[]
  readonly at: string | null
}

const codes = { shape: 'statement.form', base64: 'statement.form' } as const

/** @returns `null` for a statement of another kind @throws Refusal `statement.form` */
export function readSummary({ predicateType, predicate }: Statement): Summary | null {
  if (predicateType !== summaryType) return null
  const found = readShape(predicate, zSummary, 'a SLSA verification summary', codes)
  return {
    verifier: found.verifier.id,
    resource: found.resourceUri,
    result: found.verificationResult,
    levels: found.verifiedLevels ?? [],
    at: found.timeVerified ?? null,
  }
}
