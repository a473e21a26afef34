import { z } from 'zod'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import { readShape } from '../../sigstore/parse.ts'
import { Refusal } from '../../sigstore/refusal.ts'
import type { Statement } from '../../sigstore/subject.ts'
import { csafType, readCsaf } from './csaf.ts'
import { isInside, namesDigest, type VexLine } from './vex-line.ts'

const zText = z.string().max(8192)
const zId = z.union([
  zText.transform((name) => ({ name, aliases: [] as string[] })),
  z
    .object({ name: zText.min(1), aliases: z.array(zText).max(100).nullish() })
    .transform(({ name, aliases }) => ({ name, aliases: aliases ?? [] })),
])
/** A part of a product, by whatever names it. */
const zPart = z.union([
  zText.transform((id) => [id]),
  z
    .object({ '@id': zText.nullish(), identifiers: z.record(zText, zText).nullish() })
    .transform((one) => [one['@id'] ?? '', ...Object.values(one.identifiers ?? {})]),
])
const zProduct = z.union([
  zText.transform((id) => ({ ids: [id], hashes: {}, subcomponents: [] })),
  z
    .object({
      '@id': zText.nullish(),
      hashes: z.record(zText, zText).nullish(),
      identifiers: z.record(zText, zText).nullish(),
      subcomponents: z.array(zPart).max(10_000).nullish(),
    })
    .transform((one) => ({
      ids: [one['@id'] ?? '', ...Object.values(one.identifiers ?? {})],
      hashes: one.hashes ?? {},
      subcomponents: one.subcomponents ?? [],
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
        // Where OpenVEX before 0.2 has them.
        subcomponents: z.array(zPart).max(10_000).nullish(),
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

type Product = z.output<typeof zProduct>

// A product by its digest alone: a name without one may be of any build.
function isProduct(one: Product, subject: Digest): boolean {
  const hex = hexOf(subject)
  const stands = Object.entries(one.hashes).some(
    ([name, value]) => /^sha-?256$/i.test(name) && value.toLowerCase() === hex,
  )
  return stands || one.ids.some((id) => namesDigest(id, hex))
}

// Which parts the products name that are ours; one without parts is the whole, if no name of it goes into it.
function partsOf(ours: readonly Product[], also: readonly string[]): readonly string[] | null {
  const each = ours.map(({ ids, subcomponents }) => [...ids.filter(isInside), ...subcomponents.flat()])
  const all = [...also, ...each.flat()]
  return all.length === 0 || (also.length === 0 && each.some((parts) => parts.length === 0)) ? null : all
}

function readOpenVex(predicate: Statement['predicate'], subject: Digest): VexLine[] {
  const found = readShape(predicate, zOpenVex, 'an OpenVEX document', codes)
  return found.statements.flatMap((one) => {
    // None named: it is about what the statement around it is about (OpenVEX, attesting).
    const products = one.products ?? []
    const ours = products.filter((product) => isProduct(product, subject))
    if (products.length > 0 && ours.length === 0) return []
    const why = [one.justification, one.impact_statement].some((text) => text?.trim())
    return [
      {
        ids: [one.vulnerability.name, ...one.vulnerability.aliases],
        parts: partsOf(ours, (one.subcomponents ?? []).flat()),
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
