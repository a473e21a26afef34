import { z } from 'zod'
import { readShape } from '../../sigstore/parse.ts'
import type { Statement } from '../../sigstore/subject.ts'
import { readRawResult, type Finding } from './raw-result.ts'
import { worstOf } from './severity.ts'

/** cosign’s own predicate type: it holds each scanner’s raw output. */
const rawType = 'https://cosign.sigstore.dev/attestation/vuln/v1'

/** The predicate types of vulnerability scans. */
export const scanTypes: readonly string[] = [
  'https://in-toto.io/attestation/vulns',
  'https://in-toto.io/attestation/vulns/v0.1',
  'https://in-toto.io/attestation/vulns/v0.2',
  rawType,
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
  readonly findings: readonly Finding[]
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

const zRaw = z.object({
  scanner: z.object({ uri: zText, result: z.unknown().optional() }),
  metadata: z.object({ scanFinishedOn: zText.nullish() }).nullish(),
})

// How old the scanner’s knowledge was, is not read from what it wrote itself.
function readRaw(predicate: Statement['predicate']): Scan | null {
  const { scanner, metadata } = readShape(predicate, zRaw, 'a vulnerability scan', codes)
  const findings = readRawResult(scanner.result)
  if (findings === null) return null
  return { scanner: scanner.uri, at: metadata?.scanFinishedOn ?? null, database: null, findings }
}

/** @returns `null` for a statement of another kind, or of a scanner that is not read @throws Refusal `statement.form` */
export function readScan({ predicateType, predicate }: Statement): Scan | null {
  if (!scanTypes.includes(predicateType)) return null
  if (predicateType === rawType) return readRaw(predicate)
  const { scanner, metadata } = readShape(predicate, zScan, 'a vulnerability scan', codes)
  return {
    scanner: scanner.uri,
    at: metadata?.scanFinishedOn ?? null,
    database: scanner.db?.lastUpdate ?? null,
    findings: (scanner.result ?? []).map(({ id, severity, annotations }) => ({
      id,
      severity: worstOf((severity ?? []).map(({ score }) => score)),
      parts: partsIn(annotations),
    })),
  }
}
