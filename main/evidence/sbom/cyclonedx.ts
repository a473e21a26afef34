import { z } from 'zod'
import type { Digest } from '../../../shared/digest.ts'
import { readShape } from '../../sigstore/parse.ts'
import { shown } from '../../sigstore/refusal.ts'
import type { Statement } from '../../sigstore/subject.ts'
import { codes, describes, repeated, texts, zText, type Component, type ReadBill } from './component.ts'

const zHashes = z
  .array(z.object({ alg: zText, content: zText }))
  .max(100)
  .nullish()
const zLicence = z.object({
  expression: zText.nullish(),
  license: z.object({ id: zText.nullish(), name: zText.nullish() }).nullish(),
})
const zRoot = z.object({
  name: zText.nullish(),
  purl: zText.nullish(),
  version: zText.nullish(),
  hashes: zHashes,
})
const zParty = z.object({ name: zText.nullish() }).nullish()
const zComponent = zRoot.extend({
  'bom-ref': zText.nullish(),
  licenses: z.array(zLicence).max(1000).nullish(),
  supplier: zParty,
  publisher: zText.nullish(),
  manufacturer: zParty,
  components: z.array(z.unknown()).max(1_000_000).nullish(),
})
type Listed = z.output<typeof zComponent>

const zDocument = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: zText,
  metadata: z
    .object({
      timestamp: zText.nullish(),
      component: zRoot
        .extend({
          'bom-ref': zText.nullish(),
          components: z.array(z.unknown()).nullish().catch(null),
          licenses: z.array(zLicence).max(1000).nullish().catch(null),
        })
        .nullish(),
      tools: z.unknown().optional(),
      authors: z.array(z.unknown()).nullish(),
      supplier: z.unknown().optional(),
      manufacturer: z.unknown().optional(),
    })
    .nullish(),
  components: z.array(z.unknown().optional()).max(1_000_000).nullish(),
  dependencies: z.array(z.unknown()).nullish(),
})

function toolNames(tools: unknown): string[] {
  const nested =
    typeof tools === 'object' && tools !== null && 'components' in tools ? tools.components : tools
  if (!Array.isArray(nested)) return []
  return nested.slice(0, 20).flatMap((tool: unknown) => {
    const name = typeof tool === 'object' && tool !== null && 'name' in tool ? tool.name : null
    return typeof name === 'string' ? [shown(name)] : []
  })
}

const sha256Of = (hashes: z.output<typeof zHashes>): string[] =>
  (hashes ?? []).filter(({ alg }) => alg === 'SHA-256').map(({ content }) => content.toLowerCase())

const asComponent = (one: Omit<Listed, 'components'>): Component => ({
  name: one.name ?? '',
  version: one.version ?? null,
  purls: texts(one.purl),
  licences: (one.licenses ?? []).flatMap(({ expression, license }) =>
    texts(expression ?? license?.id ?? license?.name),
  ),
  hashes: sha256Of(one.hashes),
  supplier: texts(one.supplier?.name, one.manufacturer?.name, one.publisher)[0] ?? null,
})

interface Listing {
  readonly read: Listed[]
  unread: number
}

// Components lie within components. What is nested stands in one document, so it ends; its depth is that of the document.
function list(components: readonly unknown[], into: Listing): Listing {
  for (const one of components) {
    const { data } = zComponent.safeParse(one)
    if (data === undefined) into.unread += 1
    else {
      into.read.push(data)
      list(data.components ?? [], into)
    }
  }
  return into
}

/** A CycloneDX document (1.0 to 1.6, JSON), and what in it names the thing that it is about. @throws Refusal `statement.form` */
export function cycloneDx(predicate: Statement['predicate'], subject: Digest): ReadBill {
  const found = readShape(predicate, zDocument, 'a CycloneDX document', codes)
  const { metadata } = found
  const root = metadata?.component
  // The thing itself may hold components, too.
  const inside = list(root?.components ?? [], { read: [], unread: 0 })
  const { read: components, unread } = list(found.components ?? [], inside)
  const tools = toolNames(metadata?.tools)
  const created = metadata?.timestamp ?? null
  const named = [...sha256Of(root?.hashes), root?.purl ?? '', root?.version ?? '', root?.name ?? '']
  const parties = [...(metadata?.authors ?? []), metadata?.supplier, metadata?.manufacturer]
  return {
    view: {
      format: `CycloneDX ${shown(found.specVersion)}`,
      name: root?.name ? shown(root.name) : null,
      created: created ? shown(created) : null,
      tools,
      components: components.length + unread,
      describes: describes(named, subject),
    },
    bill: {
      components: components.map(asComponent),
      own: root ? [asComponent(root)] : [],
      files: [],
      unread,
      repeatedIds: repeated([root, ...components].flatMap((one) => texts(one?.['bom-ref']))),
      hasAuthor: tools.length > 0 || parties.some((one) => one !== undefined && one !== null),
      hasRelations: (found.dependencies ?? []).length > 0,
      created,
    },
  }
}
