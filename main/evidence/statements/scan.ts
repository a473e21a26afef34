import { z } from 'zod'
import { severities, type Severity } from '../../../shared/policy-items.ts'
import { readShape } from '../../sigstore/parse.ts'
import type { Statement } from '../../sigstore/subject.ts'

/** The predicate types of vulnerability scans whose findings have one form. cosign’s own holds each scanner’s raw output. */
export const scanTypes: readonly string[] = [
  'https://in-toto.io/attestation/vulns',
  'https://in-toto.io/attestation/vulns/v0.1',
  'https://in-toto.io/attestation/vulns/v0.2',
]

const zText = z.string().max(8192)
const zSeverity = z.object({ method: zText.nullish(), score: z.union([zText, z.number()]).nullish() })
const zScan = z.object({
  scanner: z.object({
    uri: zText,
    db: z.object({ uri: zText.nullish(), lastUpdate: zText.nullish() }).nullish(),
    result: z
      .array(
        z.object({
          id: zText.min(1),
          severity: z.array(zSeverity).max(100).nullish(),
          annotations: z.unknown().optional(),
        }),
      )
      .max(1_000_000)
      .nullish(),
  }),
  metadata: z.object({ scanFinishedOn: zText.nullish() }).nullish(),
})

/** What one scanner found in one thing. */
export interface Scan {
  readonly scanner: string
  readonly at: string | null
  /** How old its knowledge was. */
  readonly database: string | null
  /** `null`: how bad it is, is not said so that it is understood. */
  readonly findings: readonly {
    readonly id: string
    readonly severity: Severity | null
    /** The components that it is said to be in, by package URL; none: that is not said. */
    readonly parts: readonly string[]
  }[]
}

// CVSS 3.1, 5: the ratings by score.
const rating = (score: number): Severity | null => {
  if (!(score >= 0 && score <= 10)) return null
  if (score === 0) return 'none'
  if (score < 4) return 'low'
  if (score < 7) return 'medium'
  return score < 9 ? 'high' : 'critical'
}

function severityOf({ score }: z.output<typeof zSeverity>): Severity | null {
  if (score === null || score === undefined) return null
  const text = String(score).trim().toLowerCase()
  if (/^\d+(?:\.\d+)?$/.test(text)) return rating(Number(text))
  return severities.find((one) => one === text) ?? (text === 'moderate' ? 'medium' : null)
}

// Where methods disagree the worst counts; where one is not understood nobody knows how bad it is, unless it is the worst already.
function worstOf(stated: readonly z.output<typeof zSeverity>[]): Severity | null {
  const found = stated.map(severityOf)
  if (found.includes('critical')) return 'critical'
  if (found.length === 0 || found.includes(null)) return null
  return [...severities].reverse().find((one) => found.includes(one)) ?? null
}

// A list of maps whose keys each scanner chooses: what is a package URL there says where the finding is.
function partsIn(annotations: unknown): string[] {
  const maps = Array.isArray(annotations) ? (annotations as unknown[]) : [annotations]
  const values = maps.flatMap((one) =>
    typeof one === 'object' && one !== null ? (Object.values(one) as unknown[]) : [],
  )
  return values.filter((one): one is string => typeof one === 'string' && one.startsWith('pkg:'))
}

const codes = { shape: 'statement.form', base64: 'statement.form' } as const

/** @returns `null` for a statement of another kind @throws Refusal `statement.form` */
export function readScan({ predicateType, predicate }: Statement): Scan | null {
  if (!scanTypes.includes(predicateType)) return null
  const { scanner, metadata } = readShape(predicate, zScan, 'a vulnerability scan', codes)
  return {
    scanner: scanner.uri,
    at: metadata?.scanFinishedOn ?? null,
    database: scanner.db?.lastUpdate ?? null,
    findings: (scanner.result ?? []).map(({ id, severity, annotations }) => ({
      id,
      severity: worstOf(severity ?? []),
      parts: partsIn(annotations),
    })),
  }
}
