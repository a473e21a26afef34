import { z } from 'zod'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import { readShape } from '../../sigstore/parse.ts'
import type { Statement } from '../../sigstore/subject.ts'
import type { VexLine } from './vex-line.ts'

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
          .array(z.object({ label: zText, product_ids: zStatus }))
          .max(1000)
          .nullish(),
        threats: z
          .array(z.object({ category: zText, product_ids: zStatus }))
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

// A tree ends where the document does, and that is of a bounded depth.
function branched(branches: readonly unknown[]): Product[] {
  return branches.flatMap((one) => {
    const { product, branches: below } = readShape(one, zBranch, 'a branch of a CSAF product tree', codes)
    return [...(product ? [product] : []), ...branched(below ?? [])]
  })
}

function isSubject({ product_identification_helper: helper }: Product, hex: string): boolean {
  const hashes = (helper?.hashes ?? []).flatMap(({ file_hashes }) => file_hashes)
  const named = (helper?.purl ?? '').toLowerCase().replaceAll('%3a', ':')
  return (
    new RegExp(`sha256:${hex}(?![0-9a-f])`).test(named) ||
    hashes.some(({ algorithm, value }) => algorithm === 'sha256' && value.toLowerCase() === hex)
  )
}

const codes = { shape: 'statement.form', base64: 'statement.form' } as const
type Vulnerability = NonNullable<z.output<typeof zCsaf>['vulnerabilities']>[number]

// Not affected needs a reason (CSAF 2.0, 4.5): a flag, or words about the impact.
function linesOf(one: Vulnerability, ours: ReadonlySet<string>, at: string | null): VexLine[] {
  const has = (list: readonly string[] | null | undefined): boolean => (list ?? []).some((id) => ours.has(id))
  const ids = [...(one.cve ? [one.cve] : []), ...(one.ids ?? []).map(({ text }) => text)]
  const reasons = [
    ...(one.flags ?? []),
    ...(one.threats ?? []).filter(({ category }) => category === 'impact'),
  ]
  const why = reasons.some(({ product_ids: about }) => (about ?? []).length === 0 || has(about))
  const status = one.product_status
  const line = (word: string, lowers: boolean): VexLine => ({ ids, status: word, lowers, at })
  return [
    ...(has(status?.known_affected) ? [line('known_affected', false)] : []),
    ...(has(status?.under_investigation) ? [line('under_investigation', false)] : []),
    ...(has(status?.known_not_affected) ? [line('known_not_affected', why)] : []),
    ...(has(status?.fixed) ? [line('fixed', true)] : []),
  ]
}

/** The lines of a CSAF document of the VEX profile about one subject, by its digest. @throws Refusal `statement.form` */
export function readCsaf(predicate: Statement['predicate'], subject: Digest): VexLine[] {
  const found = readShape(predicate, zCsaf, 'a CSAF document of the VEX profile', codes)
  const tree = found.product_tree
  const products = [...(tree?.full_product_names ?? []), ...branched(tree?.branches ?? [])]
  const ours = new Set(
    products.filter((one) => isSubject(one, hexOf(subject))).map(({ product_id }) => product_id),
  )
  const at = found.document.tracking?.current_release_date ?? null
  return (found.vulnerabilities ?? []).flatMap((one) => linesOf(one, ours, at))
}
