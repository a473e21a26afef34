import { z } from 'zod'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import { readShape } from '../../sigstore/parse.ts'
import type { Statement } from '../../sigstore/subject.ts'
import { isInside, namesDigest, type VexLine } from './vex-line.ts'

/** CSAF has no predicate type of its own: the address of its schema is taken for one. */
export const csafType = 'https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json'

const zText = z.string().max(8192)
const zHelper = z
  .object({
    purl: zText.nullish(),
    hashes: z
      .array(z.object({ file_hashes: z.array(z.object({ algorithm: zText, value: zText })).max(100) }))
      .max(100)
      .nullish(),
  })
  .nullish()
const zProduct = z.object({ product_id: zText.min(1), product_identification_helper: zHelper })
/** One product in or on another, which together are a third. */
const zRelation = z.object({
  product_reference: zText,
  relates_to_product_reference: zText,
  full_product_name: z.object({ product_id: zText.min(1) }),
})
const zStatus = z.array(zText).max(10_000).nullish()
const zCsaf = z.object({
  document: z.object({
    category: z.literal('csaf_vex'),
    tracking: z.object({ current_release_date: zText.nullish() }).nullish(),
  }),
  product_tree: z
    .object({
      full_product_names: z.array(zProduct).max(10_000).nullish(),
      branches: z.array(z.unknown()).max(10_000).nullish(),
      relationships: z.array(zRelation).max(10_000).nullish(),
    })
    .nullish(),
  vulnerabilities: z
    .array(
      z.object({
        cve: zText.nullish(),
        ids: z
          .array(z.object({ text: zText }))
          .max(100)
          .nullish(),
        product_status: z
          .object({
            known_not_affected: zStatus,
            fixed: zStatus,
            known_affected: zStatus,
            under_investigation: zStatus,
          })
          .nullish(),
        flags: z
          .array(z.object({ label: zText, product_ids: zStatus, group_ids: zStatus }))
          .max(1000)
          .nullish(),
        threats: z
          .array(z.object({ category: zText, product_ids: zStatus, group_ids: zStatus }))
          .max(1000)
          .nullish(),
      }),
    )
    .max(100_000)
    .nullish(),
})
const zBranch = z.object({
  product: zProduct.nullish(),
  branches: z.array(z.unknown()).max(10_000).nullish(),
})

type Product = z.output<typeof zProduct>
type Tree = z.output<typeof zCsaf>['product_tree']

const purlOf = ({ product_identification_helper: helper }: Product): string => helper?.purl ?? ''

// A tree ends where the document does, and that is of a bounded depth.
function branched(branches: readonly unknown[]): Product[] {
  return branches.flatMap((one) => {
    const { product, branches: below } = readShape(one, zBranch, 'a branch of a CSAF product tree', codes)
    return [...(product ? [product] : []), ...branched(below ?? [])]
  })
}

function isSubject({ product_identification_helper: helper }: Product, hex: string): boolean {
  const hashes = (helper?.hashes ?? []).flatMap(({ file_hashes }) => file_hashes)
  return (
    namesDigest(helper?.purl ?? '', hex) ||
    hashes.some(({ algorithm, value }) => algorithm === 'sha256' && value.toLowerCase() === hex)
  )
}

const codes = { shape: 'statement.form', base64: 'statement.form' } as const
type Vulnerability = NonNullable<z.output<typeof zCsaf>['vulnerabilities']>[number]

/** Products that are the subject (`null`) or parts of it, by the package URLs of these. */
type Ours = ReadonlyMap<string, readonly string[] | null>

function linesOf(one: Vulnerability, ours: Ours, at: string | null): VexLine[] {
  const ids = [...(one.cve ? [one.cve] : []), ...(one.ids ?? []).map(({ text }) => text)]
  const reasons = [
    ...(one.flags ?? []),
    ...(one.threats ?? []).filter(({ category }) => category === 'impact'),
  ]
  // Not affected needs a reason (CSAF 2.0, 4.5): a flag, or words about the impact. Who is in a group is not read.
  const why = (id: string): boolean =>
    reasons.some(({ product_ids: about, group_ids: groups }) =>
      (about ?? []).length === 0 ? (groups ?? []).length === 0 : about?.includes(id),
    )
  const lines = (
    status: keyof NonNullable<Vulnerability['product_status']>,
    lowers: (id: string) => boolean,
  ): VexLine[] =>
    (one.product_status?.[status] ?? []).flatMap((id) => {
      const parts = ours.get(id)
      return parts === undefined ? [] : [{ ids, parts, status, lowers: lowers(id), at }]
    })
  return [
    ...lines('known_affected', () => false),
    ...lines('under_investigation', () => false),
    ...lines('known_not_affected', why),
    ...lines('fixed', () => true),
  ]
}

function oursIn(tree: Tree, hex: string): Ours {
  const products = [...(tree?.full_product_names ?? []), ...branched(tree?.branches ?? [])]
  const purls = new Map(products.map((one) => [one.product_id, purlOf(one)]))
  const ours = new Map<string, readonly string[] | null>()
  for (const one of products) {
    const purl = purlOf(one)
    if (isSubject(one, hex)) ours.set(one.product_id, isInside(purl) ? [purl] : null)
  }
  for (const { product_reference: part, relates_to_product_reference: whole, ...to } of tree?.relationships ??
    []) {
    if (ours.has(whole)) ours.set(to.full_product_name.product_id, [purls.get(part) ?? ''])
  }
  return ours
}

/** The lines of a CSAF document of the VEX profile about one subject, by its digest. @throws Refusal `statement.form` */
export function readCsaf(predicate: Statement['predicate'], subject: Digest): VexLine[] {
  const found = readShape(predicate, zCsaf, 'a CSAF document of the VEX profile', codes)
  const ours = oursIn(found.product_tree, hexOf(subject))
  const at = found.document.tracking?.current_release_date ?? null
  return (found.vulnerabilities ?? []).flatMap((one) => linesOf(one, ours, at))
}
