import { z } from 'zod'
import type { Severity } from '../../../shared/policy-items.ts'
import { readShape } from '../../sigstore/parse.ts'
import { severityOf } from './severity.ts'

/* What cosign’s own predicate holds of a scan: the output of the scanner as it was. Of two scanners it is read. */

/** What a scanner found. */
export interface Finding {
  readonly id: string
  /** `null`: how bad it is, is not said so that it is understood. */
  readonly severity: Severity | null
  /** The components that it is said to be in, by package URL; none: that is not said. */
  readonly parts: readonly string[]
}

const zText = z.string().max(8192)
const zTrivyFinding = z
  .object({
    VulnerabilityID: zText.min(1),
    Severity: zText.nullish(),
    PkgIdentifier: z.object({ PURL: zText.nullish() }).nullish(),
  })
  .transform(({ VulnerabilityID: id, Severity: severity, PkgIdentifier: part }): Finding => ({
    id,
    severity: severityOf(severity),
    parts: part?.PURL ? [part.PURL] : [],
  }))
const zTrivy = z.object({
  Results: z.array(
    z.object({
      Vulnerabilities: z.array(zTrivyFinding).max(1_000_000).nullish(),
      // What the scanner was told to leave out: that is for those to say whom the policy names.
      ExperimentalModifiedFindings: z
        .array(z.object({ Type: z.literal('vulnerability'), Finding: zTrivyFinding }))
        .max(1_000_000)
        .nullish(),
    }),
  ),
})

const zGrypeMatch = z
  .object({
    vulnerability: z.object({ id: zText.min(1), severity: zText.nullish() }),
    artifact: z.object({ purl: zText.nullish() }).nullish(),
  })
  .transform(({ vulnerability: { id, severity }, artifact }): Finding => ({
    id,
    severity: severityOf(severity),
    parts: artifact?.purl ? [artifact.purl] : [],
  }))
const zGrype = z.object({
  matches: z.array(zGrypeMatch).max(1_000_000),
  ignoredMatches: z.array(zGrypeMatch).max(1_000_000).nullish(),
})

const codes = { shape: 'statement.form', base64: 'statement.form' } as const

/**
 * The findings in a scanner’s own output.
 *
 * @returns `null` for the output of a scanner that is not read @throws Refusal `statement.form`
 */
export function readRawResult(result: unknown): readonly Finding[] | null {
  if (typeof result !== 'object' || result === null) return null
  if ('SchemaVersion' in result && result.SchemaVersion === 2 && 'Results' in result) {
    const { Results } = readShape(result, zTrivy, 'a report of Trivy', codes)
    return Results.flatMap(({ Vulnerabilities, ExperimentalModifiedFindings }) => [
      ...(Vulnerabilities ?? []),
      ...(ExperimentalModifiedFindings ?? []).map(({ Finding }) => Finding),
    ])
  }
  if (!('matches' in result && 'descriptor' in result)) return null
  const { matches, ignoredMatches } = readShape(result, zGrype, 'a report of Grype', codes)
  return [...matches, ...(ignoredMatches ?? [])]
}
