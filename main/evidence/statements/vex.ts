import { z } from 'zod'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import { readShape } from '../../sigstore/parse.ts'
import { Refusal } from '../../sigstore/refusal.ts'
import type { Statement } from '../../sigstore/subject.ts'
import { csafType, readCsaf } from './csaf.ts'
import type { VexLine } from './vex-line.ts'

const zText = z.string().max(8192)
const zId = z.union([
  zText.transform((name) => ({ name, aliases: [] as string[] })),
  z
    .object({ name: zText.min(1), aliases: z.array(zText).max(100).nullish() })
    .transform(({ name, aliases }) => ({ name, aliases: aliases ?? [] })),
])
const zProduct = z.union([
  zText.transform((id) => ({ id, hashes: {} })),
  z
    .object({
      '@id': zText.nullish(),
      hashes: z.record(zText, zText).nullish(),
      identifiers: z.record(zText, zText).nullish(),
    })
    .transform((one) => ({
      id: [one['@id'] ?? '', ...Object.values(one.identifiers ?? {})].join(' '),
      hashes: one.hashes ?? {},
    })),
])
const zOpenVex = z.object({
  '@context': zText.regex(/^https:\/\/openvex\.dev\/ns(?:\/v[0-9.]+)?$/),
  author: zText.min(1),
  timestamp: zText.nullish(),
  statements: z
    .array(
      z.object({
        vulnerability: zId,
        products: z.array(zProduct).max(10_000).nullish(),
        status: zText,
        justification: zText.nullish(),
        impact_statement: zText.nullish(),
        timestamp: zText.nullish(),
      }),
    )
    .max(100_000),
})

/** The predicate types that state whether something is affected. */
export const isVexType = (type: string): boolean =>
  /^https:\/\/openvex\.dev\/ns(?:\/v[0-9.]+)?$/.test(type) || type === csafType

// A product by its digest alone: a name without one may be of any build.
function isProduct(one: z.output<typeof zProduct>, subject: Digest): boolean {
  const hex = hexOf(subject)
  const named = one.id.toLowerCase().replaceAll('%3a', ':')
  const stands = Object.entries(one.hashes).some(
    ([name, value]) => /^sha-?256$/i.test(name) && value.toLowerCase() === hex,
  )
  return stands || new RegExp(`sha256:${hex}(?![0-9a-f])`).test(named)
}

function readOpenVex(predicate: Statement['predicate'], subject: Digest): VexLine[] {
  const found = readShape(predicate, zOpenVex, 'an OpenVEX document', codes)
  return found.statements.flatMap((one) => {
    // None named: it is about what the statement around it is about (OpenVEX, attesting).
    const products = one.products ?? []
    if (products.length > 0 && !products.some((product) => isProduct(product, subject))) return []
    const why = [one.justification, one.impact_statement].some((text) => text?.trim())
    return [
      {
        ids: [one.vulnerability.name, ...one.vulnerability.aliases],
        status: one.status,
        lowers: one.status === 'fixed' || (one.status === 'not_affected' && why),
        at: one.timestamp ?? found.timestamp ?? null,
      },
    ]
  })
}

const codes = { shape: 'statement.form', base64: 'statement.form' } as const

/**
 * What a statement says of whether its subject is affected.
 *
 * @returns `null` for a statement of another kind
 * @throws Refusal `statement.form`
 */
export function readVex({ predicateType, predicate }: Statement, subject: Digest): readonly VexLine[] | null {
  if (!isVexType(predicateType)) return null
  if (predicateType === csafType) return readCsaf(predicate, subject)
  if (typeof predicate !== 'object' || predicate === null)
    throw new Refusal('statement.form', 'an OpenVEX document', 'something else')
  return readOpenVex(predicate, subject)
}
