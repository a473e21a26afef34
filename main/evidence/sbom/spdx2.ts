import { z } from 'zod'
import type { Digest } from '../../../shared/digest.ts'
import { readShape } from '../../sigstore/parse.ts'
import { shown } from '../../sigstore/refusal.ts'
import type { Statement } from '../../sigstore/subject.ts'
import { codes, describes, repeated, texts, zText, type Component, type ReadBill } from './component.ts'

const zPackage = z.object({
  SPDXID: zText.nullish(),
  name: zText.nullish(),
  versionInfo: zText.nullish(),
  // Not read is not said: a document whose supplier is odd is still one.
  supplier: zText.nullish().catch(null),
  licenseConcluded: zText.nullish().catch(null),
  licenseDeclared: zText.nullish().catch(null),
  checksums: z.array(z.object({ algorithm: zText, checksumValue: zText })).nullish(),
  externalRefs: z.array(z.object({ referenceLocator: zText.nullish() })).nullish(),
})
type Package = z.output<typeof zPackage>

const zDocument = z.object({
  spdxVersion: zText.regex(/^SPDX-2\./),
  name: zText.nullish(),
  creationInfo: z
    .object({ created: zText.nullish(), creators: z.array(zText).max(1000).nullish() })
    .nullish(),
  documentDescribes: z.array(zText).max(10_000).nullish(),
  packages: z.array(zPackage).max(1_000_000).nullish(),
  files: z
    .array(z.object({ checksums: zPackage.shape.checksums.catch(null) }).catch({ checksums: null }))
    .max(1_000_000)
    .nullish()
    .catch(null),
  relationships: z
    .array(
      z.object({
        spdxElementId: zText.nullish(),
        relatedSpdxElement: zText.nullish(),
        relationshipType: zText.nullish(),
      }),
    )
    .max(1_000_000)
    .nullish(),
})

// What is not known is said in words of SPDX, which are no value.
const stated = (value: string | null | undefined): string[] =>
  texts(value).filter((one) => one !== 'NOASSERTION' && one !== 'NONE')

const sha256Of = ({ checksums }: Pick<Package, 'checksums'>): string[] =>
  (checksums ?? [])
    .filter(({ algorithm }) => algorithm === 'SHA256')
    .map(({ checksumValue }) => checksumValue.toLowerCase())

// What somebody concluded stands above what the maker declared; where both are there, both count.
const asComponent = (one: Package): Component => ({
  name: one.name ?? '',
  version: stated(one.versionInfo)[0] ?? null,
  // However a tool calls this kind of reference.
  purls: (one.externalRefs ?? []).flatMap(({ referenceLocator }) =>
    texts(referenceLocator).filter((text) => /^pkg:/i.test(text)),
  ),
  licences: [...new Set([...stated(one.licenseConcluded), ...stated(one.licenseDeclared)])],
  hashes: sha256Of(one),
  supplier: stated(one.supplier)[0] ?? null,
})

const namesOf = (one: Package): string[] => [
  one.name ?? '',
  one.versionInfo ?? '',
  ...sha256Of(one),
  ...(one.externalRefs ?? []).map((ref) => ref.referenceLocator ?? ''),
]

/** An SPDX document of version 2 (JSON), and what in it names the thing that it is about. @throws Refusal `statement.form` */
export function spdx2(predicate: Statement['predicate'], subject: Digest): ReadBill {
  const found = readShape(predicate, zDocument, 'an SPDX 2 document', codes)
  const packages = found.packages ?? []
  const relationships = found.relationships ?? []
  const roots = new Set([
    ...(found.documentDescribes ?? []),
    ...relationships
      .filter((one) => one.relationshipType === 'DESCRIBES' && one.spdxElementId === 'SPDXRef-DOCUMENT')
      .map((one) => one.relatedSpdxElement ?? ''),
  ])
  const named = packages.filter((one) => roots.has(one.SPDXID ?? '')).flatMap(namesOf)
  const creators = found.creationInfo?.creators ?? []
  const created = found.creationInfo?.created ?? null
  return {
    view: {
      format: shown(found.spdxVersion.replace('-', ' ')),
      name: found.name ? shown(found.name) : null,
      created: created ? shown(created) : null,
      tools: creators
        .slice(0, 20)
        .filter((one) => one.startsWith('Tool: '))
        .map((one) => shown(one.slice(6))),
      components: packages.length,
      describes: describes(named, subject),
    },
    bill: {
      components: packages.map(asComponent),
      own: [],
      files: (found.files ?? []).flatMap(sha256Of),
      unread: 0,
      repeatedIds: repeated(packages.flatMap(({ SPDXID }) => texts(SPDXID))),
      hasAuthor: creators.length > 0,
      hasRelations: relationships.some((one) => one.relationshipType !== 'DESCRIBES'),
      created,
    },
  }
}
