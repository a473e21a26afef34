import { z } from 'zod'
import type { Digest } from '../../../shared/digest.ts'
import { readShape } from '../../sigstore/parse.ts'
import { Refusal, shown } from '../../sigstore/refusal.ts'
import type { Statement } from '../../sigstore/subject.ts'
import { codes, describes, repeated, texts, type Component, type ReadBill } from './component.ts'

type Element = Readonly<Record<string, unknown>>

const zDocument = z.object({
  '@context': z.unknown().optional(),
  '@graph': z.array(z.record(z.string(), z.unknown().optional())).min(1).max(1_000_000),
})

const word = (value: unknown): string => (typeof value === 'string' ? value : '')
const words = (value: unknown): string[] => [value].flat().flatMap((one) => texts(word(one)))
const clean = (value: unknown): string | null => (typeof value === 'string' ? shown(value) : null)
const typeOf = (one: Element): string => word(one['type'] ?? one['@type'])
const idOf = (one: Element): string => word(one['spdxId'] ?? one['@id'])
const objects = (value: unknown): Element[] =>
  [value].flat().filter((one): one is Element => typeof one === 'object' && one !== null)

const asserted = /^https:\/\/spdx\.org\/rdf\/[^/]+\/terms\/|^(?:NOASSERTION|NONE)$/

/** Licence expressions by the element that has them: they are elements, joined by relationships. */
function licencesOf(graph: readonly Element[]): ReadonlyMap<string, readonly string[]> {
  const expressions = new Map(
    graph.flatMap((one) => {
      const expression = word(one['simplelicensing_licenseExpression'])
      return expression === '' || asserted.test(expression) ? [] : [[idOf(one), expression] as const]
    }),
  )
  const found = new Map<string, string[]>()
  for (const one of graph) {
    if (!/^has(?:Declared|Concluded)License$/.test(word(one['relationshipType']))) continue
    const from = word(one['from'])
    const said = words(one['to']).flatMap((to) => texts(expressions.get(to)))
    found.set(from, [...new Set([...(found.get(from) ?? []), ...said])])
  }
  return found
}

const sha256Of = (one: Element): string[] =>
  objects(one['verifiedUsing']).flatMap(({ algorithm, hashValue }) =>
    algorithm === 'sha256' ? texts(word(hashValue).toLowerCase()) : [],
  )

function asComponent(one: Element, licences: ReadonlyMap<string, readonly string[]>): Component {
  const external = objects(one['externalIdentifier']).filter(
    (other) => other['externalIdentifierType'] === 'packageUrl',
  )
  return {
    name: word(one['name']),
    version: texts(word(one['software_packageVersion']))[0] ?? null,
    purls: [
      ...new Set(
        texts(word(one['software_packageUrl']), ...external.map(({ identifier }) => word(identifier))),
      ),
    ],
    licences: licences.get(idOf(one)) ?? [],
    hashes: sha256Of(one),
    supplier: words(one['suppliedBy'])[0] ?? null,
  }
}

/** An SPDX document of version 3 (JSON-LD), and what in it names the thing that it is about. @throws Refusal `statement.form` */
export function spdx3(predicate: Statement['predicate'], subject: Digest): ReadBill {
  const graph = readShape(predicate, zDocument, 'an SPDX 3 document', codes)['@graph']
  const ofType = (pattern: RegExp): readonly Element[] => graph.filter((one) => pattern.test(typeOf(one)))
  const [info] = ofType(/^CreationInfo$/)
  const [document] = ofType(/^SpdxDocument$/)
  if (info === undefined || document === undefined) {
    throw new Refusal('statement.form', 'an SPDX 3 document with its creation', 'a graph without them')
  }
  const roots = new Set([document['rootElement'] ?? []].flat().map(word))
  const described = graph.filter((one) => roots.has(idOf(one)))
  const packages = ofType(/^software_Package$/)
  const licences = licencesOf(graph)
  const tools = ofType(/^Tool$/).slice(0, 20)
  return {
    view: {
      format: `SPDX ${clean(info['specVersion']) ?? '3'}`,
      name: clean(document['name']),
      created: clean(info['created']),
      tools: tools.flatMap((one) => clean(one['name']) ?? []),
      components: packages.length,
      describes: describes(
        described.map((one) => JSON.stringify(one).slice(0, 65_536)),
        subject,
      ),
    },
    bill: {
      components: packages.map((one) => asComponent(one, licences)),
      own: [],
      files: ofType(/^software_File$/).flatMap(sha256Of),
      unread: 0,
      repeatedIds: repeated(graph.flatMap((one) => texts(idOf(one)))),
      hasAuthor: tools.length > 0 || words(info['createdBy']).length > 0,
      hasRelations: graph.some((one) => /^(?:dependsOn|contains)$/.test(word(one['relationshipType']))),
      created: texts(word(info['created']))[0] ?? null,
    },
  }
}
